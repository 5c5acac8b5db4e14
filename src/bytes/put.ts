/**
 * The writers of the hot path: each puts text at `p` and returns where it ends, and none of them checks for room.
 * Whoever calls them has made room for the longest text they can write ({@link Text.open}).
 */
import { HEX_PAIR, LEFT_DIGITS, OCTET, OCTET_LENGTH, PADDED_DIGITS, zeroRun } from './digits.ts';
import { read32 } from './kind.ts';
import type { Literal } from './text.ts';

const THOUSAND = 1000;
const MILLION = 1_000_000;

/** Text known in advance: its length, up to the next multiple of 32 bytes, is touched. */
export function putLiteral(view: DataView, p: number, { words, length }: Literal): number {
  // Both sides hold the bytes in the machine's order, which for Linux on x86 and arm is little endian.
  for (let i = 0, q = p; i < words.length; i += 4, q += 32) {
    // Read before anything is written: V8 forgets what it knows of `words` with each store.
    const a = words[i]!;
    const b = words[i + 1]!;
    const c = words[i + 2]!;
    const d = words[i + 3]!;
    view.setFloat64(q, a, true);
    view.setFloat64(q + 8, b, true);
    view.setFloat64(q + 16, c, true);
    view.setFloat64(q + 24, d, true);
  }
  return p + length;
}
/**
 * A whole number of 32 bits, with or without its sign: at most 10 characters, 16 bytes touched. Callers with a number
 * that may be beyond 2^31 hand it on as `n | 0`: as an integer it needs no box, and is divided without floating point.
 */
export function putDec(view: DataView, p: number, value: number): number {
  const n = value >>> 0;
  if (n < THOUSAND) {
    const digits = LEFT_DIGITS[n]!;
    view.setUint32(p, digits, true);
    return p + (digits >>> 24);
  }
  if (n < MILLION) {
    const high = (n / THOUSAND) >>> 0;
    const digits = LEFT_DIGITS[high]!;
    view.setUint32(p, digits, true);
    const low = p + (digits >>> 24);
    view.setUint32(low, PADDED_DIGITS[n - Math.imul(high, THOUSAND)]!, true);
    return low + 3;
  }
  return putLong(view, p, n | 0);
}
/** The same for seven digits or more: apart, as V8 copies what is short into who calls it. */
function putLong(view: DataView, p: number, value: number): number {
  const n = value >>> 0;
  const high = (n / MILLION) >>> 0;
  const rest = (n - Math.imul(high, MILLION)) | 0;
  const middle = (rest / THOUSAND) | 0;
  let q = p;
  if (high < THOUSAND) {
    const digits = LEFT_DIGITS[high]!;
    view.setUint32(q, digits, true);
    q += digits >>> 24;
  } else {
    // Up to 4,294.
    view.setUint8(q, 0x30 + ((high / THOUSAND) | 0));
    view.setUint32(q + 1, PADDED_DIGITS[high % THOUSAND]!, true);
    q += 4;
  }
  view.setUint32(q, PADDED_DIGITS[middle]!, true);
  view.setUint32(q + 3, PADDED_DIGITS[rest - Math.imul(middle, THOUSAND)]!, true);
  return q + 6;
}
/** Exactly six digits, of a number below a million; eight bytes touched. */
export function putDigits6(view: DataView, p: number, value: number): number {
  const high = (value / THOUSAND) >>> 0;
  view.setUint32(p, PADDED_DIGITS[high]!, true);
  view.setUint32(p + 3, PADDED_DIGITS[value - Math.imul(high, THOUSAND)]!, true);
  return p + 6;
}
/** Exactly nine digits, of a number below a billion; eleven bytes touched. */
export function putDigits9(view: DataView, p: number, value: number): number {
  const high = (value / MILLION) >>> 0;
  view.setUint32(p, PADDED_DIGITS[high]!, true);
  return putDigits6(view, p + 3, value - Math.imul(high, MILLION));
}
/** `192.0.2.1` from an address as a number of 32 bits, with or without its sign, and a dot behind it. */
export function putIpv4Dot(view: DataView, p: number, address: number): number {
  let octet = address >>> 24;
  view.setUint32(p, OCTET[octet]!, true);
  let q = p + OCTET_LENGTH[octet]!;
  octet = (address >>> 16) & 0xff;
  view.setUint32(q, OCTET[octet]!, true);
  q += OCTET_LENGTH[octet]!;
  octet = (address >>> 8) & 0xff;
  view.setUint32(q, OCTET[octet]!, true);
  q += OCTET_LENGTH[octet]!;
  octet = address & 0xff;
  view.setUint32(q, OCTET[octet]!, true);
  return q + OCTET_LENGTH[octet]!;
}
const COLON = 0x3a;
/**
 * `2001:db8::1` from sixteen bytes: the longest run of zero groups is left out (RFC 5952), and an IPv4 address inside is
 * written as one (`::ffff:192.0.2.1`, as by inet_ntop). At most 39 characters.
 */
export function putIpv6(view: DataView, p: number, bytes: Uint8Array, at: number): number {
  let zeros = 0;
  for (let i = 0; i < 8; i++) if ((bytes[at + 2 * i]! | bytes[at + 2 * i + 1]!) === 0) zeros |= 1 << i;
  const run = zeroRun(zeros);
  const start = run >> 4;
  // Compatible (`::1.2.3.4`) or mapped (`::ffff:1.2.3.4`).
  const mixed = run === 0x06 || (run === 0x05 && bytes[at + 10] === 0xff && bytes[at + 11] === 0xff);
  const groups = mixed ? 6 : 8;
  let q = p;
  for (let i = 0; i < groups; i++) {
    if (i === start) {
      if (i === 0) view.setUint8(q++, COLON);
      view.setUint8(q++, COLON);
      i += (run & 0xf) - 1;
      if (i === 7) return q;
      continue;
    }
    const high = bytes[at + 2 * i]!;
    const low = bytes[at + 2 * i + 1]!;
    // How many of the four digits are leading zeros; the last one always counts.
    const skipped = (Math.clz32((high << 8) | low | 1) - 16) >> 2;
    view.setUint32(q, ((HEX_PAIR[low]! << 16) | HEX_PAIR[high]!) >>> (8 * skipped), true);
    q += 5 - skipped;
    view.setUint8(q - 1, COLON);
  }
  return (mixed ? putIpv4Dot(view, q, read32(bytes, at + 12)) : q) - 1;
}
/** `00:11:22:33:44:55`. */
export function putMac(view: DataView, p: number, bytes: Uint8Array, at: number): number {
  for (let i = 0; i < 6; i++) view.setUint32(p + 3 * i, HEX_PAIR[bytes[at + i]!]! | 0x3a_0000, true);
  return p + 17;
}
/** Two hexadecimal digits. */
export function putHex2(view: DataView, p: number, byte: number): number {
  view.setUint16(p, HEX_PAIR[byte]!, true);
  return p + 2;
}
/** `0x0010: `, the place of a row of a dump: four digits or, beyond 64 KiB, five. */
export function putRowLabel(view: DataView, p: number, place: number): number {
  view.setUint16(p, ZERO_X, true);
  let q = p + 2;
  if (place > 0xffff) view.setUint8(q++, HEX_PAIR[(place >>> 16) & 0xf]! >>> 8);
  view.setUint32(q, HEX_PAIR[(place >>> 8) & 0xff]! | (HEX_PAIR[place & 0xff]! << 16), true);
  view.setUint16(q + 4, COLON_SPACE, true);
  return q + 6;
}
const ZERO_X = 0x7830;
const COLON_SPACE = 0x203a;
/** Bytes as hexadecimal pairs, with nothing between: twice as many characters, four more bytes touched. */
export function putHexBytes(view: DataView, p: number, bytes: Uint8Array, from: number, to: number): number {
  let q = p;
  let at = from;
  for (; at + 1 < to; at += 2, q += 4)
    view.setUint32(q, HEX_PAIR[bytes[at]!]! | (HEX_PAIR[bytes[at + 1]!]! << 16), true);
  if (at === to) return q;
  view.setUint16(q, HEX_PAIR[bytes[at]!]!, true);
  return q + 2;
}
/** ` 4500 0034 …`: up to sixteen bytes in pairs; 40 characters touched. */
export function putHexRow(view: DataView, p: number, bytes: Uint8Array, from: number, to: number): number {
  for (let q = p; q < p + 40; q += 8) view.setFloat64(q, SPACES, true);
  let q = p + 1;
  let at = from;
  for (; at + 1 < to; at += 2, q += 5)
    view.setUint32(q, HEX_PAIR[bytes[at]!]! | (HEX_PAIR[bytes[at + 1]!]! << 16), true);
  if (at === to) return q - 1;
  view.setUint16(q, HEX_PAIR[bytes[at]!]!, true);
  return q + 2;
}
/** Where the text begins behind the start of a row's bytes: eight groups of five characters, and two spaces. */
export const ASCII_COLUMN = 42;
/** Spaces from `p` to `column`, then bytes as text there, with dots for what is not a visible character. */
export function putAsciiRow(
  view: DataView,
  p: number,
  column: number,
  bytes: Uint8Array,
  from: number,
  to: number,
): number {
  for (let q = p; q < column; q += 8) view.setFloat64(q, SPACES, true);
  let q = column;
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!;
    view.setUint8(q++, byte > 0x20 && byte < 0x7f ? byte : 0x2e);
  }
  return q;
}
/** Up to eight characters, as {@link word} made them; the caller adds their number. */
export function putWord(view: DataView, p: number, characters: number): void {
  view.setFloat64(p, characters, true);
}
/** Up to eight characters of ASCII as the bits of a double. */
export function word(text: string): number {
  if (text.length > 8 || /[^\n\t -~]/.test(text))
    throw new Error(`at most eight plain characters: ${JSON.stringify(text)}`);
  eight.setFloat64(0, 0);
  for (let i = 0; i < text.length; i++) eight.setUint8(i, text.charCodeAt(i));
  // Plain ASCII never makes a NaN, whose bits might not survive.
  return eight.getFloat64(0, true);
}
const eight = new DataView(new ArrayBuffer(8));
const SPACES = word('        ');
