import { literal } from '../../src/bytes/text.ts';
import type { Line } from '../../src/dissect/line.ts';
import { addressText, prefixBytes } from '../bgp/prefix.ts';
import { alignRight } from '../rip/text.ts';
import { flagNames, hex, say } from '../say.ts';
import { unknownData } from '../unknown-data.ts';
import { ALGORITHMS, PREFIX_RECORDS, PREFIX_SEGMENT_FLAGS, RECORD } from './names.ts';
import type { Unit } from './records.ts';
import { IN_RECORD } from './value.ts';

const RAW = literal('\n\t\t    ');
const SUB = `${IN_RECORD}  `;

/** Prefixes with wide metrics (RFC 5305, RFC 5308). */
export function prefixesText(w: Line, at: number, length: number, _: Unit, type: number): boolean {
  const v6 = type === RECORD.prefixes6 || type === RECORD.topologyPrefixes6;
  for (let left = length; left > 0 && !w.cut; ) {
    const used = prefixText(w, at + length - left, v6);
    if (w.cut) return false;
    if (used === 0) {
      w.trunc();
      return false;
    }
    if (left < used) {
      say(w, ' [remaining tlv length ', left, ' < ', used, ']');
      w.invalid();
      return true;
    }
    left -= used & 0xff;
  }
  return true;
}
/** Returns how many bytes it has; 0 when it makes no sense. */
function prefixText(w: Line, at: number, v6: boolean): number {
  const metric = w.u32(at);
  const flags = w.u8(at + 4);
  const head = v6 ? 6 : 5;
  const bits = v6 ? w.u8(at + 5) : flags & 0x3f;
  if (w.cut) return 0;
  if (bits > (v6 ? 128 : 32)) {
    say(w, IN_RECORD, v6 ? 'IPv6' : 'IPv4', ' prefix: bad bit length ', bits);
    return 0;
  }
  const size = (bits + 7) >> 3;
  if (!w.need(at + head, size)) return 0;
  say(w, IN_RECORD, v6 ? 'IPv6 prefix: ' : 'IPv4 prefix: ');
  const column = w.at;
  // Bits behind the prefix are shown as they are.
  addressText(w, prefixBytes(w, at + head, 8 * size, v6 ? 16 : 4));
  if (!v6) alignRight(w, column, 15);
  say(w, '/', bits, ', Distribution: ', (flags & 0x80) === 0 ? 'up' : 'down', ', Metric: ', metric);
  if (v6) w.str((flags & 0x40) === 0 ? ', Internal' : ', External');
  if ((flags & (v6 ? 0x20 : 0x40)) === 0) return head + size;
  w.str(', sub-TLVs present');
  const records = at + head + size;
  const sum = w.u8(records);
  say(w, ' (', sum, ')');
  return subRecordsText(w, records + 1, sum) ? head + size + 1 + sum : 0;
}
function subRecordsText(w: Line, from: number, sum: number): boolean {
  let at = from;
  // tcpdump asks only whether nothing is left: past the end it goes on until the packet ends.
  for (let left = sum; left !== 0 && !w.cut; ) {
    const type = w.u8(at);
    const size = w.u8(at + 1);
    if (!subRecordText(w, at + 2, type, size)) return false;
    at += 2 + size;
    left -= 2 + size;
  }
  return true;
}
function subRecordText(w: Line, at: number, type: number, size: number): boolean {
  say(w, SUB, PREFIX_RECORDS[type] ?? 'unknown', ' subTLV #', type, ', length: ', size);
  if (!w.has(at, size)) {
    w.trunc();
    return false;
  }
  if (type === 1 || type === 117) {
    for (let next = at; next + 4 <= at + size; next += 4) say(w, ', 0x', hex(w.u32(next), 8), ' (=', w.u32(next), ')');
  } else if (type === 2) {
    for (let next = at; next + 8 <= at + size; next += 8) say(w, ', 0x', hex(w.u32(next), 8), hex(w.u32(next + 4), 8));
  } else if (type === 3) return segmentText(w, at, size);
  else unknownData(w, at, size, RAW);
  return true;
}
/** RFC 8667 section 2.1. */
function segmentText(w: Line, at: number, size: number): boolean {
  const flags = w.u8(at);
  const algorithm = w.u8(at + 1);
  const label = (flags & 0x08) !== 0;
  if (size < (label ? 5 : 6)) {
    w.trunc();
    return false;
  }
  say(w, ', Flags [', flagNames(PREFIX_SEGMENT_FLAGS, flags, 'None'), ']');
  say(w, ', Algo ', ALGORITHMS[algorithm] ?? 'Unknown', ' (', algorithm, '), ');
  say(w, label ? 'label ' : 'index ', label ? w.u24(at + 2) : w.u32(at + 2));
  return true;
}
