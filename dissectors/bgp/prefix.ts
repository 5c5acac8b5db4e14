import type { Line } from '../../src/dissect/line.ts';
import { dotted, hex } from '../say.ts';

/** The bytes of a prefix as an address of `size` bytes; the bits behind the prefix are zero. */
export function prefixBytes(w: Line, at: number, bits: number, size: number): Uint8Array {
  const address = new Uint8Array(size);
  const count = Math.ceil(bits / 8);
  if (!w.need(at, count)) return address;
  address.set(w.frame.bytes.subarray(at, at + count));
  if (bits % 8 !== 0) address[count - 1]! &= (0xff00 >> (bits % 8)) & 0xff;
  return address;
}
export function addressText(w: Line, address: Uint8Array): void {
  if (address.length === 4) w.ipv4(address, 0);
  else if (address.length === 16) w.ipv6(address, 0);
}
/** `65000:1 (= 0.0.0.1)`: RFC 4364 section 4.2. */
export function distinguisher(w: Line, at: number): string {
  const kind = w.u16(at);
  if (kind === 0) return `${w.u16(at + 2)}:${w.u32(at + 4)} (= ${dotted(w, at + 4)})`;
  if (kind === 1) return `${dotted(w, at + 2)}:${w.u16(at + 6)}`;
  if (kind === 2) return `${w.u32(at + 2)}:${w.u16(at + 6)} (${dotted(w, at + 2)}:${w.u16(at + 6)})`;
  return 'unknown RD format';
}
/** `49.0001.1921.6800.1001.00`: an OSI network address. */
export function nsap(address: Uint8Array): string {
  if (address.length < 1 || address.length > 20) return 'isonsap_string: illegal length';
  return [...address].map((byte, i) => hex(byte, 2) + (i % 2 === 0 && i + 1 < address.length ? '.' : '')).join('');
}
