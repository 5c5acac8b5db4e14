import { literal } from '../../src/bytes/text.ts';
import type { Line } from '../../src/dissect/line.ts';
import { dotted, flagNames, say } from '../say.ts';
import { unknownData } from '../unknown-data.ts';
import { IN_RECORD } from './value.ts';

const FLAGS = [
  [1, 'S bit'],
  [2, 'D bit'],
] as const;
const SEGMENT_FLAGS = [
  [0x80, 'ipv4'],
  [0x40, 'ipv6'],
] as const;
const SEGMENT_ROUTING = 2;
const HEAD = 5;
const RAW = literal('\n\t\t');
const ID_RAW = literal('\n\t\t  ');

/** What a router can do (RFC 7981). */
export function capabilityText(w: Line, at: number, length: number): boolean {
  if (length < HEAD) {
    say(w, ' [object length ', length, ' < 5]');
    w.invalid();
    return true;
  }
  say(w, IN_RECORD, 'Router-ID ', dotted(w, at), ', Flags [', flagNames(FLAGS, w.u8(at + 4), 'none'), ']');
  const end = at + length;
  for (let next = at + HEAD; next + 2 <= end && !w.cut; ) {
    const type = w.u8(next);
    const size = w.u8(next + 1);
    next += 2;
    say(w, '\n\t\t', type === SEGMENT_ROUTING ? 'SR-Capabilities' : 'unknown', ' subTLV #', type, ', length: ', size);
    if (next + size > end || !w.has(next, size)) return true;
    if (type === SEGMENT_ROUTING) segmentText(w, next, size);
    else unknownData(w, next, size, RAW);
    next += size;
  }
  return true;
}
/** Which labels its segments may have (RFC 8667 section 3.1). */
function segmentText(w: Line, at: number, size: number): void {
  say(w, ', Flags [', flagNames(SEGMENT_FLAGS, w.u8(at), 'None'), '], Range ', w.u24(at + 1));
  // A record too short for the range leaves a length that goes round in tcpdump.
  const end = at + 4 + ((size - 4) & 0xff);
  for (let next = at + 4; next + 5 <= end && !w.cut; ) {
    const type = w.u8(next);
    const length = w.u8(next + 1);
    next += 2;
    if (next + length > end) return;
    if (type !== 1) unknownData(w, next, length, ID_RAW);
    else if (length === 3) say(w, ', SID value ', w.u24(next));
    else if (length === 4) say(w, ', SID value ', w.u32(next));
    else say(w, ', Unknown SID length', length);
    next += length;
  }
}
