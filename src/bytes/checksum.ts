import { read16, read32 } from './kind.ts';

/** The Internet checksum's sum (RFC 1071) over `[from, to)`, added to `start`; not yet folded. */
export function sum16(bytes: Uint8Array, from: number, to: number, start = 0): number {
  let sum = start;
  let at = from;
  // Four bytes at a time: the sum of their halves is the sum of all of them in ones' complement.
  for (; at + 3 < to; at += 4) sum += read32(bytes, at);
  // Stays below 2^53 for any packet.
  for (; at + 1 < to; at += 2) sum += read16(bytes, at);
  if (at < to) sum += bytes[at]! << 8;
  return sum;
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
