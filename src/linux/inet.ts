import { ipv4, ipv6, mac } from './address.ts';

const bytesOf = (value: DataView): Uint8Array => new Uint8Array(value.buffer, value.byteOffset, value.byteLength);

/** An address of IPv4 or IPv6 as text, by its length. */
export function addressText(value: DataView): string {
  if (value.byteLength === 16) return ipv6(bytesOf(value), 0);
  return value.byteLength === 4 ? ipv4(bytesOf(value), 0) : '';
}
/** `02:00:00:00:00:01` */
export const macOf = (value: DataView): string => mac(bytesOf(value), 0);
