import { ToolError } from '../error.ts';
import type { PcapEnvelope } from '../frame/batch.ts';
import type { Port } from '../frame/port.ts';
import type { Rows } from '../frame/rows.ts';
import { cutShort, damaged } from './damage.ts';
import type { Decoder } from './decoder.ts';
import { longest } from './linktype.ts';

/** The magic numbers of pcap, in the writer's byte order. */
export const MAGIC = {
  micro: 0xa1b2c3d4,
  nano: 0xa1b23c4d,
  /** Alexey Kuznetzov's: record headers are 24 bytes, with the device, the protocol and the packet type. */
  modified: 0xa1b2cd34,
} as const;

export const FILE_HEADER = 24;
const ETHERNET = 1;

/** Is `captured` the first length of a record header, or the second? */
const ORDER = { asNow: 0, maybeSwapped: 1, swapped: 2 } as const;

/**
 * Reads classic pcap: draft-ietf-opsawg-pcap, and what libpcap's savefile reader accepts beyond it.
 */
export class PcapDecoder implements Decoder {
  readonly format = 'pcap';
  readonly ports: Port[];
  readonly pending = false;
  readonly dropped = 0;
  need: number;
  damage: ToolError | undefined;
  private readonly envelope: PcapEnvelope;
  /** No record of this link type may claim more. */
  private readonly most: number;
  /** A packet is cut to this, as libpcap does. */
  private readonly snaplen: number;
  private readonly order: number;

  /** Takes the file header, which has to be all there. */
  constructor(header: DataView) {
    const littleEndian = header.getUint8(0) !== 0xa1;
    const magic = header.getUint32(0, littleEndian);
    const major = header.getUint16(4, littleEndian);
    const minor = header.getUint16(6, littleEndian);
    this.order = lengthOrder(major, minor);
    // The upper bits tell about a frame check sequence; libpcap takes 26 bits, the registry has 16.
    const linkType = header.getUint32(20, littleEndian) & 0xffff;
    const snaplen = header.getUint32(16, littleEndian);
    const nanos = magic === MAGIC.nano;
    this.envelope = { format: 'pcap', head: magic === MAGIC.modified ? 24 : 16, littleEndian, nanos };
    this.need = this.envelope.head;
    this.most = longest(linkType);
    this.snaplen = snaplen === 0 || snaplen > 0x7fff_ffff ? this.most : snaplen;
    // A cooked capture in the modified format got an Ethernet header after the snaplen was applied.
    if (magic === MAGIC.modified && linkType === ETHERNET) this.snaplen += 14;
    this.ports = [{ name: undefined, linkType, snaplen, nanos }];
  }

  walk(rows: Rows, from: number, to: number, base: number): number {
    const { view, offset, captured, wire, seconds, nanos, capacity } = rows;
    const { head, littleEndian } = this.envelope;
    const finest = this.envelope.nanos ? 1_000_000_000 : 1_000_000;
    const scale = this.envelope.nanos ? 1 : 1000;
    const usual = this.order === ORDER.asNow ? Math.min(this.snaplen, this.most) : -1;
    rows.envelope = this.envelope;
    let at = from;
    let n = rows.count;
    this.need = head;
    for (; n < capacity && at + head <= to; n++) {
      let length = view.getUint32(at + 8, littleEndian);
      let whole = view.getUint32(at + 12, littleEndian);
      let kept = length;
      if (length > usual) {
        if (this.swapped(length, whole)) {
          const other = length;
          length = whole;
          whole = other;
          rows.envelope = undefined;
        }
        if (length > this.most) {
          this.damage = this.tooLong(base + at, length);
          break;
        }
        kept = Math.min(length, this.snaplen);
        if (kept < length) rows.envelope = undefined;
      }
      const next = at + head + length;
      if (next > to) {
        this.need = head + length;
        break;
      }
      const fraction = view.getUint32(at + 4, littleEndian);
      offset[n] = at + head;
      captured[n] = kept;
      wire[n] = whole;
      seconds[n] = view.getUint32(at, littleEndian);
      nanos[n] = fraction * scale;
      if (fraction >= finest) {
        seconds[n]! += Math.floor(fraction / finest);
        nanos[n] = (fraction % finest) * scale;
      }
      at = next;
    }
    rows.count = n;
    if (n === capacity) this.need = 0;
    return at;
  }
  /** Until version 2.2 the lengths were the other way round, and some programs kept that for longer. */
  private swapped(first: number, second: number): boolean {
    return this.order === ORDER.swapped || (this.order === ORDER.maybeSwapped && first > second);
  }
  private tooLong(at: number, length: number): ToolError {
    return damaged(at, `the packet there claims ${length} captured bytes, and ${this.most} is the most there can be`);
  }
  cut(at: number, left: number): ToolError {
    return cutShort(at, left, this.need, left < this.envelope.head ? 'a record header' : 'a packet');
  }
}

function lengthOrder(major: number, minor: number): number {
  // DG/UX's tcpdump wrote 543.0.
  if (major === 543 && minor === 0) return ORDER.swapped;
  if (major !== 2 || minor > 4) {
    throw new ToolError(
      'unknown-format',
      `this is a pcap file of version ${major}.${minor}, and only 2.0 to 2.4 are known`,
      'write it anew with the program that made it, or: editcap IN OUT',
    );
  }
  if (minor < 3) return ORDER.swapped;
  return minor === 3 ? ORDER.maybeSwapped : ORDER.asNow;
}
