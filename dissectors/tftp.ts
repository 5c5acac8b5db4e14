import { header, bytes as raw, text, u16 } from '../src/bytes/field.ts';
import { read8 } from '../src/bytes/kind.ts';
import { NONE, protocol } from '../src/dissect/protocol.ts';
import { senderOf } from './flow-ends.ts';
import { ACK, DATA, ERROR, OACK, READ, tftpText, WRITE } from './tftp/text.ts';

const OPCODES = {
  [READ]: 'Read request',
  [WRITE]: 'Write request',
  [DATA]: 'Data',
  [ACK]: 'Acknowledgment',
  [ERROR]: 'Error',
  [OACK]: 'Option acknowledgment',
};
const ERRORS = {
  0: 'Not defined',
  1: 'File not found',
  2: 'Access violation',
  3: 'Disk full',
  4: 'Illegal operation',
  5: 'Unknown transfer ID',
  6: 'File already exists',
  7: 'No such user',
  8: 'Options refused',
};
const head = header(
  'tftp',
  { opcode: u16('Message', { names: OPCODES }) },
  {
    source_file: text('File to read'),
    destination_file: text('File to write'),
    type: text('Mode'),
    'option.name': text('Option'),
    'option.value': text('Value'),
    block: u16('Block'),
    data: raw('Data'),
    'error.code': u16('Error', { names: ERRORS }),
    'error.message': text('Error message'),
  },
);

const BLOCK_SIZE = 2;

/** Trivial File Transfer Protocol. Only requests go to the port; the rest goes on between two others. */
export const trivialTransfer = protocol(head, {
  title: 'Trivial File Transfer Protocol',
  source: 'RFC 1350, RFC 2347',
  on: { 'udp.port': 69 },
  fromFlow: 'lasting',
  // What is in the file is for others to say.
  step: (frame, bytes, at, end) =>
    head.opcode.read(bytes, at) === DATA ? frame.passOn(NONE, at + head.$size + BLOCK_SIZE, end) : NONE,
  expects(frame, d, expect) {
    const opcode = head.opcode.read(frame.bytes, frame.from[d]!);
    if (opcode !== READ && opcode !== WRITE) return;
    // The server answers from a port of its own choice.
    const client = senderOf(frame, d);
    if (client !== undefined) expect('tftp', 'udp', client.address, client.port);
  },
  expand(frame, d, visit) {
    const { bytes } = frame;
    const opcode = head.opcode.read(bytes, frame.from[d]!);
    const from = frame.from[d]! + head.$size;
    const end = frame.limit(d);
    if (opcode === DATA || opcode === ACK || opcode === ERROR) {
      const rest = from + 2;
      if (rest > end) return;
      visit(opcode === ERROR ? head['error.code'] : head.block, from, rest);
      const to = opcode === ERROR ? zero(bytes, rest, end) : end;
      if (to > rest) visit(opcode === ERROR ? head['error.message'] : head.data, rest, to);
      return;
    }
    if (opcode < READ || opcode > OACK) return;
    const file = opcode === READ ? head.source_file : head.destination_file;
    const first = opcode === OACK ? [] : [file, head.type];
    for (let at = from, i = 0; at < end; i++) {
      const to = zero(bytes, at, end);
      const option = (i - first.length) % 2 === 0 ? head['option.name'] : head['option.value'];
      if (to > at) visit(first[i] ?? option, at, to);
      at = to + 1;
    }
  },
  line: tftpText,
});
/** Where the zero octet is that ends a text, or `end`. */
function zero(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && read8(bytes, at) !== 0) at++;
  return at;
}
