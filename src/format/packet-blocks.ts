import type { Rows } from '../frame/rows.ts';
import { BLOCK } from './blocks.ts';
import type { Interface } from './interface.ts';
import { setFlags } from './packet-flags.ts';
import { setTime } from './pcapng-time.ts';

/** Type, length, interface, two words of time, two lengths; the old packet block has the same places. */
export const PACKET_HEADER = 28;
const SIMPLE_HEADER = 12;

/** What the blocks of a section have in common. */
export interface Section {
  /** From 1. */
  readonly number: number;
  /** Its header block, as a copy has it. */
  readonly header: Uint8Array;
  readonly littleEndian: boolean;
  /** The port that the section calls interface 0. */
  readonly firstPort: number;
  /** Grows as they are described. */
  readonly interfaces: Interface[];
}

/**
 * Adds the packets from `from` on as long as they are what they nearly always are, enhanced packet blocks without options,
 * and returns where that ends. The byte order is a constant here, for a variable one costs a fifth of the time.
 */
export function usualPackets(rows: Rows, section: Section, from: number, to: number): number {
  const { view, capacity, start, offset, captured, wire, port, direction, flags } = rows;
  const { interfaces, firstPort } = section;
  let at = from;
  let n = rows.count;
  while (n < capacity && to - at > PACKET_HEADER && view.getUint32(at, true) === BLOCK.packet) {
    const length = view.getUint32(at + 4, true);
    const id = view.getUint32(at + 8, true);
    const kept = view.getUint32(at + 20, true);
    if (length > to - at || id >= interfaces.length || kept > length) break;
    if (length !== PACKET_HEADER + ((kept + 3) & ~3) + 4 || view.getUint32(at + length - 4, true) !== length) break;
    start[n] = at;
    offset[n] = at + PACKET_HEADER;
    captured[n] = kept;
    wire[n] = view.getUint32(at + 24, true);
    port[n] = firstPort + id;
    direction[n] = 0;
    flags[n] = 0;
    setTime(rows, n, view.getUint32(at + 12, true), view.getUint32(at + 16, true), interfaces[id]!);
    at += length;
    n++;
  }
  rows.count = n;
  return at;
}
/** Adds the packet in the block `[at, end)`, its trailing length left out; says what is wrong, if something is. */
export function addPacket(rows: Rows, section: Section, type: number, at: number, end: number): string {
  const { view } = rows;
  const { littleEndian } = section;
  if (type === BLOCK.simplePacket) return addSimplePacket(rows, section, at, end);
  const data = at + PACKET_HEADER;
  if (data > end) return 'the packet block there is too short for its header';
  const id = type === BLOCK.packet ? view.getUint32(at + 8, littleEndian) : view.getUint16(at + 8, littleEndian);
  const of = section.interfaces[id];
  if (of === undefined) return `the packet there is of interface ${id}, which the section does not describe`;
  const kept = view.getUint32(at + 20, littleEndian);
  if (kept > end - data) {
    return `the packet there claims ${kept} captured bytes, and its block has room for ${end - data}`;
  }
  const n = rows.count++;
  rows.start[n] = at;
  rows.offset[n] = data;
  rows.captured[n] = kept;
  rows.wire[n] = view.getUint32(at + 24, littleEndian);
  rows.port[n] = section.firstPort + id;
  setTime(rows, n, view.getUint32(at + 12, littleEndian), view.getUint32(at + 16, littleEndian), of);
  setFlags(rows, n, data + ((kept + 3) & ~3), end, littleEndian);
  return '';
}
/** No time, no captured length, always of the first interface. */
function addSimplePacket(rows: Rows, section: Section, at: number, end: number): string {
  const of = section.interfaces[0];
  if (of === undefined) return 'the packet there comes before any interface is described';
  const data = at + SIMPLE_HEADER;
  if (data > end) return 'the packet block there is too short for its header';
  const wire = rows.view.getUint32(at + 8, section.littleEndian);
  const n = rows.count++;
  rows.start[n] = at;
  rows.offset[n] = data;
  rows.captured[n] = Math.min(wire, of.port.snaplen || wire, end - data);
  rows.wire[n] = wire;
  rows.seconds[n] = of.offset;
  rows.nanos[n] = 0;
  rows.port[n] = section.firstPort;
  rows.direction[n] = 0;
  rows.flags[n] = 0;
  return '';
}
