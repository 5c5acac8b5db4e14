import { type Kind, read8, u32Kind } from '../../src/bytes/kind.ts';

/** In octets: the two highest bits of the first say it (RFC 9000 section 16). */
export const varintSize = (bytes: Uint8Array, at: number): number => 1 << (read8(bytes, at) >> 6);
/** Of 62 bits; beyond 53 not exact. */
function readVarint(bytes: Uint8Array, at: number): number {
  let value = read8(bytes, at) & 0x3f;
  for (let i = 1; i < varintSize(bytes, at); i++) value = value * 256 + read8(bytes, at + i);
  return value;
}
/** A number of 6, 14, 30 or 62 bits. */
export const varintKind: Kind = {
  ...u32Kind,
  name: 'varint',
  size: 0,
  read: (distance) => (bytes, at) => readVarint(bytes, at + distance),
  write: (w, bytes, from) => w.dec(readVarint(bytes, from)),
};
