import { ToolError } from '../error.ts';
import type { Port } from '../frame/port.ts';
import type { Rows } from '../frame/rows.ts';
import { cutShort, damaged } from './damage.ts';
import type { Decoder } from './decoder.ts';
import { longest } from './linktype.ts';

/** `snoop` and three zeros, the version, the link type. */
export const SNOOP_HEADER = 16;
const RECORD_HEADER = 24;
const VERSION = 2;
/** Of a record header: where its fields stand. */
const AT = { wire: 0, captured: 4, length: 8, drops: 12, seconds: 16, micros: 20 } as const;
/** RFC 1761 and Solaris's dlpi.h name the links in numbers of their own. */
const LINK_TYPES: ReadonlyMap<number, number> = new Map([
  [0, 1], // IEEE 802.3
  [2, 6], // token ring
  [4, 1], // Ethernet
  [8, 10], // FDDI
  [0x12, 123], // IP over ATM
  [0x1a, 242], // IP over InfiniBand
]);
const MILLION = 1_000_000;

/** Reads what snoop(1M) of Solaris writes: RFC 1761. */
export class SnoopDecoder implements Decoder {
  readonly format = 'snoop';
  readonly ports: Port[];
  readonly pending = false;
  dropped = 0;
  need = RECORD_HEADER;
  damage: ToolError | undefined;
  private readonly most: number;

  /** Takes the file header, which has to be all there. */
  constructor(header: DataView) {
    const version = header.getUint32(8);
    const type = header.getUint32(12);
    const linkType = LINK_TYPES.get(type);
    if (version !== VERSION || linkType === undefined) {
      const what =
        version === VERSION
          ? `with link type ${type}, which is not known`
          : `of version ${version}, and only 2 is known`;
      throw new ToolError('unknown-format', `this is a snoop file ${what}`, 'editcap -F pcapng IN OUT');
    }
    this.most = longest(linkType);
    this.ports = [{ name: undefined, linkType, snaplen: 0, nanos: false }];
  }
  walk(rows: Rows, from: number, to: number, base: number): number {
    const { view, capacity } = rows;
    let at = from;
    this.need = RECORD_HEADER;
    while (rows.count < capacity && at + RECORD_HEADER <= to) {
      const captured = view.getUint32(at + AT.captured);
      const length = view.getUint32(at + AT.length);
      this.damage = this.wrong(captured, length, base + at);
      if (this.damage !== undefined) return at;
      if (at + length > to) {
        this.need = length;
        return at;
      }
      this.add(rows, at, captured);
      at += length;
    }
    if (rows.count === capacity) this.need = 0;
    return at;
  }
  private wrong(captured: number, length: number, at: number): ToolError | undefined {
    const most = Math.max(captured, length - RECORD_HEADER);
    if (most > this.most)
      return damaged(at, `the packet there claims ${most} captured bytes, and ${this.most} is the most there can be`);
    if (length < RECORD_HEADER + captured)
      return damaged(at, `the packet there claims ${captured} captured bytes, and its record is ${length} bytes long`);
    return undefined;
  }
  private add(rows: Rows, at: number, captured: number): void {
    const { view } = rows;
    const micros = view.getUint32(at + AT.micros);
    const n = rows.count++;
    rows.offset[n] = at + RECORD_HEADER;
    rows.captured[n] = captured;
    rows.wire[n] = view.getUint32(at + AT.wire);
    rows.seconds[n] = view.getUint32(at + AT.seconds) + Math.floor(micros / MILLION);
    rows.nanos[n] = (micros % MILLION) * 1000;
    rows.port[n] = 0;
    rows.direction[n] = 0;
    rows.flags[n] = 0;
    // A total.
    this.dropped = view.getUint32(at + AT.drops);
  }
  cut(at: number, left: number): ToolError {
    return cutShort(at, left, this.need, left < RECORD_HEADER ? 'a record header' : 'a packet');
  }
}
