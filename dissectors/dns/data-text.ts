/** tcpdump's text of what records hold. */
import { read8 } from '../../src/bytes/kind.ts';
import { literal } from '../../src/bytes/text.ts';
import type { Line } from '../../src/dissect/line.ts';
import { dns } from './fields.ts';
import { CUT, nameText } from './name-text.ts';
import { optionText } from './option-text.ts';

/** Prints the data at `[at, end)`, which was captured, but may be too short for its type. False: the text ends here. */
type DataText = (w: Line, at: number, end: number, base: number, classNumber: number) => boolean;
const SPACE = 0x20;
const UDP_SIZE = literal(' UDPsize=');
const DNSSEC_OK = literal(' DO');

function addressText(w: Line, at: number): boolean {
  if (!w.has(at, 4)) return false;
  w.char(SPACE);
  w.ipv4At(at);
  return true;
}
function ipv6Text(w: Line, at: number): boolean {
  if (!w.has(at, 16)) return false;
  w.char(SPACE);
  w.ipv6At(at);
  return true;
}
function pointsTo(w: Line, at: number, _end: number, base: number): boolean {
  w.char(SPACE);
  return nameText(w, at, base) !== CUT;
}
function authorityText(w: Line, at: number, _end: number, base: number): boolean {
  if (w.verbose === 0) return true;
  w.char(SPACE);
  let next = nameText(w, at, base);
  if (next === CUT) return false;
  w.char(SPACE);
  next = nameText(w, next, base);
  if (next === CUT || !w.has(next, 20)) return false;
  for (let i = 0; i < 5; i++) {
    w.char(SPACE);
    w.dec(w.u32(next + 4 * i));
  }
  return true;
}
function exchangeText(w: Line, at: number, _end: number, base: number): boolean {
  w.char(SPACE);
  if (!w.has(at, 2) || nameText(w, at + 2, base) === CUT) return false;
  w.char(SPACE);
  w.dec(w.u16(at));
  return true;
}
function serviceText(w: Line, at: number, _end: number, base: number): boolean {
  w.char(SPACE);
  if (!w.has(at, 6) || nameText(w, at + 6, base) === CUT) return false;
  w.char(0x3a);
  w.dec(w.u16(at + 4));
  w.char(SPACE);
  w.dec(w.u16(at));
  w.char(SPACE);
  w.dec(w.u16(at + 2));
  return true;
}
/** Escaped text, as much of it as was captured; false when that is not all. */
function textThere(w: Line, at: number, count: number): boolean {
  w.printable(w.frame.bytes, at, Math.min(at + count, w.limit));
  return at + count <= w.limit;
}
function stringsText(w: Line, at: number, end: number): boolean {
  for (let next = at; next < end; ) {
    w.str(' "');
    if (!w.has(next, 1)) return false;
    const length = w.u8(next);
    if (!textThere(w, next + 1, length)) return false;
    w.char(0x22);
    next += 1 + length;
  }
  return true;
}

const suffix = new Uint8Array(16);
/** RFC 2874: the length of a prefix, the rest of the address, the prefix's name. */
function ipv6SuffixText(w: Line, at: number, _end: number, base: number): boolean {
  if (!w.has(at, 1)) return false;
  const prefix = w.u8(at);
  if (prefix > 128) {
    w.char(SPACE);
    w.dec(prefix);
    w.str('(bad plen)');
    return true;
  }
  const missing = prefix >> 3;
  const name = at + 1 + 16 - missing;
  if (prefix < 128) {
    if (!w.need(at + 1, 16 - missing)) return false;
    for (let i = 0; i < 16; i++) suffix[i] = i < missing ? 0 : read8(w.frame.bytes, at + 1 + i - missing);
    w.char(SPACE);
    w.dec(prefix);
    w.char(SPACE);
    w.ipv6(suffix, 0);
  }
  if (prefix === 0) return true;
  w.char(SPACE);
  return nameText(w, name, base) !== CUT;
}
function uriText(w: Line, at: number, end: number): boolean {
  const priority = w.u16(at);
  const weight = w.u16(at + 2);
  if (w.cut) return false;
  w.char(SPACE);
  w.dec(priority);
  w.char(SPACE);
  w.dec(weight);
  w.char(SPACE);
  // Shorter than its numbers, the length of the rest wraps around, and tcpdump prints all there is.
  return textThere(w, at + 4, end - at < 4 ? 0xffff_ffff : end - at - 4);
}
function edns(w: Line, at: number, end: number, _base: number, classNumber: number): boolean {
  w.put(UDP_SIZE);
  w.dec(classNumber);
  if (dns['resp.z.do'].read(w.frame.bytes, at - 4) === 1) w.put(DNSSEC_OK);
  if (at >= end) return true;
  w.str(' [');
  for (let next = at; next < end; ) {
    next = optionText(w, next);
    if (next === CUT) return false;
    if (next < end) w.char(0x2c);
  }
  w.char(0x5d);
  return true;
}
/** RFC 8945 section 4.2; the time and the MAC are not shown. */
function signatureText(w: Line, at: number, _end: number, base: number): boolean {
  if (w.verbose === 0) return true;
  w.char(SPACE);
  let next = nameText(w, at, base);
  if (next === CUT) return false;
  next += 6;
  for (const label of [' fudge=', ' maclen=', ' origid=', ' error=', ' otherlen=']) {
    if (!w.has(next, 2)) return false;
    w.str(label);
    const value = w.u16(next);
    w.dec(value);
    next += label === ' maclen=' ? 2 + value : 2;
  }
  return true;
}

/** By type; the other types are their names alone. */
export const DATA_TEXT: Readonly<Record<number, DataText>> = {
  1: addressText,
  2: pointsTo,
  5: pointsTo,
  6: authorityText,
  12: pointsTo,
  15: exchangeText,
  16: stringsText,
  28: ipv6Text,
  33: serviceText,
  38: ipv6SuffixText,
  39: pointsTo,
  41: edns,
  104: textOnly,
  250: signatureText,
  256: uriText,
};
/** One long text, directly behind the type. */
function textOnly(w: Line, at: number, end: number): boolean {
  return textThere(w, at, end - at);
}
