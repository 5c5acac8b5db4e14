import { type Kind, read8, u32Kind } from '../../src/bytes/kind.ts';

const MOST = 4;
/** Seven bits an octet, the lowest first (MQTT 3.1.1 section 2.2.3); past four octets it is no number. */
function readVarint(bytes: Uint8Array, at: number): number {
  let value = 0;
  for (let i = 0; i < MOST; i++) {
    const octet = read8(bytes, at + i);
    value += (octet & 0x7f) * 128 ** i;
    if (octet < 0x80) break;
  }
  return value;
}
/** In octets; 0 when it does not end before `end`, or not at all. */
export function varintSize(bytes: Uint8Array, at: number, end: number): number {
  for (let size = 1; size <= MOST && at + size <= end; size++) if (read8(bytes, at + size - 1) < 0x80) return size;
  return 0;
}
/** A length of one to four octets. */
export const varintKind: Kind = {
  ...u32Kind,
  name: 'varint',
  size: 0,
  read: (distance) => (bytes, at) => readVarint(bytes, at + distance),
  write: (w, bytes, from) => w.dec(readVarint(bytes, from)),
};
