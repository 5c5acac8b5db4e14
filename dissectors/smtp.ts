import { header, text } from '../src/bytes/field.ts';
import { protocol } from '../src/dissect/protocol.ts';
import { eachLine, visitDialogLine } from './text-dialog.ts';
import { digits } from './text-lines.ts';
import { messageText, usesPort } from './text-message.ts';
import { startsTls } from './tls/start.ts';

const smtp = header(
  'smtp',
  {},
  {
    req: text('Request'),
    'req.command': text('Command'),
    'req.parameter': text('Parameter'),
    rsp: text('Response'),
    'response.code': digits('Reply code'),
    'rsp.parameter': text('Reply'),
    message: text('Message'),
  },
);
const FIELDS = {
  request: smtp.req,
  command: smtp['req.command'],
  argument: smtp['req.parameter'],
  response: smtp.rsp,
  code: smtp['response.code'],
  text: smtp['rsp.parameter'],
};
/** RFC 5321 section 4.1, and extensions. Without them a line is taken for the text of a mail. */
const COMMANDS: ReadonlySet<string> = new Set(
  'HELO EHLO MAIL RCPT DATA BDAT RSET VRFY EXPN HELP NOOP QUIT AUTH STARTTLS ETRN TURN SEND SOML SAML XCLIENT'.split(
    ' ',
  ),
);

/** Simple Mail Transfer Protocol. */
export const mailTransfer = protocol(smtp, {
  title: 'Simple Mail Transfer Protocol',
  source: 'RFC 5321',
  on: { 'tcp.port': [25, 587] },
  ...startsTls((frame, d, visit) => {
    const { bytes } = frame;
    const end = frame.limit(d);
    const isCommand = (word: string) => COMMANDS.has(word);
    const rest = eachLine(bytes, frame.from[d]!, end, (at, to) =>
      visitDialogLine(FIELDS, isCommand, bytes, at, to, end, visit),
    );
    if (rest < end) visit(smtp.message, rest, end);
  }),
  line(w, frame, d) {
    if (!usesPort(frame, d, [25])) return;
    w.str(': ');
    messageText(w, 'smtp', frame.from[d]!, frame.claim[d]! - frame.from[d]!);
  },
});
