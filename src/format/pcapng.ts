import type { ToolError } from '../error.ts';
import type { Aside } from '../frame/batch.ts';
import type { Port } from '../frame/port.ts';
import type { Rows } from '../frame/rows.ts';
import { BLOCK, BYTE_ORDER_MAGIC } from './blocks.ts';
import { cutShort, damaged } from './damage.ts';
import type { Decoder } from './decoder.ts';
import { readInterface } from './interface.ts';
import { longest } from './linktype.ts';
import { addPacket, PACKET_HEADER, type Section, usualPackets } from './packet-blocks.ts';
import { readPacketOptions } from './packet-options.ts';
import { Statistics } from './statistics.ts';

/** Type and length before the body, length again behind it. */
const AROUND = 12;
const SECTION_HEADER = 28;
const INTERFACE_HEADER = 16;
const STATISTICS_HEADER = 20;
/** Blocks without a packet that are longer are skipped, not held in memory. */
const HELD = 1 << 20;
/** A packet's options take no more than this. */
const OPTIONS = 16 << 20;
const MOST_INTERFACES = 0x1_0000;
/** All interfaces are kept in memory: their blocks take no more than this. */
const MOST_DESCRIBED = 64 << 20;
/** In a section header, eight bytes: how long the section is, or all ones. */
const SECTION_LENGTH = 16;
/** What a copy keeps besides sections, interfaces and packets. */
const KEPT: ReadonlySet<number> = new Set([BLOCK.names, BLOCK.statistics, BLOCK.journal, BLOCK.secrets, BLOCK.custom]);

/** Reads pcapng: draft-ietf-opsawg-pcapng. */
export class PcapngDecoder implements Decoder {
  readonly format = 'pcapng';
  readonly ports: Port[] = [];
  need = SECTION_HEADER;
  damage: ToolError | undefined;
  private readonly statistics = new Statistics();
  private section: Section = { number: 0, header: new Uint8Array(0), littleEndian: true, firstPort: 0, interfaces: [] };
  /** Did the section begin after the last rows were handed out? */
  private begun = false;
  /** Bytes of blocks that describe interfaces. */
  private described = 0;
  /** The most bytes that any interface's packets may have. */
  private most = 0;
  /** Blocks for the copy of the batch that is being filled, or of the next one. */
  private asides: Aside[] = [];
  /** Did the walk before fill rows that were handed out, and the asides with them? */
  private handedOut = false;
  /** A block that is being skipped. */
  private skipping: { readonly at: number; readonly length: number } | undefined;

  get dropped(): number {
    return this.statistics.dropped;
  }
  get pending(): boolean {
    return this.begun || this.asides.length > 0;
  }

  walk(rows: Rows, from: number, to: number, base: number): number {
    if (this.handedOut) {
      this.asides = [];
      this.begun = false;
    }
    this.handedOut = rows.capacity > 0;
    this.cover(rows);
    let at = from;
    if (this.skipping !== undefined) {
      if (!this.endSkip(rows.view, at, to)) return at;
      at += 4;
    }
    for (;;) {
      if (this.section.littleEndian) at = usualPackets(rows, this.section, at, to);
      const next = this.block(rows, at, to, base);
      if (next === at || next > to) return next;
      at = next;
    }
  }
  /** One block of any kind: returns where the next one starts, or `at` to stop. */
  private block(rows: Rows, at: number, to: number, base: number): number {
    const { view } = rows;
    this.need = AROUND;
    if (to - at < AROUND) return at;
    // A section header's type reads the same in both byte orders.
    const type = view.getUint32(at, this.section.littleEndian);
    if (type === BLOCK.section && !this.mayBegin(rows, at, to, base)) return at;
    const littleEndian = type === BLOCK.section ? isLittleEndian(view, at) : this.section.littleEndian;
    const length = view.getUint32(at + 4, littleEndian);
    if (length < (type === BLOCK.section ? SECTION_HEADER : AROUND) || length % 4 !== 0)
      return this.fail(at, base, `the block there claims to be ${length} bytes long`);
    if (length > to - at) return this.awaitBlock(type, at, length, base);
    const end = at + length - 4;
    const again = view.getUint32(end, littleEndian);
    if (again !== length) return this.fail(at, base, unequal(length, again));
    if (isPacket(type) && rows.count === rows.capacity) return this.pause(at);
    const problem = this.take(rows, type, at, end, littleEndian);
    return problem === '' ? at + length : this.fail(at, base, problem);
  }
  /** Takes a block that is all there, `[at, end)` and its trailing length; says what is wrong, if something is. */
  private take(rows: Rows, type: number, at: number, end: number, littleEndian: boolean): string {
    if (isPacket(type)) return addPacket(rows, this.section, type, at, end);
    if (type === BLOCK.interface) return this.describe(rows, at, end);
    if (type === BLOCK.section) return this.beginSection(rows, at, end, littleEndian);
    return this.aside(rows, type, at, end);
  }
  private fail(at: number, base: number, what: string): number {
    this.damage = damaged(base + at, what);
    return at;
  }
  /** The walk can go on at once when the rows were handed out. */
  private pause(at: number): number {
    this.need = 0;
    return at;
  }
  /** A block that is not all there: it is waited for, or skipped when nobody needs it, or its length is not believed. */
  private awaitBlock(type: number, at: number, length: number, base: number): number {
    const held = isPacket(type) ? PACKET_HEADER + this.most + OPTIONS : HELD;
    this.need = length;
    if (length <= held) return at;
    if (isPacket(type) || type === BLOCK.section || type === BLOCK.interface) {
      return this.fail(at, base, `the block there claims ${length} bytes, and ${held} is the most there can be`);
    }
    this.skipping = { at: base + at, length };
    this.need = 4;
    return at + length - 4;
  }
  private endSkip(view: DataView, at: number, to: number): boolean {
    const { at: start, length } = this.skipping!;
    if (to - at < 4) return false;
    const again = view.getUint32(at, this.section.littleEndian);
    this.skipping = undefined;
    if (again !== length) this.damage = damaged(start, unequal(length, again));
    return again === length;
  }

  /** Can a section begin there? Not before what was read is handed out: a batch belongs to one section. */
  private mayBegin(rows: Rows, at: number, to: number, base: number): boolean {
    const { view } = rows;
    const used = rows.count > 0 || this.pending;
    this.need = used ? 0 : SECTION_HEADER;
    if (used || to - at < SECTION_HEADER) return false;
    const littleEndian = isLittleEndian(view, at);
    const major = view.getUint16(at + 12, littleEndian);
    if (!littleEndian && view.getUint32(at + 8) !== BYTE_ORDER_MAGIC)
      this.fail(at, base, 'the section header there has no byte order mark');
    else if (major !== 1) this.fail(at, base, `the section there is of version ${major}, and only version 1 is known`);
    return this.damage === undefined;
  }
  /** From here on another byte order and other interfaces hold. */
  private beginSection(rows: Rows, at: number, end: number, littleEndian: boolean): string {
    const header = rows.bytes.slice(at, end + 4);
    // What a copy leaves out changes how long the section is.
    header.fill(0xff, SECTION_LENGTH, SECTION_LENGTH + 8);
    const number = this.section.number + 1;
    this.section = { number, header, littleEndian, firstPort: this.ports.length, interfaces: [] };
    this.begun = true;
    this.cover(rows);
    return '';
  }
  private cover(rows: Rows): void {
    const { littleEndian, firstPort, header } = this.section;
    rows.envelope = { format: 'pcapng', header, littleEndian, firstPort, start: rows.start, asides: this.asides };
    rows.options = (i) => readPacketOptions(rows, i, littleEndian);
  }
  private describe(rows: Rows, at: number, end: number): string {
    if (end - at < INTERFACE_HEADER) return 'the interface block there is too short';
    if (this.ports.length === MOST_INTERFACES) return `there are more than ${MOST_INTERFACES} interfaces`;
    const { number, littleEndian, interfaces } = this.section;
    const made = readInterface(rows.view, at, end, littleEndian, { section: number, id: interfaces.length });
    if (typeof made === 'string') return made;
    this.described += end + 4 - at;
    if (this.described > MOST_DESCRIBED) return `the interfaces take more than ${MOST_DESCRIBED >> 20} MiB`;
    this.asides.push({ row: rows.count, port: this.ports.length, bytes: made.port.block! });
    interfaces.push(made);
    this.ports.push(made.port);
    this.most = Math.max(this.most, longest(made.port.linkType));
    return '';
  }
  /** A block that is no packet; the unknown ones are passed over. */
  private aside(rows: Rows, type: number, at: number, end: number): string {
    if (!KEPT.has(type)) return '';
    if (type === BLOCK.statistics && end - at >= STATISTICS_HEADER) this.read(rows.view, at, end);
    this.asides.push({ row: rows.count, bytes: rows.bytes.slice(at, end + 4) });
    return '';
  }
  private read(view: DataView, at: number, end: number): void {
    const { littleEndian, firstPort, interfaces } = this.section;
    const id = view.getUint32(at + 8, littleEndian);
    if (id < interfaces.length) this.statistics.read(view, at + STATISTICS_HEADER, end, littleEndian, firstPort + id);
  }

  cut(at: number, left: number): ToolError {
    const { skipping } = this;
    if (skipping === undefined) return cutShort(at, left, this.need, 'a block');
    return cutShort(skipping.at, at + left - skipping.at, skipping.length, 'a block');
  }
}
function isLittleEndian(view: DataView, at: number): boolean {
  return view.getUint32(at + 8, true) === BYTE_ORDER_MAGIC;
}
function isPacket(type: number): boolean {
  return type === BLOCK.packet || type === BLOCK.simplePacket || type === BLOCK.oldPacket;
}
function unequal(length: number, again: number): string {
  return `the block there is ${length} bytes long at its start, and ${again} at its end`;
}
