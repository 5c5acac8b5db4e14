/** The text of names, most of which is ASCII, some UTF-8 (RFC 6762 section 16), and some an attempt on the reader's terminal. */

const encoder = new TextEncoder();
const text = (plain: string): Uint8Array => encoder.encode(plain);
const REPLACEMENT = text('\ufffd');
/** Control characters, as C writes them. */
const ESCAPES: readonly Uint8Array[] = Array.from({ length: 0x20 }, (_, code) => {
  const letter = 'abtnvfr'[code - 7];
  return text(`\\${letter ?? code.toString(8).padStart(3, '0')}`);
});
const DELETE = text('\\177');

const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cn}\p{Cs}\u2028\u2029]/u;
/** What {@link UNPRINTABLE} says of the characters that take up to three octets: 0 not asked yet, 1 printable, 2 not. */
const asked = new Uint8Array(0x1_0000);
function isPrintable(code: number): boolean {
  if (code > 0xffff) return !UNPRINTABLE.test(String.fromCodePoint(code));
  if (asked[code] === 0) asked[code] = UNPRINTABLE.test(String.fromCharCode(code)) ? 2 : 1;
  return asked[code] === 1;
}
function escapeOf(code: number): Uint8Array {
  if (code < 0) return REPLACEMENT;
  if (code < 0x20) return ESCAPES[code]!;
  if (code === 0x7f) return DELETE;
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

/** Room enough for the text of `length` octets. */
export const roomFor = (length: number): number => length * 4;
/** Writes octets as printable UTF-8 to the start of `out`; returns its length. */
export function printable(octets: Uint8Array, length: number, out: Uint8Array): number {
  let to = 0;
  for (let at = 0; at < length; at += taken) {
    const octet = octets[at]!;
    taken = 1;
    if (octet > 0x1f && octet < 0x7f) {
      out[to++] = octet;
      continue;
    }
    const code = octet < 0x80 ? octet : decode(octets, at, length);
    if (code < 0x20 || code === 0x7f || !isPrintable(code)) {
      const instead = escapeOf(code);
      for (let i = 0; i < instead.length; i++) out[to++] = instead[i]!;
    } else for (let i = at; i < at + taken; i++) out[to++] = octets[i]!;
  }
  return to;
}
