/**
 * Numbers as text, looked up: each entry holds up to four ASCII characters, the first in the lowest byte,
 * so that one little-endian 32-bit store writes them all.
 */
const pack = (text: string): number =>
  [3, 2, 1, 0].reduce((word, i) => word * 256 + (i < text.length ? text.charCodeAt(i) : 0x20), 0);

/** 0–9999 without leading zeros. */
export const LEFT_DIGITS = new Uint32Array(10_000);
/** How many characters of {@link LEFT_DIGITS} count. */
export const DIGIT_COUNT = new Uint8Array(10_000);
/** 0–9999 with leading zeros. */
export const PADDED_DIGITS = new Uint32Array(10_000);
/** 00–99. */
const PAIRS = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, '0'));
// This is run at every start, when a loop over all of them takes longer than to have the engine join their text.
function fill(): void {
  const all = PAIRS.map((hundreds) => hundreds + PAIRS.join(hundreds)).join('');
  Buffer.from(PADDED_DIGITS.buffer).write(all, 'latin1');
  LEFT_DIGITS.set(PADDED_DIGITS);
  DIGIT_COUNT.fill(4);
  for (let n = 0; n < 1000; n++) {
    const count = n > 99 ? 3 : n > 9 ? 2 : 1;
    DIGIT_COUNT[n] = count;
    LEFT_DIGITS[n] = PADDED_DIGITS[n]! >>> (8 * (4 - count));
  }
}
fill();

/** One octet of an IPv4 address with the dot that follows it. */
export const OCTET = new Uint32Array(256);
export const OCTET_LENGTH = new Uint8Array(256);
/** One byte as two lower-case hexadecimal digits. */
export const HEX_PAIR = new Uint16Array(256);
for (let n = 0; n < 256; n++) {
  OCTET[n] = pack(`${n}.`);
  OCTET_LENGTH[n] = DIGIT_COUNT[n]! + 1;
  const pair = n.toString(16).padStart(2, '0');
  HEX_PAIR[n] = pair.charCodeAt(0) | (pair.charCodeAt(1) << 8);
}

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
