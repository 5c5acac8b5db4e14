/**
 * Numbers as text, looked up: each entry holds ASCII characters, the first in the lowest byte, so that one little-endian
 * 32-bit store writes them all. Three digits at a time: the tables stay in the processor's first cache, where those of four
 * digits drove each other out, and what a store writes too much is written over by what follows.
 */

/** 0–999 without leading zeros; in the highest byte, how many characters count. */
export const LEFT_DIGITS = new Uint32Array(1000);
/** 0–999 with leading zeros: three characters. */
export const PADDED_DIGITS = new Uint32Array(1000);
/** One octet of an IPv4 address with the dot that follows it. */
export const OCTET = new Uint32Array(256);
export const OCTET_LENGTH = new Uint8Array(256);
/** One byte as two lower-case hexadecimal digits. */
export const HEX_PAIR = new Uint16Array(256);
const hexDigit = (value: number): number => value + (value < 10 ? 0x30 : 0x57);
// A function of its own, and no more in its loops than must be: this is run at every start.
function fill(): void {
  for (let n = 0, a = 0x303030; a < 0x30303a; a++)
    for (let b = 0; b < 0xa00; b += 0x100) for (let c = 0; c < 0xa_0000; c += 0x1_0000) PADDED_DIGITS[n++] = a + b + c;
  for (let n = 0; n < 1000; n++) {
    const count = n > 99 ? 3 : n > 9 ? 2 : 1;
    LEFT_DIGITS[n] = (count << 24) | (PADDED_DIGITS[n]! >>> (8 * (3 - count)));
  }
  for (let n = 0; n < 256; n++) {
    const digits = LEFT_DIGITS[n]!;
    const count = digits >>> 24;
    OCTET[n] = (digits & 0xff_ffff) | (0x2e << (8 * count));
    OCTET_LENGTH[n] = count + 1;
    HEX_PAIR[n] = hexDigit(n >> 4) | (hexDigit(n & 0xf) << 8);
  }
}
fill();

const zeroRuns = new Uint8Array(256);
/**
 * Of eight 16-bit groups, given as a set of those that are zero (bit i for group i): where the longest run of two or
 * more begins, the first of equals, in the higher four bits, and its length in the lower. No run: length 0.
 */
export const zeroRun = (zeros: number): number => zeroRuns[zeros]! || findZeroRun(zeros);
function findZeroRun(zeros: number): number {
  for (let length = 8; length > 1; length--)
    for (let start = 0; start + length <= 8; start++) {
      const run = ((1 << length) - 1) << start;
      if ((zeros & run) === run) return (zeroRuns[zeros] = (start << 4) | length);
    }
  return (zeroRuns[zeros] = 0x80);
}
