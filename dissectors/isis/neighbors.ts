import { literal } from '../../src/bytes/text.ts';
import type { Line } from '../../src/dissect/line.ts';
import { BANDWIDTH_MODELS, ENCODINGS, PROTECTIONS, SWITCHINGS, TIME_DIVISIONS } from '../names/gmpls.ts';
import { dotted, flagNames, hex, megabits, nameOf, say } from '../say.ts';
import { unknownData } from '../unknown-data.ts';
import { LINK_ATTRIBUTES, NEIGHBOR_RECORDS, RECORD, SEGMENT_FLAGS, TOPOLOGIES, TOPOLOGY_FLAGS } from './names.ts';
import type { Unit } from './records.ts';
import { IN_RECORD, systemId } from './value.ts';

const RAW = literal('\n\t\t    ');
const SUB = `${IN_RECORD}  `;
const DEEP = `${SUB}  `;

/** Neighbors with wide metrics (RFC 5305), or aliases of systems (RFC 5311), which have no metric. */
export function neighborsText(w: Line, at: number, length: number, _: Unit, type: number): boolean {
  for (let left = length; left > 0 && !w.cut; ) {
    const used = neighborText(w, at + length - left, left, type);
    if (used === 0) {
      w.trunc();
      return false;
    }
    if (left < used) {
      say(w, ' [remaining tlv length ', left, ' < ', used, ']');
      w.invalid();
      return true;
    }
    // tcpdump keeps what was used in one byte.
    left -= used & 0xff;
  }
  return true;
}
/** Returns how many bytes it was of, as tcpdump counts; 0 when it was cut. */
function neighborText(w: Line, at: number, left: number, type: number): number {
  const size = type === RECORD.alias ? 7 : 10;
  if (!w.has(at, 7) || left < 7) return 0;
  say(w, IN_RECORD, 'IS Neighbor: ', systemId(w, at, 7));
  if (size > 7) {
    if (!w.has(at, size) || left < size) return 0;
    say(w, ', Metric: ', w.u24(at + 7));
  }
  if (!w.has(at, size + 1) || left < size + 1) return 0;
  const sum = w.u8(at + size);
  say(w, sum === 0 ? ', no sub-TLVs present' : `, sub-TLVs present (${sum})`);
  const records = subRecordsText(w, at + size + 1, sum, left - size - 1);
  return records < 0 ? 0 : size + 1 + records;
}
/** Returns how many bytes they have, `sum` by their own telling; below 0 when they were cut. */
function subRecordsText(w: Line, from: number, sum: number, room: number): number {
  let at = from;
  let sumLeft = sum;
  let left = room;
  while (sumLeft > 0 && !w.cut) {
    if (!w.has(at, 2)) return -1;
    if (left < 2 || sumLeft < 2) {
      say(w, SUB, `Remaining data in ${left < 2 ? 'TLV' : 'subTLVs'} shorter than a subTLV header`);
      return at - from + (left < 2 ? left : sumLeft);
    }
    const type = w.u8(at);
    const size = w.u8(at + 1);
    at += 2;
    left -= 2;
    sumLeft -= 2;
    say(w, SUB, NEIGHBOR_RECORDS[type] ?? 'unknown', ' subTLV #', type, ', length: ', size);
    if (sumLeft < size) {
      w.str(' (remaining data in subTLVs shorter than the current subTLV)');
      return at - from + sumLeft;
    }
    if (left < size) {
      w.str(' (> remaining tlv length)');
      return at - from + left;
    }
    if (!w.has(at, size)) return -1;
    const value = VALUES[type];
    // What a value was read of step by step, tcpdump does not take from what is left of the record.
    const stepped = value === undefined ? unknown(w, at, size) : (value(w, at, size) ?? 0);
    at += size;
    left -= size - stepped;
    sumLeft -= size;
  }
  return at - from;
}
const unknown = (w: Line, at: number, size: number): number => {
  unknownData(w, at, size, RAW);
  return 0;
};
/** Returns how much it read step by step. */
// biome-ignore lint/suspicious/noConfusingVoidType: most read none so.
type Value = (w: Line, at: number, size: number) => number | void;

const numbers: Value = (w, at, size) => {
  if (size >= 4) say(w, ', 0x', hex(w.u32(at), 8));
  if (size === 8) say(w, ', 0x', hex(w.u32(at + 4), 8));
};
const address: Value = (w, at, size) => {
  if (size >= 4) say(w, ', ', dotted(w, at));
};
const bandwidth: Value = (w, at, size) => {
  if (size >= 4) say(w, ', ', megabits(w, at));
};
const unreserved: Value = (w, at, size) => {
  if (size < 32) return 0;
  for (let i = 0; i < 8; i++) say(w, DEEP, 'TE-Class ', i, ': ', megabits(w, at + 4 * i));
  return 32;
};
const constraints: Value = (w, at, size) => {
  if (size === 0) return 0;
  say(w, SUB, 'Bandwidth Constraints Model ID: ', BANDWIDTH_MODELS[w.u8(at)] ?? 'unknown', ' (', w.u8(at), ')');
  const count = (size - 1) >> 2;
  for (let i = 0; i < count; i++) say(w, DEEP, 'Bandwidth constraint CT', i, ': ', megabits(w, at + 1 + 4 * i));
  return 1 + 4 * count;
};
const attribute: Value = (w, at, size) => {
  if (size !== 2) return;
  say(w, ', [ ', flagNames(LINK_ATTRIBUTES, w.u16(at), 'Unknown'), ' ] (0x', hex(w.u16(at), 4), ')');
};
const protection: Value = (w, at, size) => {
  if (size >= 2) say(w, ', ', flagNames(PROTECTIONS, w.u8(at), 'none'), ', Priority ', w.u8(at + 1));
};
const shortestPath: Value = (w, at, size) => {
  if (size < 6) return 0;
  say(w, ', LM: ', w.u24(at), ', P: ', w.u8(at + 3), ', P-ID: ', w.u16(at + 4));
  return 4;
};
const TIME_DIVISION = 100;
const switching: Value = (w, at, size) => {
  if (size < 36) return 0;
  const kind = w.u8(at);
  say(w, DEEP, 'Interface Switching Capability:', SWITCHINGS[kind] ?? 'Unknown');
  say(w, ', LSP Encoding: ', ENCODINGS[w.u8(at + 1)] ?? 'Unknown', DEEP, 'Max LSP Bandwidth:');
  for (let i = 0; i < 8; i++) say(w, DEEP, '  priority level ', i, ': ', megabits(w, at + 4 + 4 * i));
  const rest = at + 36;
  if (kind >= 1 && kind <= 4) {
    if (size >= 42) say(w, DEEP, 'Min LSP Bandwidth: ', megabits(w, rest), DEEP, 'Interface MTU: ', w.u16(rest + 4));
  } else if (kind === TIME_DIVISION) {
    if (size < 44) return 36;
    say(w, DEEP, 'Min LSP Bandwidth: ', megabits(w, rest));
    say(w, DEEP, 'Indication ', nameOf(TIME_DIVISIONS, w.u8(rest + 4), 'Unknown (%)'));
  } else if (size > 36) unknownData(w, rest, size - 36, RAW);
  return 36;
};
const segment: Value = (w, at, size) => {
  if (size < 8) return 0;
  const flags = w.u8(at);
  say(w, DEEP, 'Flags: [', flagNames(SEGMENT_FLAGS, flags, 'none'), ']', DEEP, 'Weight: ', w.u8(at + 1));
  say(w, DEEP, 'Neighbor System-ID: ', systemId(w, at + 2, 6));
  const kind = flags & 0x30;
  // A label of the system's own, or an index into a range that all share (RFC 8667 section 2.2.2).
  if (kind === 0x30) say(w, DEEP, 'Label: ', w.u24(at + 8));
  else if (kind === 0) say(w, DEEP, 'Index: ', w.u32(at + 8));
  else w.invalid();
  return 2;
};
const VALUES: Readonly<Record<number, Value>> = {
  3: numbers,
  4: numbers,
  5: numbers,
  6: address,
  8: address,
  9: bandwidth,
  10: bandwidth,
  11: unreserved,
  12: constraints,
  18: (w, at, size) => {
    if (size >= 3) say(w, ', ', w.u24(at));
  },
  19: attribute,
  20: protection,
  21: switching,
  22: constraints,
  29: shortestPath,
  32: segment,
};

/** A topology, and what belongs to it (RFC 5120). */
export const topologyText =
  (rest: (w: Line, at: number, length: number, unit: Unit, type: number) => boolean) =>
  (w: Line, at: number, length: number, unit: Unit, type: number): boolean => {
    if (length < 2) {
      w.trunc();
      return false;
    }
    topology(w, at);
    return rest(w, at + 2, length - 2, unit, type);
  };
function topology(w: Line, at: number): void {
  const number = w.u16(at) & 0xfff;
  say(w, IN_RECORD, TOPOLOGIES[number] ?? 'Reserved for IETF Consensus', ' Topology (0x', hex(number, 3), ')');
  say(w, ', Flags: [', flagNames(TOPOLOGY_FLAGS, w.u16(at) & 0xf000, 'none'), ']');
}
export function topologiesText(w: Line, at: number, length: number): boolean {
  for (let next = at; next + 2 <= at + length && !w.cut; next += 2) topology(w, next);
  if (length % 2 === 1) say(w, IN_RECORD, 'invalid MT-ID');
  return true;
}
