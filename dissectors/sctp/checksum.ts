import { read8, read32, read32le } from '../../src/bytes/kind.ts';

/** Castagnoli's polynomial, its bits reversed (RFC 9260 appendix A). */
const POLYNOMIAL = 0x82f6_3b78;
/** The largest prime below 2^16 (RFC 2960 appendix B). */
const ADLER = 65521;
/** Where the checksum stands in the header; it is taken with zeros in its place. */
const PLACE = 8;
const PLACE_END = 12;

let remainders: Int32Array | undefined;
function remaindersOfBytes(): Int32Array {
  const table = new Int32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let rest = byte;
    for (let bit = 0; bit < 8; bit++) rest = (rest & 1) === 0 ? rest >>> 1 : (rest >>> 1) ^ POLYNOMIAL;
    table[byte] = rest;
  }
  return table;
}
function crc32c(bytes: Uint8Array, from: number, to: number): number {
  remainders ??= remaindersOfBytes();
  let rest = -1;
  for (let at = from; at < to; at++) {
    const byte = at >= from + PLACE && at < from + PLACE_END ? 0 : read8(bytes, at);
    rest = remainders[(rest ^ byte) & 0xff]! ^ (rest >>> 8);
  }
  return ~rest >>> 0;
}
function adler32(bytes: Uint8Array, from: number, to: number): number {
  let a = 1;
  let b = 0;
  for (let at = from; at < to; at++) {
    if (at < from + PLACE || at >= from + PLACE_END) a = (a + read8(bytes, at)) % ADLER;
    b = (b + a) % ADLER;
  }
  return b * 0x1_0000 + a;
}
/** Has the packet in `[from, to)` the checksum that it should? Before 2002 that was another one (RFC 3309). */
export const isIntact = (bytes: Uint8Array, from: number, to: number): boolean =>
  read32le(bytes, from + PLACE) === crc32c(bytes, from, to) || read32(bytes, from + PLACE) === adler32(bytes, from, to);
