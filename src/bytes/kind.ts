/**
 * The kinds of value a packet holds: how each sits in the bytes, is shown, and is understood when typed in a filter.
 * This is the only file that indexes protocol bytes; everything else reads through a kind or a field.
 */
import type { Text } from './text.ts';
import { writeJson, writePrintable } from './utf8.ts';

/** Reads one number; `at` is where the layer starts. Allocates nothing; past the end of the buffer it reads zeros. */
export type Read = (bytes: Uint8Array, at: number) => number;
/** Compares the bytes in `[from, to)` with a value that does not fit a number; `base` is the layer's start. */
export type Matcher = (bytes: Uint8Array, from: number, to: number, base: number) => boolean;

export interface Kind {
  /** As shown by `hooktap protocols`. */
  readonly name: string;
  /** In bytes; 0: as long as the place it is found in. */
  readonly size: number;
  /** Compiles a reader for a fixed distance from the start of the layer; absent where a value is no number. */
  readonly read?: (distance: number) => Read;
  /** Writes the value in `[from, to)` as text; `base` is the layer's start, for values that point into it. */
  write(w: Text, bytes: Uint8Array, from: number, to: number, base: number): void;
  /** Writes the inside of a JSON string, where that can tell more than {@link write} may show. */
  json?(w: Text, bytes: Uint8Array, from: number, to: number): void;
  /** Understands what a person types. Throws a RangeError that says what was expected. */
  parse(text: string): number | Matcher;
}

export const read8 = (b: Uint8Array, at: number): number => b[at]!;
export const read16 = (b: Uint8Array, at: number): number => (b[at]! << 8) | b[at + 1]!;
export const read24 = (b: Uint8Array, at: number): number => (b[at]! << 16) | (b[at + 1]! << 8) | b[at + 2]!;
export const read32 = (b: Uint8Array, at: number): number =>
  ((b[at]! << 24) | (b[at + 1]! << 16) | (b[at + 2]! << 8) | b[at + 3]!) >>> 0;
export const read48 = (b: Uint8Array, at: number): number => read16(b, at) * 0x1_0000_0000 + read32(b, at + 2);
export const read16le = (b: Uint8Array, at: number): number => b[at]! | (b[at + 1]! << 8);
export const read32le = (b: Uint8Array, at: number): number =>
  (b[at]! | (b[at + 1]! << 8) | (b[at + 2]! << 16) | (b[at + 3]! << 24)) >>> 0;
/** 64 bits as a double: exact up to 2^53, which is what text and JSON can show as a number. */
export const read64 = (b: Uint8Array, at: number): number => read32(b, at) * 0x1_0000_0000 + read32(b, at + 4);
export const read64le = (b: Uint8Array, at: number): number => read32le(b, at + 4) * 0x1_0000_0000 + read32le(b, at);

const whole = (text: string, bits: number): number => {
  const value = /^(0x[0-9a-f]+|\d+)$/i.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value)) throw new RangeError(`"${text}" is not a number`);
  if (value >= 2 ** bits) throw new RangeError(`${text} does not fit ${bits} bits`);
  return value;
};
const number = (name: string, size: number, bits: number, read: (distance: number) => Read): Kind => {
  const here = read(0);
  return {
    name,
    size,
    read,
    write: (w, bytes, from) => w.dec(here(bytes, from)),
    parse: (text) => whole(text, bits),
  };
};
// Each reader is written out: a call through one shared closure would not be inlined as well.
export const u8Kind = number('u8', 1, 8, (d) => (b, at) => b[at + d]!);
/** Signed: powers of two that are exponents, for instance. */
export const s8Kind: Kind = {
  name: 's8',
  size: 1,
  read: (d) => (b, at) => (b[at + d]! << 24) >> 24,
  write: (w, bytes, from) => w.signed((bytes[from]! << 24) >> 24),
  parse(text) {
    const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= -128 && value < 128)) throw new RangeError(`"${text}" is not a number from -128 to 127`);
    return value;
  },
};
export const u16Kind = number('u16', 2, 16, (d) => (b, at) => (b[at + d]! << 8) | b[at + d + 1]!);
export const u24Kind = number(
  'u24',
  3,
  24,
  (d) => (b, at) => (b[at + d]! << 16) | (b[at + d + 1]! << 8) | b[at + d + 2]!,
);
export const u32Kind = number(
  'u32',
  4,
  32,
  (d) => (b, at) => ((b[at + d]! << 24) | (b[at + d + 1]! << 16) | (b[at + d + 2]! << 8) | b[at + d + 3]!) >>> 0,
);
export const u48Kind = number('u48', 6, 48, (d) => (b, at) => read48(b, at + d));
export const u16leKind = number('u16le', 2, 16, (d) => (b, at) => b[at + d]! | (b[at + d + 1]! << 8));
export const u32leKind = number('u32le', 4, 32, (d) => (b, at) => read32le(b, at + d));

const sixtyFour = (name: string, high: number, low: number, read32any: Read): Kind => ({
  name,
  size: 8,
  write(w, bytes, from) {
    const h = read32any(bytes, from + high);
    const l = read32any(bytes, from + low);
    // Beyond 2^53 a double is not exact; such values are rare enough for a bigint.
    if (h < 0x20_0000) w.dec(h * 0x1_0000_0000 + l);
    else w.str(((BigInt(h) << 32n) | BigInt(l)).toString());
  },
  parse(text) {
    if (!/^(0x[0-9a-f]+|\d+)$/i.test(text)) throw new RangeError(`"${text}" is not a number`);
    const value = BigInt(text);
    if (value >> 64n) throw new RangeError(`${text} does not fit 64 bits`);
    const h = Number(value >> 32n);
    const l = Number(value & 0xffffffffn);
    return (bytes, from) => read32any(bytes, from + high) === h && read32any(bytes, from + low) === l;
  },
});
export const u64Kind = sixtyFour('u64', 0, 4, read32);
export const u64leKind = sixtyFour('u64le', 4, 0, read32le);

export const ipv4Kind: Kind = {
  ...u32Kind,
  name: 'ipv4',
  write: (w, bytes, from) => w.ipv4(bytes, from),
  parse(text) {
    const octets = text.split('.').map((o) => (/^\d{1,3}$/.test(o) ? Number(o) : 256));
    if (octets.length !== 4 || octets.some((o) => o > 255)) throw new RangeError(`"${text}" is not an IPv4 address`);
    return octets.reduce((sum, o) => sum * 256 + o, 0);
  },
};
/** 48 bits fit a double exactly, so a hardware address is still one number. */
export const macKind: Kind = {
  ...u48Kind,
  name: 'mac',
  write: (w, bytes, from) => w.mac(bytes, from),
  parse(text) {
    const digits = text.replaceAll(/[:.-]/g, '');
    if (!/^[0-9a-f]{12}$/i.test(digits)) throw new RangeError(`"${text}" is not a hardware address`);
    return Number.parseInt(digits, 16);
  },
};
const same =
  (wanted: Uint8Array): Matcher =>
  (bytes, from, to) => {
    if (to - from !== wanted.length) return false;
    for (let i = 0; i < wanted.length; i++) if (bytes[from + i] !== wanted[i]) return false;
    return true;
  };
export const ipv6Kind: Kind = {
  name: 'ipv6',
  size: 16,
  write: (w, bytes, from) => w.ipv6(bytes, from),
  parse: (text) => same(parseIpv6(text)),
};
/** The sixteen bytes of an IPv6 address as people write it (RFC 4291 section 2.2). */
export function parseIpv6(text: string): Uint8Array {
  const wrong = () => new RangeError(`"${text}" is not an IPv6 address`);
  // An IPv4 tail becomes two groups.
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  let plain = text;
  if (dotted !== null) {
    const v4 = ipv4Kind.parse(dotted[2]!) as number;
    plain = `${dotted[1]}${(v4 >>> 16).toString(16)}:${(v4 & 0xffff).toString(16)}`;
  }
  const halves = plain.split('::');
  if (halves.length > 2) throw wrong();
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - groups.reduce((n, half) => n + half.length, 0);
  if (halves.length === 2 ? missing < 1 : missing !== 0) throw wrong();
  const all = [...groups[0]!, ...Array<string>(halves.length === 2 ? missing : 0).fill('0'), ...(groups[1] ?? [])];
  const bytes = new Uint8Array(16);
  all.forEach((group, i) => {
    if (!/^[0-9a-f]{1,4}$/i.test(group)) throw wrong();
    const value = Number.parseInt(group, 16);
    bytes[2 * i] = value >> 8;
    bytes[2 * i + 1] = value & 0xff;
  });
  return bytes;
}
/** Text from the wire: shown escaped, typed as UTF-8. */
export const textKind: Kind = {
  name: 'text',
  size: 0,
  write: writePrintable,
  json: writeJson,
  parse: (text) => same(new TextEncoder().encode(text)),
};
export const bytesKind: Kind = {
  name: 'bytes',
  size: 0,
  write: (w, bytes, from, to) => w.hexBytes(bytes, from, to),
  parse(text) {
    const digits = text.replaceAll(/[:. -]/g, '');
    if (!/^([0-9a-f]{2})*$/i.test(digits)) throw new RangeError(`"${text}" is not a run of hexadecimal bytes`);
    return same(Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)));
  },
};
/** Seconds since 1970, shown as UTC (`2020-02-02T20:20:20Z`). */
export const timeKind: Kind = {
  ...u32Kind,
  name: 'time',
  write: (w, bytes, from) => w.str(new Date(read32(bytes, from) * 1000).toISOString().replace('.000', '')),
  parse(text) {
    const ms = Date.parse(text);
    if (Number.isNaN(ms)) throw new RangeError(`"${text}" is not a time such as 2020-02-02T20:20:20Z`);
    return ms / 1000;
  },
};
