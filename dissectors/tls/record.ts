import { read8, read16 } from '../../src/bytes/kind.ts';

/** In bytes: type, version and length (RFC 8446 section 5.1). */
export const HEADER = 5;
export const CHANGE_CIPHER_SPEC = 20;
export const ALERT = 21;
export const HANDSHAKE = 22;
export const APPLICATION_DATA = 23;
export const HEARTBEAT = 24;
/** 2^14 and what compression and encryption may add (RFC 5246 section 6.2.3). */
export const MAX_LENGTH = 0x4000 + 2048;

/** Does a record header of SSL 3.0 or TLS begin here? The caller knows that it was captured. */
export function isRecord(bytes: Uint8Array, at: number): boolean {
  const type = read8(bytes, at);
  const version = read16(bytes, at + 1);
  return (
    type >= CHANGE_CIPHER_SPEC &&
    type <= HEARTBEAT &&
    version >= 0x0300 &&
    version <= 0x0304 &&
    read16(bytes, at + 3) <= MAX_LENGTH
  );
}
/** The types and lengths that a segment of a port unknown is likely to begin with. */
export function isLikelyRecord(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from < HEADER || !isRecord(bytes, from)) return false;
  const type = read8(bytes, from);
  const length = read16(bytes, from + 3);
  if (type === CHANGE_CIPHER_SPEC) return length === 1;
  if (type === ALERT) return length >= 2 && length <= 64;
  return type !== HEARTBEAT && length > 0;
}
