import { header, text } from '../src/bytes/field.ts';
import { protocol } from '../src/dissect/protocol.ts';
import { eachLine, visitDialogLine } from './text-dialog.ts';
import { digits } from './text-lines.ts';
import { messageText } from './text-message.ts';
import { startsTls } from './tls/start.ts';

const ftp = header(
  'ftp',
  {},
  {
    request: text('Request'),
    'request.command': text('Command'),
    'request.arg': text('Argument'),
    response: text('Response'),
    'response.code': digits('Reply code'),
    'response.arg': text('Reply'),
  },
);
const FIELDS = {
  request: ftp.request,
  command: ftp['request.command'],
  argument: ftp['request.arg'],
  response: ftp.response,
  code: ftp['response.code'],
  text: ftp['response.arg'],
};
const isCommand = (word: string): boolean => /^[A-Z]{3,4}$/.test(word);

/** File Transfer Protocol: the connection that carries its commands. */
export const fileTransfer = protocol(ftp, {
  title: 'File Transfer Protocol',
  source: 'RFC 959',
  on: { 'tcp.port': 21 },
  ...startsTls((frame, d, visit) => {
    const { bytes } = frame;
    const end = frame.limit(d);
    // The lines between the first and the last of a long reply have no number.
    eachLine(bytes, frame.from[d]!, end, (at, to) => {
      if (!visitDialogLine(FIELDS, isCommand, bytes, at, to, end, visit) && to > at) visit(ftp['response.arg'], at, to);
      return true;
    });
  }),
  line(w, frame, d) {
    w.str(': ');
    messageText(w, 'ftp', frame.from[d]!, frame.claim[d]! - frame.from[d]!);
  },
});
