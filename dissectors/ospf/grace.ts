import { literal } from '../../src/bytes/text.ts';
import type { Line } from '../../src/dissect/line.ts';
import { nameOf, say } from '../say.ts';
import { unknownData } from '../unknown-data.ts';

const RECORDS: Readonly<Record<number, string>> = {
  1: 'Grace Period',
  2: 'Graceful restart Reason',
  3: 'IPv4 interface address',
};
const REASONS: Readonly<Record<number, string>> = {
  0: 'Unknown',
  1: 'Software Restart',
  2: 'Software Reload/Upgrade',
  3: 'Control Processor Switch',
};
const SIZES: Readonly<Record<number, number>> = { 1: 4, 2: 1, 3: 4 };
const INDENT = literal('\n\t      ');

/** tcpdump's text of an advertisement of a graceful restart (RFC 3623). False when it ends early. */
export function graceText(w: Line, from: number, end: number): boolean {
  for (let at = from; at < end && !w.cut; ) {
    if (!w.has(at, 4)) return false;
    const left = end - at - 4;
    if (left < 0) {
      say(w, '\n\t    Remaining LS length ', left + 4, ' < 4');
      return false;
    }
    const type = w.u16(at);
    const length = w.u16(at + 2);
    say(w, '\n\t    ', nameOf(RECORDS, type, 'unknown'), ' TLV (', type, '), length ', length, ', value: ');
    if (length > left) {
      say(w, '\n\t    Bogus length ', length, ' > ', left);
      return false;
    }
    if (type === 0 || length === 0 || !w.has(at + 4, length)) return false;
    if ((SIZES[type] ?? length) !== length) {
      say(w, '\n\t    Bogus length ', length, ' != ', SIZES[type]!);
      return false;
    }
    if (type === 1) say(w, w.u32(at + 4), 's');
    else if (type === 2) say(w, nameOf(REASONS, w.u8(at + 4), 'Unknown'), ' (', w.u8(at + 4), ')');
    else if (type === 3) w.ipv4At(at + 4);
    else if (w.verbose <= 1) unknownData(w, at + 4, length, INDENT);
    at += 4 + Math.ceil(length / 4) * 4;
    // What is left is then counted below zero, as a very large number.
    if (at > end) return cutAfter(w, at);
  }
  return true;
}
/** Goes on behind the end, where nothing is to be found. */
function cutAfter(w: Line, at: number): boolean {
  if (w.has(at, 4)) w.cutHere();
  return false;
}
