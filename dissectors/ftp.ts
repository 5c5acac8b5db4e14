import { header, text } from '../src/bytes/field.ts';
import { protocol } from '../src/dissect/protocol.ts';
import { addressIn, senderOf } from './flow-ends.ts';
import { eachLine, visitDialogLine } from './text-dialog.ts';
import { digits, lineEnd, wordAt } from './text-lines.ts';
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

const MAX_LINE = 120;
/** Where somebody says that it waits for the data connection (RFC 959 section 4.1.2, RFC 2428). Without an address it is the sender's. */
function dataEnd(line: string): { readonly address?: Uint8Array | undefined; readonly port: number } | undefined {
  const six = /^(?:PORT |227 [^(\d]*\(?)(\d+),(\d+),(\d+),(\d+),(\d+),(\d+)/i.exec(line)?.slice(1).map(Number);
  if (six !== undefined) return { address: addressIn(six.slice(0, 4).join('.')), port: six[4]! * 256 + six[5]! };
  const extended = /^(?:EPRT |229 [^(]*\()(.)\d?\1([^|]*)\1(\d+)\1/i.exec(line);
  return extended === null ? undefined : { address: addressIn(extended[2]!), port: Number(extended[3]) };
}
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
  expects(frame, d, expect) {
    const from = frame.from[d]!;
    const line = wordAt(frame.bytes, from, Math.min(lineEnd(frame.bytes, from, frame.limit(d)), from + MAX_LINE));
    const announced = dataEnd(line);
    const address = announced?.address ?? senderOf(frame, d)?.address;
    if (announced !== undefined && address !== undefined) expect('ftp-data', 'tcp', address, announced.port);
  },
  line(w, frame, d) {
    w.str(': ');
    messageText(w, 'ftp', frame.from[d]!, frame.claim[d]! - frame.from[d]!);
  },
});
