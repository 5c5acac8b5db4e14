/** The Internet checksum's sum (RFC 1071) over `[from, to)`, added to `start`; not yet folded. */
export function sum16(bytes: Uint8Array, from: number, to: number, start = 0): number {
  // The bytes of the upper and of the lower half of each word apart: small numbers, which V8 adds as integers.
  let high = 0;
  let low = 0;
  let at = from;
  for (; at + 7 < to; at += 8) {
    high += bytes[at]! + bytes[at + 2]! + bytes[at + 4]! + bytes[at + 6]!;
    low += bytes[at + 1]! + bytes[at + 3]! + bytes[at + 5]! + bytes[at + 7]!;
  }
  for (; at + 1 < to; at += 2) {
    high += bytes[at]!;
    low += bytes[at + 1]!;
  }
  if (at < to) high += bytes[at]!;
  return start + high * 256 + low;
}
/** Folds a sum and inverts it: 0 when the data, its checksum field included, is intact. */
export function fold16(sum: number): number {
  let rest = sum;
  while (rest > 0xffff) rest = (rest % 0x1_0000) + Math.floor(rest / 0x1_0000);
  return ~rest & 0xffff;
}
/** What the checksum field should have held, from what it holds and what {@link fold16} gave over the whole. */
export function shouldBe16(found: number, folded: number): number {
  let sum = found + folded;
  sum = (sum & 0xffff) + (sum >>> 16);
  return sum;
}
