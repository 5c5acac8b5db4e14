/** Kinds of value that only records of the Domain Name System hold. */
import { bytesKind, type Kind, parseIpv6, read8, read48, u48Kind } from '../../src/bytes/kind.ts';
import type { Text } from '../../src/bytes/text.ts';
import { RR_TYPES } from './types.ts';

const padded = new Uint8Array(16);
/** An address of which only the octets that matter are sent: the others, before or behind them, are zero. */
const shortened = (
  name: string,
  size: number,
  side: 'before' | 'behind',
  write: (w: Text) => void,
  octets: (text: string) => ArrayLike<number>,
): Kind => {
  const pad = (bytes: Uint8Array, from: number, to: number) => {
    const count = Math.min(size, to - from);
    padded.fill(0);
    for (let i = 0, at = side === 'before' ? size - count : 0; i < count; i++) padded[at + i] = read8(bytes, from + i);
  };
  return {
    name,
    size: 0,
    write(w, bytes, from, to) {
      pad(bytes, from, to);
      write(w);
    },
    parse(text) {
      const wanted = octets(text);
      return (bytes, from, to) => {
        pad(bytes, from, to);
        for (let i = 0; i < size; i++) if (padded[i] !== wanted[i]) return false;
        return true;
      };
    },
  };
};
const writeIpv6 = (w: Text): void => w.ipv6(padded, 0);
/** A dotted quad is the tail of a mapped address. */
const ipv4Octets = (text: string): ArrayLike<number> => parseIpv6(`::ffff:${text}`).subarray(12);
/** The first octets of an address (RFC 7871 section 6, RFC 3123 section 4). */
export const ipv4PrefixKind = shortened('ipv4 prefix', 4, 'behind', (w) => w.ipv4(padded, 0), ipv4Octets);
export const ipv6PrefixKind = shortened('ipv6 prefix', 16, 'behind', writeIpv6, parseIpv6);
/** The last octets of an address (RFC 2874 section 3.1.1). */
export const ipv6SuffixKind = shortened('ipv6 suffix', 16, 'before', writeIpv6, parseIpv6);

/** Seconds since 1970 in 48 bits (RFC 8945 section 4.2), most of which no calendar reaches. */
export const time48Kind: Kind = {
  ...u48Kind,
  name: 'time48',
  write(w, bytes, from) {
    const time = new Date(read48(bytes, from) * 1000);
    if (Number.isNaN(time.getTime())) w.dec(read48(bytes, from));
    else w.str(time.toISOString().replace('.000', ''));
  },
};
export const eui64Kind: Kind = {
  ...bytesKind,
  name: 'eui64',
  size: 8,
  write: (w, bytes, from) => w.mac(bytes, from, 8),
};

/** The types that a bitmap names, as windows of 256 types each (RFC 4034 section 4.1.2). */
export const typesKind: Kind = {
  name: 'types',
  size: 0,
  write(w, bytes, from, to) {
    const start = w.at;
    for (let at = from; at + 2 <= to; ) {
      const window = read8(bytes, at) << 8;
      const end = Math.min(at + 2 + read8(bytes, at + 1), to);
      for (let i = at + 2; i < end; i++) writeTypes(w, start, window | ((i - at - 2) << 3), read8(bytes, i));
      at = end;
    }
  },
  parse: (text) => bytesKind.parse(bitmap(text.split(' ').map(typeNumber))),
};
function typeNumber(name: string): number {
  const found = Object.entries(RR_TYPES).find(([, known]) => known === name.toUpperCase())?.[0];
  const number = Number(found ?? /^TYPE(\d+)$/i.exec(name)?.[1]);
  if (!(number <= 0xffff)) throw new RangeError(`"${name}" is not a type of record`);
  return number;
}
/** The one encoding that RFC 4034 allows, in hexadecimal: windows in order, without zero octets at their ends. */
function bitmap(types: readonly number[]): string {
  const windows = new Map<number, Uint8Array>();
  for (const type of types.toSorted((a, b) => a - b)) {
    const place = (type >> 3) & 31;
    const before = windows.get(type >> 8) ?? new Uint8Array();
    const bits = new Uint8Array(Math.max(before.length, place + 1));
    bits.set(before);
    bits[place] = bits[place]! | (0x80 >> (type & 7));
    windows.set(type >> 8, bits);
  }
  return [...windows].map(([window, bits]) => Buffer.from([window, bits.length, ...bits]).toString('hex')).join('');
}
function writeTypes(w: Text, start: number, first: number, bits: number): void {
  for (let bit = 0; bit < 8; bit++) {
    if ((bits & (0x80 >> bit)) === 0) continue;
    if (w.at > start) w.char(0x20);
    w.str(RR_TYPES[first + bit] ?? `TYPE${first + bit}`);
  }
}

const BASE32 = '0123456789abcdefghijklmnopqrstuv';
/** Base 32 with extended hexadecimal digits and no padding, as hashed owner names are written (RFC 5155 section 1.3). */
export const base32Kind: Kind = {
  ...bytesKind,
  name: 'base32hex',
  write(w, bytes, from, to) {
    let bits = 0;
    let count = 0;
    for (let at = from; at < to; at++) {
      bits = ((bits & 0xf) << 8) | read8(bytes, at);
      for (count += 8; count >= 5; count -= 5) w.char(BASE32.charCodeAt((bits >> (count - 5)) & 31));
    }
    if (count > 0) w.char(BASE32.charCodeAt((bits << (5 - count)) & 31));
  },
  parse(text) {
    const digits = [...text.toLowerCase()].map((digit) => BASE32.indexOf(digit));
    if (digits.includes(-1)) throw new RangeError(`"${text}" is not base 32 with extended hexadecimal digits`);
    const bits = digits.map((digit) => digit.toString(2).padStart(5, '0')).join('');
    const octets = bits.match(/.{8}/g) ?? [];
    return bytesKind.parse(octets.map((octet) => Number.parseInt(octet, 2).toString(16).padStart(2, '0')).join(''));
  },
};
