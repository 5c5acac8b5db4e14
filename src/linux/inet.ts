import { putIpv4Dot, putIpv6, putMac } from '../bytes/put.ts';

const scratch = new DataView(new ArrayBuffer(64));
const decoder = new TextDecoder();
const written = (end: number): string => decoder.decode(new Uint8Array(scratch.buffer, 0, end));
const bytesOf = (value: DataView): Uint8Array => new Uint8Array(value.buffer, value.byteOffset, value.byteLength);

/** An address of IPv4 or IPv6 as text, by its length. */
export function addressText(value: DataView): string {
  if (value.byteLength === 16) return written(putIpv6(scratch, 0, bytesOf(value), 0));
  // Without the dot that stands behind it.
  return value.byteLength === 4 ? written(putIpv4Dot(scratch, 0, value.getInt32(0)) - 1) : '';
}
/** `02:00:00:00:00:01` */
export const macOf = (value: DataView): string => written(putMac(scratch, 0, bytesOf(value), 0));
