import type { Field } from '../bytes/field.ts';
import { read16, read32 } from '../bytes/kind.ts';
import { ASCII_COLUMN, putAsciiRow, putDec, putHexRow, putIpv4Dot, putRowLabel, putWord, word } from '../bytes/put.ts';
import { type Literal, literal, Text } from '../bytes/text.ts';
import type { Frame } from './frame.ts';
import type { Protocol } from './protocol.ts';

/** tcpdump's options that change what a line says. */
export interface LineOptions {
  /** `-e`: print the link-level header. */
  readonly link: boolean;
  /** `-v`, `-vv`, `-vvv`. */
  readonly verbose: number;
  /** `-q`: how many. */
  readonly quiet: number;
  /** `-S`: absolute TCP sequence numbers. */
  readonly absolute: boolean;
  /** False with `-K`: do not verify checksums. */
  readonly checksums: boolean;
  /** False with `-q`, `-x`, `-X`: do not dump what tcpdump has no words for. */
  readonly dumps: boolean;
}
export const PLAIN: LineOptions = { link: false, verbose: 0, quiet: 0, absolute: false, checksums: true, dumps: true };

const TO = word(' > ');
const COLON = word(': ');
const NEWLINE_TAB = word('\n\t');
const DOT = 0x2e;

/**
 * Writes one packet as tcpdump does. Protocols' `line` functions print through it and read the packet through it.
 *
 * Reads past {@link limit} are *sticky*: the first one marks the place, gives 0 like all later ones, and when the line
 * is done everything behind the mark is dropped and ` [|label]` written in its stead. So a `line` reads as if the
 * whole packet were there; only loops must ask {@link cut} to come to an end.
 */
export class Line extends Text {
  link = false;
  verbose = 0;
  quiet = 0;
  absolute = false;
  checksums = true;
  dumps = true;
  /** What a line that tells the device calls it; nothing in the packet does. */
  device = '?    ';
  frame!: Frame;
  /** Reads stop here: the capture's end or the end of an enclosing payload, whichever comes first. */
  limit = 0;
  /** The protocol that a cut is reported for: tcpdump's name of it, set by each `line` when it begins. */
  label = '';
  /** How many bytes of link-level header `-x` leaves out. */
  linkHeader = 0;
  private packet: Uint8Array = new Uint8Array(0);
  private cutAt = -1;
  private cutLabel = '';
  private lines: (Protocol['line'] | undefined)[] = [];

  constructor(options: LineOptions = PLAIN) {
    super();
    // One by one: a sink's options have more, and some of them are called as methods here are.
    this.link = options.link;
    this.verbose = options.verbose;
    this.quiet = options.quiet;
    this.absolute = options.absolute;
    this.checksums = options.checksums;
    this.dumps = options.dumps;
  }
  /** Writes the whole line of a dissected frame, without its time and without a line feed. */
  packetLine(frame: Frame): void {
    // Storing a reference costs more than comparing it.
    if (this.frame !== frame) this.frame = frame;
    if (this.packet !== frame.bytes) this.packet = frame.bytes;
    this.limit = frame.end;
    this.linkHeader = 0;
    this.label = '';
    this.cutAt = -1;
    if (this.lines !== frame.registry.lines) this.lines = frame.registry.lines;
    const line = this.lines[frame.layer[0]!];
    if (line !== undefined && frame.depth > 0) line(this, frame, 0);
    if (this.cutAt >= 0) this.endCut();
  }
  private endCut(): void {
    this.at = this.cutAt;
    this.label = this.cutLabel;
    this.trunc();
    this.linkHeader = 0;
  }

  /** True once something was read that was not captured. */
  get cut(): boolean {
    return this.cutAt >= 0;
  }
  /** Cuts the line here, as a read past the limit does. */
  cutHere(): void {
    if (this.cutAt >= 0) return;
    this.cutAt = this.at;
    this.cutLabel = this.label;
  }
  /** Are these bytes there? Asks only. */
  has(at: number, count: number): boolean {
    return at + count <= this.limit;
  }
  /** Are these bytes there? If not, the line is cut here. */
  need(at: number, count: number): boolean {
    if (at + count <= this.limit) return true;
    this.cutHere();
    return false;
  }
  u8(at: number): number {
    return this.need(at, 1) ? this.packet[at]! : 0;
  }
  u16(at: number): number {
    return this.need(at, 2) ? (this.packet[at]! << 8) | this.packet[at + 1]! : 0;
  }
  u24(at: number): number {
    return this.need(at, 3) ? (this.packet[at]! << 16) | (this.packet[at + 1]! << 8) | this.packet[at + 2]! : 0;
  }
  u32(at: number): number {
    if (!this.need(at, 4)) return 0;
    const { packet } = this;
    return ((packet[at]! << 24) | (packet[at + 1]! << 16) | (packet[at + 2]! << 8) | packet[at + 3]!) >>> 0;
  }
  /** A field of the layer that starts at `base`, checked. */
  value(field: Field, base: number): number {
    return this.need(base + field.distance, field.size) ? field.read(this.packet, base) : 0;
  }
  /** Checked forms of {@link Text}'s writers. */
  ipv4At(at: number): void {
    if (this.need(at, 4)) this.ipv4(this.packet, at);
  }
  ipv6At(at: number): void {
    if (this.need(at, 16)) this.ipv6(this.packet, at);
  }
  macAt(at: number): void {
    if (this.need(at, 6)) this.mac(this.packet, at);
  }
  /** Bytes as hexadecimal pairs; cut where they end. */
  hexAt(at: number, count: number): void {
    for (let i = 0; i < count && !this.cut; i++) this.hex2(this.u8(at + i));
  }
  /** Escaped text of a counted length; cut where the capture ends. */
  textAt(at: number, count: number): void {
    for (let i = 0; i < count && !this.cut; i++) if (this.need(at + i, 1)) this.printableChar(this.packet[at + i]!);
  }

  /** ` [|label]`: the packet was cut short, and the line may go on. */
  trunc(): void {
    this.str(' [|');
    this.str(this.label);
    this.char(0x5d);
  }
  /** ` (invalid)`. */
  invalid(): void {
    this.str(' (invalid)');
  }
  /** The name of a value, or `fallback` with the value in place of `%u` (decimal) or `%x` (hexadecimal). */
  named(names: Readonly<Record<number, string>>, value: number, fallback: string): void {
    const name = names[value];
    if (name !== undefined) {
      this.str(name);
      return;
    }
    const match = /%(0?)(\d*)([ux])/.exec(fallback);
    if (match === null) {
      this.str(fallback);
      return;
    }
    this.str(fallback.slice(0, match.index));
    if (match[3] === 'u') this.dec(value);
    else this.hexPadded(value, Math.max(1, Number(match[2])));
    this.str(fallback.slice(match.index + match[0].length));
  }
  /** The names of the bits that are set, in the order of `names`, or `none`. */
  flags(
    names: readonly (readonly [mask: number, name: string])[],
    value: number,
    none: string,
    separator = ', ',
  ): void {
    let any = false;
    for (const [mask, name] of names) {
      if ((value & mask) !== mask || mask === 0) continue;
      if (any) this.str(separator);
      this.str(name);
      any = true;
    }
    if (!any) this.str(none);
  }

  /** Prints the layer above `d`, if there is one and tcpdump has text for it. */
  next(frame: Frame, d: number): boolean {
    const above = d + 1;
    if (above >= frame.depth) return false;
    const line = this.lines[frame.layer[above]!];
    return line !== undefined && line(this, frame, above) !== false;
  }
  /**
   * `192.0.2.1.80 > 192.0.2.2.1024`: the ends of layer `d` with those of the network layer below it.
   * Without a network layer that is directly below, only the ports (tcpdump's rule when extension headers lie between).
   */
  endsOf(frame: Frame, d: number): void {
    const { registry, bytes } = frame;
    const upper = frame.layer[d]!;
    const ports = frame.from[d]!;
    const source = read16(bytes, ports + registry.endSource[upper]!);
    const destination = read16(bytes, ports + registry.endDestination[upper]!);
    const lower = d > 0 ? frame.layer[d - 1]! : upper;
    const size = registry.endSize[lower]!;
    let p = this.open(128);
    const { view } = this;
    if (size < 4) {
      p = putDec(view, p, source);
      putWord(view, p, TO);
      p = putDec(view, p + 3, destination);
    } else {
      const base = frame.from[d - 1]!;
      p = this.addressDot(size, p, bytes, base + registry.endSource[lower]!);
      p = putDec(view, p, source);
      putWord(view, p, TO);
      p = this.addressDot(size, p + 3, bytes, base + registry.endDestination[lower]!);
      p = putDec(view, p, destination);
    }
    putWord(view, p, COLON);
    this.at = p + 2;
  }
  private addressDot(size: number, p: number, bytes: Uint8Array, at: number): number {
    if (size === 4) return putIpv4Dot(this.view, p, read32(bytes, at));
    this.at = p;
    this.ipv6(bytes, at);
    this.bytes[this.at] = DOT;
    return this.at + 1;
  }
  /** `192.0.2.1 > 192.0.2.2`: the ends of layer `d` alone. The caller knows that they were captured. */
  addressesOf(frame: Frame, d: number): void {
    const { registry, bytes } = frame;
    const id = frame.layer[d]!;
    const size = registry.endSize[id]!;
    const at = frame.from[d]!;
    const p = this.addressDot(size, this.open(96), bytes, at + registry.endSource[id]!) - 1;
    putWord(this.view, p, TO);
    this.at = this.addressDot(size, p + 3, bytes, at + registry.endDestination[id]!) - 1;
  }

  /** Hex and text of `[from, to)`, sixteen bytes a row, as tcpdump shows what it has no words for. */
  hexDump(from: number, to: number, ascii: boolean, indent: Literal = DUMP_INDENT): void {
    const { packet } = this;
    for (let row = from; row < to; row += 16) {
      this.put(indent);
      this.open(DUMP_ROW);
      this.at = this.dumpRow(this.at, packet, from, row, to, ascii);
    }
  }
  /** The same with the usual indent, of a packet that no frame was made for. */
  hexDumpOf(packet: Uint8Array, from: number, to: number, ascii: boolean): void {
    let p = this.open(((to - from + 16) >> 4) * DUMP_ROW);
    for (let row = from; row < to; row += 16) {
      putWord(this.view, p, NEWLINE_TAB);
      p = this.dumpRow(p + 2, packet, from, row, to, ascii);
    }
    this.at = p;
  }
  private dumpRow(at: number, packet: Uint8Array, from: number, row: number, to: number, ascii: boolean): number {
    const { view } = this;
    const end = Math.min(row + 16, to);
    const p = putRowLabel(view, at, row - from);
    const q = putHexRow(view, p, packet, row, end);
    // The text begins in a column of its own, whatever the length of the row.
    return ascii ? putAsciiRow(view, q, p + ASCII_COLUMN, packet, row, end) : q;
  }
  /** What tcpdump prints of a payload that it does not know: hex and text, unless the options leave that to others. */
  unknownPayload(from: number): void {
    if (this.dumps) this.hexDump(from, this.limit, true);
  }
}
const DUMP_INDENT = literal('\n\t');
/** No row of a dump is longer, its indent included. */
const DUMP_ROW = 96;
