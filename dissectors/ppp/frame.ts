import { header, u8 } from '../../src/bytes/field.ts';
import { type Kind, read8, read16, u16Kind } from '../../src/bytes/kind.ts';
import { PPP_NAMES } from './numbers.ts';

/** The last byte of a number is odd, so an odd first byte is also the last. */
export const protocolSize = (bytes: Uint8Array, at: number): 1 | 2 => (read8(bytes, at) % 2 === 1 ? 1 : 2);
const numberAt = (bytes: Uint8Array, at: number): number =>
  protocolSize(bytes, at) === 1 ? read8(bytes, at) : read16(bytes, at);
/** A number in two bytes, or in the last of them. */
const numberKind: Kind = {
  ...u16Kind,
  name: 'ppp',
  size: 0,
  read: (distance) => (bytes, at) => numberAt(bytes, at + distance),
  write(w, bytes, from) {
    w.str('0x');
    w.hexPadded(numberAt(bytes, from), 4);
  },
};

/** Address and control are often left out, and so is the first byte of the protocol where it is zero (RFC 1661 section 6). */
export const ppp = header(
  'ppp',
  {},
  {
    address: u8('Address', { base: 'hex' }),
    control: u8('Control', { base: 'hex' }),
    protocol: { kind: numberKind, label: 'Protocol', names: PPP_NAMES },
  },
);

/** All stations, unnumbered information; or what pppd on Linux gives in its stead: in, out. */
export const hasAddress = (first: number): boolean => first === 0xff03 || first === 0x0003 || first === 0x0103;
/** How many bytes stand in front of the protocol at `at`; the caller knows that two bytes are there. */
export const addressSize = (bytes: Uint8Array, at: number): number => (hasAddress(read16(bytes, at)) ? 2 : 0);
