import { header, u8, u16 } from '../src/bytes/field.ts';
import { read8 } from '../src/bytes/kind.ts';
import type { Frame } from '../src/dissect/frame.ts';
import type { Line } from '../src/dissect/line.ts';
import { NONE, protocol, table } from '../src/dissect/protocol.ts';
import { nothingOf } from './announced.ts';
import { etherType } from './eth.ts';
import { ETHERTYPES } from './names/ethertypes.ts';

const ADDRESSES: Readonly<Record<number, string>> = { 15: 'unicast', 143: 'bcast' };
const head = header('chdlc', {
  address: u8('Address', { base: 'hex', names: { 15: 'Unicast', 143: 'Multicast' } }),
  control: u8('Control', { base: 'hex' }),
  protocol: u16('Protocol', { base: 'hex', names: ETHERTYPES }),
});
/** Keyed by the numbers that are Cisco's own; the others are EtherTypes. */
export const chdlcProtocol = table('chdlc.protocol', 0x1_0000);
const OSI = 0xfefe;
/** How GRE calls the same, without the byte that Cisco may put in front. */
const OSI_PLAIN = 0x00fe;
/** What tcpdump reads. */
const SLARP = 0x8035;
const READ: ReadonlySet<number> = new Set([0x0800, 0x86dd, SLARP, 0x8847, 0x8848, OSI]);

/** Cisco's framing on serial lines. */
export const ciscoHdlc = protocol(head, {
  title: 'Cisco HDLC',
  source: 'RFC 1547 section 4.3.1',
  link: true,
  on: { link: 104 },
  opens: [chdlcProtocol],
  step(frame, bytes, at, end) {
    const number = head.protocol.read(bytes, at);
    const payload = at + head.$size;
    if (number === OSI) return stepOsi(frame, bytes, payload, end);
    const own = frame.handOn(chdlcProtocol, number, payload, end);
    return own === NONE && READ.has(number) ? frame.handOn(etherType, number, payload, end) : own;
  },
  line(w, frame, d) {
    const at = frame.from[d]!;
    const length = frame.claim[d]! - at;
    w.label = 'chdlc';
    if (d === 0) w.linkHeader = length < head.$size ? w.limit - at : head.$size;
    if (length < head.$size) {
      w.trunc();
      return;
    }
    const number = w.u16(at + 2);
    if (w.link) {
      w.named(ADDRESSES, w.u8(at), '0x%02x');
      w.str(`, ethertype ${ETHERTYPES[number] ?? 'Unknown'} (0x${number.toString(16).padStart(4, '0')}), length `);
      w.dec(length);
      w.str(': ');
    }
    payloadText(w, frame, d, number, at + head.$size);
  },
});
/** A byte of padding may come first: then the identifier of the network layer is the second. */
function stepOsi(frame: Frame, bytes: Uint8Array, at: number, end: number): number {
  const padded = at + 1 < Math.min(end, frame.end) && isNetworkLayer(read8(bytes, at + 1));
  return frame.handOn(etherType, OSI_PLAIN, padded ? at + 1 : at, end);
}
/** CLNP, ES-IS and IS-IS (ISO/IEC TR 9577). */
const isNetworkLayer = (id: number): boolean => id >= 0x81 && id <= 0x83;

function payloadText(w: Line, frame: Frame, d: number, number: number, at: number): void {
  if (number === OSI) {
    if (frame.claim[d]! - at < 2) {
      w.trunc();
      return;
    }
    if (!w.need(at + 1, 1)) return;
  }
  if (READ.has(number)) {
    if (w.next(frame, d) || nothingOf(w, number, at)) return;
    if (number === SLARP) emptySlarp(w);
    return;
  }
  if (w.link) return;
  w.str('unknown CHDLC protocol (0x');
  w.hexPadded(number, 4);
  w.char(0x29);
}
function emptySlarp(w: Line): void {
  w.label = 'chdlc_slarp';
  w.str('SLARP (length: 0), ');
  w.trunc();
}
