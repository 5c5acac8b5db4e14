import { fold16, sum16 } from '../bytes/checksum.ts';
import { OFFLOAD, PLACE } from '../linux/packet-ring.ts';
import type { Crate } from './crate.ts';
import type { Lane } from './lane.ts';

const PROTOCOL = { tcp: 6, udp: 17 } as const;
/** Flags of TCP that belong to the last segment only (FIN, PSH), and to the first (CWR). */
const LAST_ONLY = 0x09;
const FIRST_ONLY = 0x80;
/** Zero in the other of its two forms: a checksum of UDP that is plain zero says that there is none. */
const NEGATIVE_ZERO = 0xffff;
/** Longer than any packet. */
const WHOLE = 1 << 18;

/** Where the headers of a segment are that a device is to split, and of how many bytes each piece is to be. */
export interface Split {
  readonly network: number;
  readonly transport: number;
  readonly payload: number;
  readonly size: number;
  readonly tcp: boolean;
}
/** What the device was to do to a packet (struct virtio_net_hdr, in front of it). */
export class Offload {
  /** A copy of the packet to be split: its pieces take its place. */
  readonly whole = new Uint8Array(WHOLE);
  private readonly view = new DataView(this.whole.buffer);

  /** Is the packet to be split, or to get a checksum? */
  isNeeded(lane: Lane, at: number): boolean {
    const header = headerOf(lane, at);
    const { view } = lane;
    return (view.getUint8(header) & OFFLOAD.needsChecksum) !== 0 || this.isSegment(lane, at);
  }
  /** Is the packet several in one? */
  isSegment(lane: Lane, at: number): boolean {
    return lane.view.getUint8(headerOf(lane, at) + OFFLOAD.type) !== 0;
  }
  /**
   * How to split the packet that was copied to `to`, where it is so long;
   * undefined: it is whole, or of a kind that is left as it is.
   */
  splitOf(lane: Lane, at: number, crate: Crate, to: number, length: number): Split | undefined {
    const header = headerOf(lane, at);
    const type = lane.view.getUint8(header + OFFLOAD.type) & ~OFFLOAD.ecn;
    const size = lane.view.getUint16(header + OFFLOAD.size, true);
    const w = at >>> 2;
    const kept = lane.words[w + PLACE.captured]!;
    const headers = lane.words[w + PLACE.headers]!;
    if (type === 0 || size === 0 || kept < lane.words[w + PLACE.wire]! || length > WHOLE) return undefined;
    const network = (headers >>> 16) - (headers & 0xffff) + length - kept;
    return plan(crate.view, to, network, length, size);
  }
  /** Fills in the checksum that the device was to fill in; false: not all of the packet is there. */
  fillIn(lane: Lane, at: number, crate: Crate, to: number, length: number): boolean {
    const { view } = lane;
    const header = headerOf(lane, at);
    if ((view.getUint8(header) & OFFLOAD.needsChecksum) === 0) return true;
    const w = at >>> 2;
    const kept = lane.words[w + PLACE.captured]!;
    const moved = length - kept;
    const start = view.getUint16(header + OFFLOAD.start, true) + moved;
    const place = start + view.getUint16(header + OFFLOAD.place, true);
    if (kept < lane.words[w + PLACE.wire]! || place + 2 > length) return false;
    // The sum of the pseudo header is there already.
    crate.view.setUint16(to + place, fold16(sum16(crate.bytes, to + start, to + length)) || NEGATIVE_ZERO);
    return true;
  }
  keep(crate: Crate, to: number, length: number): void {
    this.whole.set(crate.bytes.subarray(to, to + length));
  }
  /** Writes piece `i` of the packet that was kept to `to`, and returns its length. */
  piece(split: Split, i: number, length: number, crate: Crate, to: number): number {
    const { payload, size } = split;
    const from = payload + i * size;
    const end = Math.min(from + size, length);
    crate.bytes.set(this.whole.subarray(0, payload), to);
    crate.bytes.set(this.whole.subarray(from, end), to + payload);
    const total = payload + end - from;
    this.mend(split, i, end === length, crate, to, total);
    return total;
  }
  /** Writes into the headers of a piece what is its own. */
  private mend(split: Split, i: number, last: boolean, { bytes, view }: Crate, to: number, length: number): void {
    const { network, transport, tcp, size } = split;
    const ip = to + network;
    const at = to + transport;
    const end = to + length;
    if (view.getUint8(ip) >>> 4 === 4) {
      view.setUint16(ip + 2, end - ip);
      view.setUint16(ip + 4, this.view.getUint16(network + 4) + i);
      view.setUint16(ip + 10, 0);
      view.setUint16(ip + 10, fold16(sum16(bytes, ip, ip + (view.getUint8(ip) & 0xf) * 4)));
    } else view.setUint16(ip + 4, end - ip - 40);
    if (tcp) {
      view.setUint32(at + 4, this.view.getUint32(transport + 4) + i * size);
      const flags = view.getUint8(at + 13) & ~(last ? 0 : LAST_ONLY) & ~(i === 0 ? 0 : FIRST_ONLY);
      view.setUint8(at + 13, flags);
    } else view.setUint16(at + 4, end - at);
    checksum(bytes, view, ip, at, end, tcp ? PROTOCOL.tcp : PROTOCOL.udp);
  }
}
/** The kernel puts it right in front of the link-layer header. */
const headerOf = ({ words }: Lane, at: number): number =>
  at + (words[(at >>> 2) + PLACE.headers]! & 0xffff) - OFFLOAD.length;

/** Plain TCP and UDP over IP are split, also behind extension headers; tunnels are left as they are. */
function plan(view: DataView, to: number, network: number, length: number, size: number): Split | undefined {
  if (network < 0 || network + 20 > length) return undefined;
  const ip = to + network;
  const version = view.getUint8(ip) >>> 4;
  const transport = network + (version === 4 ? (view.getUint8(ip) & 0xf) * 4 : 40);
  const protocol = version === 4 ? view.getUint8(ip + 9) : version === 6 ? view.getUint8(ip + 6) : -1;
  if (transport + 20 > length || (protocol !== PROTOCOL.tcp && protocol !== PROTOCOL.udp)) return undefined;
  const tcp = protocol === PROTOCOL.tcp;
  const payload = transport + (tcp ? (view.getUint8(to + transport + 12) >>> 4) * 4 : 8);
  return payload >= length ? undefined : { network, transport, payload, size, tcp };
}
/** The checksum of TCP or UDP, with the pseudo header of RFC 9293 section 3.1 or RFC 8200 section 8.1. */
function checksum(bytes: Uint8Array, view: DataView, ip: number, at: number, end: number, protocol: number): void {
  const place = at + (protocol === PROTOCOL.tcp ? 16 : 6);
  view.setUint16(place, 0);
  const [from, to] = view.getUint8(ip) >>> 4 === 4 ? [ip + 12, ip + 20] : [ip + 8, ip + 40];
  const sum = fold16(sum16(bytes, at, end, sum16(bytes, from, to, protocol + end - at)));
  view.setUint16(place, protocol === PROTOCOL.udp ? sum || NEGATIVE_ZERO : sum);
}
