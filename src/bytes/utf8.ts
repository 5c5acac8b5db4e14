/** Text from the wire: most of it is ASCII, some UTF-8 (RFC 3629), and some an attempt on the reader's terminal. */
import type { Text } from './text.ts';

const encoder = new TextEncoder();
const text = (plain: string): Uint8Array => encoder.encode(plain);
const REPLACEMENT = text('\ufffd');
/** Of the control characters that were asked for. */
const escapes: Uint8Array[] = [];

const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cn}\p{Cs}\u2028\u2029]/u;
/** What {@link UNPRINTABLE} says of the characters that take up to three octets: 0 not asked yet, 1 printable, 2 not. */
const asked = new Uint8Array(0x1_0000);
function isPrintable(code: number): boolean {
  if (code > 0xffff) return !UNPRINTABLE.test(String.fromCodePoint(code));
  if (asked[code] === 0) asked[code] = UNPRINTABLE.test(String.fromCharCode(code)) ? 2 : 1;
  return asked[code] === 1;
}
/** Control characters as C writes them, other characters by their number. */
function escapeOf(code: number): Uint8Array {
  if (code < 0) return REPLACEMENT;
  if (code < 0x20 || code === 0x7f)
    return (escapes[code] ??= text(`\\${'abtnvfr'[code - 7] ?? code.toString(8).padStart(3, '0')}`));
  const digits = code.toString(16).toUpperCase();
  return text(code > 0xffff ? `\\U${digits.padStart(8, '0')}` : `\\u${digits.padStart(4, '0')}`);
}

/** Octets that the last {@link decode} took. */
let taken = 0;
/** One character beyond ASCII; -1 when these octets are none (the algorithm of the WHATWG's Encoding standard). */
function decode(octets: Uint8Array, at: number, end: number): number {
  const first = octets[at]!;
  taken = 1;
  if (first < 0xc2 || first > 0xf4) return -1;
  const size = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  // No overlong forms, no surrogates, nothing above U+10FFFF.
  let low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  let high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  let code = first & (0xff >> (size + 1));
  for (; taken < size; taken++) {
    const octet = at + taken < end ? octets[at + taken]! : 0;
    if (octet < low || octet > high) return -1;
    code = (code << 6) | (octet & 0x3f);
    low = 0x80;
    high = 0xbf;
  }
  return code;
}
/** One character; -1 when these octets are none. */
function next(octets: Uint8Array, at: number, end: number): number {
  const octet = octets[at]!;
  taken = 1;
  return octet < 0x80 ? octet : decode(octets, at, end);
}

/** Room enough for the text of `length` octets. */
export const roomFor = (length: number): number => length * 4;
/** Writes octets as printable UTF-8 into `out`, from `start` on; returns where it ends. */
export function printable(octets: Uint8Array, from: number, end: number, out: Uint8Array, start: number): number {
  let to = start;
  for (let at = from; at < end; at += taken) {
    const code = next(octets, at, end);
    if (code < 0x20 || code === 0x7f || (code > 0x7f && !isPrintable(code))) {
      const instead = escapeOf(code);
      for (let i = 0; i < instead.length; i++) out[to++] = instead[i]!;
    } else for (let i = at; i < at + taken; i++) out[to++] = octets[i]!;
  }
  return to;
}
/** Writes octets as printable UTF-8: control characters as C writes them, other invisible ones by their number. */
export function writePrintable(w: Text, octets: Uint8Array, from: number, to: number): void {
  const start = w.open(roomFor(to - from));
  w.at = printable(octets, from, to, w.bytes, start);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Writes octets as the inside of a JSON string (RFC 8259 section 7), which stands for them exactly if they are UTF-8. */
export function writeJson(w: Text, octets: Uint8Array, from: number, end: number): void {
  // Six bytes for one: `\u0001`.
  let to = w.open((end - from) * 6);
  const out = w.bytes;
  for (let at = from; at < end; at += taken) {
    const code = next(octets, at, end);
    if (code === QUOTE || code === BACKSLASH) {
      out[to++] = BACKSLASH;
      out[to++] = code;
    } else if (code > 0x1f && (code < 0x7f || (code > 0x7f && isPrintable(code))))
      for (let i = at; i < at + taken; i++) out[to++] = octets[i]!;
    else if (code > 0xffff) {
      to = putUnit(out, to, 0xd7c0 + (code >> 10));
      to = putUnit(out, to, 0xdc00 | (code & 0x3ff));
    } else to = putUnit(out, to, code < 0 ? 0xfffd : code);
  }
  w.at = to;
}
/** `\u202e`: one unit of UTF-16. */
function putUnit(out: Uint8Array, at: number, unit: number): number {
  out[at] = BACKSLASH;
  out[at + 1] = 0x75;
  for (let i = 0; i < 4; i++) {
    const digit = (unit >> (12 - 4 * i)) & 15;
    out[at + 2 + i] = digit + (digit < 10 ? 0x30 : 0x57);
  }
  return at + 6;
}
