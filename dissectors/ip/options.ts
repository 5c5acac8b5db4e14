import type { Line } from '../../src/dissect/line.ts';

const NAMES: Readonly<Record<number, string>> = {
  0: 'EOL',
  1: 'NOP',
  7: 'RR',
  68: 'timestamp',
  82: 'traceroute',
  130: 'security',
  131: 'LSRR',
  137: 'SSRR',
  148: 'RA',
};

/** IPv4 options (RFC 791 section 3.1) as `-v` shows them. False when an option's body was not captured. */
export function ipOptionsText(w: Line, from: number, length: number): boolean {
  const end = from + length;
  for (let at = from, first = true; at < end && !w.cut; first = false) {
    if (!first) w.char(0x2c);
    const type = w.u8(at);
    w.named(NAMES, type, 'unknown %u');
    const size = type < 2 ? 1 : w.u8(at + 1);
    if (w.cut) return true;
    if ((type >= 2 && size < 2) || at + size > end) {
      badLength(w, size);
      return true;
    }
    if (!w.has(at, size)) return false;
    if (type === 0) return true;
    if (type === 68) {
      if (!timestampText(w, at, size)) return false;
    } else if (type === 7 || type === 131 || type === 137) {
      if (!routeText(w, at, size)) return false;
    } else if (type === 148) {
      if (size < 4) badLength(w, size);
      else if (w.u16(at + 2) !== 0) {
        w.str(' value ');
        w.dec(w.u16(at + 2));
      }
    }
    at += size;
  }
  return true;
}
function badLength(w: Line, length: number, before = ' '): void {
  w.str(before);
  w.str('[bad length ');
  w.dec(length);
  w.char(0x5d);
}
function badPointer(w: Line, pointer: number, before: string): void {
  w.str(before);
  w.str('[bad ptr ');
  w.dec(pointer);
  w.char(0x5d);
}
/** Record route, loose and strict source route. False where an address was not captured. */
function routeText(w: Line, at: number, length: number): boolean {
  if (length < 3) {
    badLength(w, length);
    return true;
  }
  if (((length + 1) & 3) !== 0) badLength(w, length);
  // Counted from 1; tcpdump takes 0 for a very large number.
  const pointer = (w.u8(at + 2) - 1) >>> 0;
  if (pointer < 3 || ((pointer + 1) & 3) !== 0 || pointer > length + 1) badPointer(w, w.u8(at + 2), ' ');
  for (let hop = 3; hop < length; hop += 4) {
    if (!w.has(at + hop, 4)) return false;
    w.char(0x20);
    w.ipv4At(at + hop);
    if (pointer > hop) w.char(0x2c);
  }
  return true;
}
const TIMESTAMP_TYPES: Readonly<Record<number, string>> = { 0: 'TSONLY', 1: 'TS+ADDR', 3: 'PRESPEC' };
function timestampText(w: Line, at: number, length: number): boolean {
  if (length < 4) {
    badLength(w, length, '');
    return true;
  }
  w.str(' TS{');
  const type = w.u8(at + 3) & 0xf;
  const hopLength = type === 0 ? 4 : 8;
  if (((length - 4) & (hopLength - 1)) !== 0) badLength(w, length, '');
  const pointer = (w.u8(at + 2) - 1) >>> 0;
  if (pointer < 4 || ((pointer - 4) & (hopLength - 1)) !== 0 || pointer > length + 1) badPointer(w, w.u8(at + 2), '');
  const name = TIMESTAMP_TYPES[type];
  let hop = 0;
  if (name === undefined) {
    w.str('[bad ts type ');
    w.dec(type);
    w.char(0x5d);
  } else {
    w.str(name);
    for (hop = 4; hop < length; hop += hopLength) {
      if (!hopText(w, at + hop, hopLength, pointer === hop)) return false;
    }
  }
  if (pointer === hop) w.str(' ^ ');
  const missed = w.u8(at + 3) >> 4;
  if (missed === 0) {
    w.char(0x7d);
    return true;
  }
  w.str(' [');
  w.dec(missed);
  w.str(' hops not recorded]} ');
  return true;
}
/** A time, with the address in front of it or without. */
function hopText(w: Line, at: number, length: number, next: boolean): boolean {
  if (!w.has(at, length)) return false;
  w.str(next ? ' ^ ' : ' ');
  w.dec(w.u32(at + length - 4));
  w.char(0x40);
  if (length === 8) w.ipv4At(at);
  return true;
}
