/** tcpdump's text of questions and records. */
import { type Literal, literal } from '../../src/bytes/text.ts';
import type { Line } from '../../src/dissect/line.ts';
import { durationText } from '../duration.ts';
import { DATA_TEXT } from './data-text.ts';
import { skipName } from './name.ts';
import { CUT, nameText } from './name-text.ts';
import { RR_TYPES } from './types.ts';

/** tcpdump 4.99.3 knows the types up to DNSKEY, these, and ANY; others are numbers to it. */
const KNOWN_ABOVE_DNSKEY = new Set([99, 100, 101, 102, 103, 104, 249, 250, 251, 252, 253, 254, 255, 256]);
const DNSKEY = 48;
const OTHER_NAMES: Readonly<Record<number, string>> = { 23: 'NSAP_PTR', 104: 'UNSPECA' };
/** ` A`, by type. */
const TYPES: readonly (Literal | undefined)[] = Array.from({ length: 257 }, (_, type) => {
  const name = OTHER_NAMES[type] ?? RR_TYPES[type];
  if (name === undefined || (type > DNSKEY && !KNOWN_ABOVE_DNSKEY.has(type))) return undefined;
  return literal(` ${name}`);
});
const IN = 1;
const OPT = 41;
/** In multicast DNS, the bit of the class that is a flag. */
const FLAG = 0x8000;
const CLASSES: Readonly<Record<number, string>> = { 1: ' IN', 3: ' CHAOS', 4: ' HS', 255: ' ANY' };
const WANTS_UNICAST = literal(' (QU)');
const WANTS_MULTICAST = literal(' (QM)');
const CACHE_FLUSH = literal(' (Cache flush)');
const ASKED = literal('? ');

export function typeText(w: Line, type: number): void {
  const known = TYPES[type];
  if (known !== undefined) w.put(known);
  else {
    w.str(' Type');
    w.dec(type);
  }
}
export const classText = (w: Line, number: number, unknown = ' (Class %u)'): void => w.named(CLASSES, number, unknown);

/** ` A? example.com.`; the place behind the question, or {@link CUT}. */
export function questionText(w: Line, at: number, base: number, multicast: boolean): number {
  const next = skipName(w.frame.bytes, at, w.limit);
  if (next < 0 || !w.has(next, 4)) return CUT;
  typeText(w, w.u16(next));
  const field = w.u16(next + 2);
  const number = multicast ? field & ~FLAG : field;
  if (number !== IN) classText(w, number);
  if (multicast) w.put((field & FLAG) === 0 ? WANTS_MULTICAST : WANTS_UNICAST);
  w.put(ASKED);
  const end = nameText(w, at, base);
  return end === CUT ? CUT : end + 4;
}

/** ` A 192.0.2.1`, with `-v` the owner's name in front; the place behind the record, or {@link CUT}. */
export function recordText(w: Line, at: number, base: number, multicast: boolean): number {
  if (w.verbose > 0) w.char(0x20);
  const start = w.verbose > 0 ? nameText(w, at, base) : skipName(w.frame.bytes, at, w.limit);
  if (start < 0 && w.verbose > 0) return CUT;
  // tcpdump says nothing of a record that ends in the middle of its header.
  if (start < 0 || !w.has(start, 10)) return w.limit;
  const type = w.u16(start);
  const field = w.u16(start + 2);
  const number = multicast ? field & ~FLAG : field;
  if (number !== IN && type !== OPT) classText(w, number);
  if (multicast && (field & FLAG) !== 0) w.put(CACHE_FLUSH);
  if (type !== OPT && w.verbose > 2) {
    w.str(' [');
    durationText(w, w.u32(start + 4));
    w.char(0x5d);
  }
  typeText(w, type);
  const data = start + 10;
  const end = data + w.u16(start + 8);
  if (end > w.limit) return CUT;
  const good = DATA_TEXT[type]?.(w, data, end, base, number) ?? true;
  return good && !w.cut ? end : CUT;
}
