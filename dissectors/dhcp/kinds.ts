import { ipv4Kind, type Kind, read8, read32 } from '../../src/bytes/kind.ts';
import { nameKind, skipName } from '../dns/name.ts';

/** How many octets of a destination are sent for a prefix of so many bits (RFC 3442). */
export const prefixOctets = (width: number): number => (width + 7) >> 3;
/** An address of which only the octets that the prefix covers are there, at `at`. */
function readPrefix(bytes: Uint8Array, at: number, octets: number): number {
  let address = 0;
  for (let i = 0; i < 4; i++) address = address * 256 + (i < octets ? read8(bytes, at + i) : 0);
  return address;
}
const dotted = (address: number): string =>
  [address >>> 24, (address >>> 16) & 0xff, (address >>> 8) & 0xff, address & 0xff].join('.');

/** A classless static route (RFC 3442): `192.0.2.0/24-198.51.100.1`. */
export const routeKind: Kind = {
  name: 'route',
  size: 0,
  write(w, bytes, from, to) {
    const width = read8(bytes, from);
    w.str(`${dotted(readPrefix(bytes, from + 1, to - from - 5))}/${width}-`);
    w.ipv4(bytes, to - 4);
  },
  parse(text) {
    const [, prefix, width, router] = /^([\d.]+)\/(\d+)-([\d.]+)$/.exec(text) ?? [];
    if (prefix === undefined || Number(width) > 32)
      throw new RangeError(`"${text}" is not a route such as 192.0.2.0/24-198.51.100.1`);
    const wanted = [ipv4Kind.parse(prefix), Number(width), ipv4Kind.parse(router!)];
    return (bytes, from, to) =>
      read8(bytes, from) === wanted[1] &&
      readPrefix(bytes, from + 1, to - from - 5) === wanted[0] &&
      read32(bytes, to - 4) === wanted[2];
  },
};

/** Domain names one after the other, which may point into each other (RFC 3397): `eng.example.com,example.com`. */
export const searchListKind: Kind = {
  name: 'names',
  size: 0,
  write(w, bytes, from, to) {
    for (let at = from; at < to; ) {
      const next = skipName(bytes, at, to);
      const end = next < 0 || next > to ? to : next;
      if (at > from) w.char(0x2c);
      nameKind.write(w, bytes, at, end, from);
      at = end;
    }
  },
  parse(text) {
    const wanted = text.split(',').map((name) => nameKind.parse(name));
    return (bytes, from, to) => {
      let at = from;
      for (const matches of wanted) {
        const next = skipName(bytes, at, to);
        const end = next < 0 || next > to ? to : next;
        if (at >= to || typeof matches === 'number' || !matches(bytes, at, end, from)) return false;
        at = end;
      }
      return at === to;
    };
  },
};
