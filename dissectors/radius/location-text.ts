import { literal } from '../../src/bytes/text.ts';
import type { Line } from '../../src/dissect/line.ts';
import { stampText } from '../ntp/text.ts';
import { flagNames, nameOf, say } from '../say.ts';

/** Who runs the network, and where the user is (RFC 5580 section 4). */

/** All of at least `least` bytes; else it says what is wrong. */
function isThere(w: Line, at: number, length: number, least: number): boolean {
  if (!w.has(at, length)) w.trunc();
  else if (length < least) say(w, 'ERROR: length ', length, ' < ', least);
  else return true;
  return false;
}
const NAMESPACES: Readonly<Record<number, string>> = { 48: 'TADIG', 49: 'REALM', 50: 'E212', 51: 'ICC' };
export function operatorText(w: Line, at: number, length: number): void {
  if (!isThere(w, at, length, 2)) return;
  say(w, '[', nameOf(NAMESPACES, w.u8(at), 'unknown namespace %'), '] ');
  w.textAt(at + 1, length - 1);
}
export function placeText(w: Line, at: number, length: number): void {
  if (!isThere(w, at, length, 21)) return;
  say(w, 'index ', w.u16(at), ', code ', nameOf({ 0: 'Civic', 1: 'Geospatial' }, w.u8(at + 2), 'Unknown (%)'));
  say(w, ', entity ', nameOf({ 0: 'User', 1: 'RADIUS' }, w.u8(at + 3), 'Unknown (%)'), ', sighting time ');
  stampText(w, at + 4);
  w.str(', time to live ');
  stampText(w, at + 12);
  w.str(', method "');
  w.textAt(at + 20, length - 20);
  w.char(0x22);
}
const INDENT = literal('\n\t    ');
export function dataText(w: Line, at: number, length: number): void {
  if (!isThere(w, at, length, 3)) return;
  say(w, 'index ', w.u16(at), ', location');
  w.hexDump(at + 2, at + length, true, INDENT);
}
const RULES: readonly (readonly [mask: number, name: string])[] = Array.from({ length: 16 }, (_, i) => [
  1 << i,
  i === 15 ? 'Retransmission Allowed' : `MBZ-${15 - i}`,
]);
export function rulesText(w: Line, at: number, length: number): void {
  if (!isThere(w, at, length, 10)) return;
  say(w, 'flags [', flagNames(RULES, w.u16(at), 'none'), '], retention expires ');
  stampText(w, at + 2);
  if (length <= 10) return;
  w.str(', note well "');
  w.textAt(at + 10, length - 10);
  w.char(0x22);
}
