/** tcpdump's text of update messages. */
import type { Line } from '../../src/dissect/line.ts';
import { hex, nameOf, say } from '../say.ts';
import { attributeText } from './attributes.ts';
import { ATTRIBUTES, HEAD } from './names.ts';
import { hasPathIds, plainPrefixText } from './routes.ts';

export function updateText(w: Line, at: number, length: number): void {
  if (!partsText(w, at + HEAD, at + length)) w.trunc();
}
/** False when something was missing. */
function partsText(w: Line, from: number, end: number): boolean {
  if (end - from < 2) return false;
  const withdrawn = w.u16(from);
  const attributes = from + 2 + withdrawn;
  if (attributes > end) return false;
  let left = withdrawn;
  if (withdrawn > 1) {
    w.str('\n\t  Withdrawn routes:');
    const rest = routesText(w, from + 2, attributes, 0);
    if (rest < 0) return false;
    left = rest;
  }
  // A prefix that could not be read is where tcpdump goes on with the length of the attributes.
  const sizeAt = withdrawn > 1 ? attributes - left : attributes;
  if (end - sizeAt < 2) return false;
  const size = w.u16(sizeAt);
  const start = sizeAt + 2;
  if (left === 0 && size === 0 && start === end) {
    w.str('\n\t  End-of-Rib Marker (empty NLRI)');
    return true;
  }
  if (end - start < size) return false;
  const routes = start + size;
  if (attributesText(w, start, routes, '\n\t  ', 0) < 0) return false;
  if (routes === end) return true;
  w.str('\n\t  Updated routes:');
  return routesText(w, routes, end, -1) >= 0;
}
/**
 * Prefixes of IPv4. Returns how much is left where one could not be, -1 when something was missing, and `short` when it
 * was a path identifier.
 */
function routesText(w: Line, from: number, end: number, short: number): number {
  const ids = hasPathIds(w, from, end - from, 32);
  for (let at = from; at < end && !w.cut; ) {
    if (ids && end - at < 4) return short;
    const id = ids ? w.u32(at) : 0;
    if (ids) at += 4;
    const size = plainPrefixText(w, at, end - at, 4, '\n\t    ');
    if (size === -1) w.str('\n\t    (illegal prefix length)');
    if (size < 0) return size === -1 ? end - at : -1;
    if (ids) say(w, '   Path Id: ', id);
    at += size;
  }
  return 0;
}
/** Sets of attributes inside of sets. */
const MOST_NESTED = 10;
/** Attributes, up to `end`. Returns where they ended or no longer fit, -1 when something was missing. */
export function attributesText(w: Line, from: number, end: number, indent: string, level: number): number {
  const short = level === 0 ? '\n\t  [path attrs too short]' : ' [path attr too short]';
  let at = from;
  while (at < end && !w.cut) {
    if (!w.has(at, 2)) return -1;
    const flags = w.u8(at);
    const head = (flags & 0x10) === 0 ? 3 : 4;
    if (end - at < 2 || end - at < head) {
      w.str(short);
      return end - at < 2 ? at : at + 2;
    }
    if (!w.has(at, head)) return -1;
    const type = w.u8(at + 1);
    const length = head === 3 ? w.u8(at + 2) : w.u16(at + 2);
    say(w, indent, nameOf(ATTRIBUTES, type, 'Unknown Attribute'), ' (', type, '), length: ', length);
    flagsText(w, flags, level);
    at += head;
    if (end - at < length) {
      w.str(level === 0 ? ' [path attrs too short]' : short);
      return at;
    }
    if (level > MOST_NESTED) w.str('(too many nested levels, not recursing)');
    else if (!attributeText(w, type, at, length, level)) return -1;
    at += length;
  }
  return at;
}
function flagsText(w: Line, flags: number, level: number): void {
  if (flags !== 0) {
    const letters = ['O', 'T', 'P', 'E'].filter((_, i) => (flags & (0x80 >> i)) !== 0).join('');
    const rest = (flags & 15) === 0 ? '' : `+${hex(flags & 15)}`;
    say(w, ', Flags [', letters, rest, level === 0 ? ']: ' : ']');
  }
  if (level > 0) w.str(': ');
}
