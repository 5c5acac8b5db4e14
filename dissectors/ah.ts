import { header, bytes as raw, u8, u16, u32 } from '../src/bytes/field.ts';
import type { Frame } from '../src/dissect/frame.ts';
import type { Line } from '../src/dissect/line.ts';
import { protocol } from '../src/dissect/protocol.ts';
import { ipProto, unknownProtocolText } from './ip.ts';
import { IP_PROTOCOLS } from './names/ipprotocols.ts';

const head = header(
  'ah',
  {
    next_header: u8('Next header', { names: IP_PROTOCOLS }),
    length: u8('Length beyond eight bytes', { unit: '4 bytes' }),
    reserved: u16('Reserved', { base: 'hex' }),
    spi: u32('Security parameters index', { base: 'hex' }),
    sequence: u32('Sequence number'),
  },
  { icv: raw('Integrity check value') },
);
const lengthOf = (bytes: Uint8Array, at: number): number => (head.length.read(bytes, at) + 2) * 4;

/** Authentication Header: says who sent what follows, and leaves that readable. */
export const authenticationHeader = protocol(head, {
  title: 'Authentication Header',
  source: 'RFC 4302',
  on: { 'ip.proto': 51 },
  step(frame, bytes, at) {
    const claimed = frame.claim[frame.depth - 1]!;
    return frame.handOn(ipProto, head.next_header.read(bytes, at), at + lengthOf(bytes, at), claimed);
  },
  expand(frame, d, visit) {
    const at = frame.from[d]!;
    const from = at + head.$size;
    const to = Math.min(at + lengthOf(frame.bytes, at), frame.limit(d));
    if (from < to) visit(head.icv, from, to);
  },
  line: text,
});

function text(w: Line, frame: Frame, d: number): void {
  const at = frame.from[d]!;
  w.label = 'ah';
  const next = w.u8(at);
  w.str('AH');
  const words = w.u8(at + 1);
  const length = (words + 2) * 4;
  w.char(0x28);
  if (w.verbose > 0) w.str(`length=${words}(${length}-bytes),`);
  const reserved = w.u16(at + 2);
  if (reserved !== 0) w.str(`reserved=0x${reserved.toString(16)}[MustBeZero],`);
  w.str('spi=0x');
  w.hexPadded(w.u32(at + 4), 8);
  w.str(',seq=0x');
  w.hex(w.u32(at + 8));
  w.str(',icv=0x');
  w.hexAt(at + head.$size, length - head.$size);
  w.str('): ');
  if (!w.cut && !w.next(frame, d)) unknownProtocolText(w, frame, d, next, frame.claim[d]! - at - length);
}
