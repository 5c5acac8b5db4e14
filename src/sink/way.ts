/** How a value is written: worked out once for each field, so that one function writes them all, with no call through a closure. */
import type { Field } from '../bytes/field.ts';
import {
  ipv4Kind,
  ipv6Kind,
  type Kind,
  macKind,
  read8,
  read16,
  read16le,
  read24,
  read32,
  read32le,
  u8Kind,
  u16Kind,
  u16leKind,
  u24Kind,
  u32Kind,
  u32leKind,
} from '../bytes/kind.ts';
import { putDec, putHex2, putIpv4Dot, putIpv6, putLiteral, putMac } from '../bytes/put.ts';
import { type Literal, literal } from '../bytes/text.ts';

/** Numbers, by how they are read. */
const NUMBERS: readonly Kind[] = [u8Kind, u16Kind, u24Kind, u32Kind, u16leKind, u32leKind];
const MAC = 6;
const IPV4 = 7;
const IPV6 = 8;
const ADDRESSES: readonly Kind[] = [macKind, ipv4Kind, ipv6Kind];
/** The longest text but for names of values, and what is touched behind it. */
const LONGEST = 64;
const CLOSE = 0x29;

export interface Way {
  /** A place in {@link NUMBERS}, or what kind of address it is. */
  readonly form: number;
  /** Bits of the number, shifted and counted in units; mask 0: all of it. */
  readonly mask: number;
  readonly shift: number;
  readonly times: number;
  /** Hexadecimal digits; 0: it is written in decimal. */
  readonly digits: number;
  /** What values are called, with a bracket that opens behind. */
  readonly names: ReadonlyMap<number, Literal> | undefined;
  /** In bytes: room for the text. */
  readonly most: number;
}
/**
 * The way of a field; `whole` is the one that it is a part of, or itself. Undefined where {@link putValue} does not know
 * it, or a part comes without its whole. `plain`: numbers in decimal and without names, whatever is declared.
 */
export function wayOf(field: Field, whole: Field, plain: boolean): Way | undefined {
  const { kind, part, base, names } = field.spec;
  if (part !== undefined && whole === field) return undefined;
  const number = NUMBERS.indexOf(part === undefined ? kind : whole.spec.kind);
  const address = part === undefined ? ADDRESSES.indexOf(kind) : -1;
  if (number < 0 && (address < 0 || names !== undefined || base !== undefined)) return undefined;
  const { mask = 0, times = 1 } = part ?? {};
  const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask);
  const greatest = (mask >>> shift) * times;
  if (greatest > 0xffff_ffff || (base === 'hex' && times !== 1)) return undefined;
  const known = plain || names === undefined ? undefined : namesOf(names);
  return {
    form: number < 0 ? MAC + address : number,
    mask,
    shift,
    times,
    digits: plain || base !== 'hex' ? 0 : part === undefined ? field.size * 2 : digitsOf(mask >>> shift),
    names: known,
    most: LONGEST + Math.max(0, ...[...(known?.values() ?? [])].map(({ length }) => length)),
  };
}
const namesOf = (names: Readonly<Record<number, string>>): ReadonlyMap<number, Literal> =>
  new Map(Object.entries(names).map(([value, name]) => [Number(value), literal(`${name} (`)]));
/** Of whole bytes. */
const digitsOf = (greatest: number): number => 2 * ((32 - Math.clz32(greatest) + 7) >> 3);

/** Writes the value at `at`, for which there is room, and returns where it ends. */
export function putValue(view: DataView, p: number, way: Way, bytes: Uint8Array, at: number): number {
  const { form } = way;
  if (form === IPV4) return putIpv4Dot(view, p, read32(bytes, at) | 0) - 1;
  if (form === MAC) return putMac(view, p, bytes, at);
  if (form === IPV6) return putIpv6(view, p, bytes, at);
  return putNumber(view, p, way, numberOf(way, bytes, at));
}
/** As 32 bits with a sign, which need no box. */
function numberOf({ form, mask, shift, times }: Way, bytes: Uint8Array, at: number): number {
  const all = wordOf(form, bytes, at);
  return mask === 0 ? all : Math.imul((all & mask) >>> shift, times);
}
function wordOf(form: number, bytes: Uint8Array, at: number): number {
  switch (form) {
    case 0:
      return read8(bytes, at);
    case 1:
      return read16(bytes, at);
    case 2:
      return read24(bytes, at);
    case 3:
      return read32(bytes, at) | 0;
    case 4:
      return read16le(bytes, at);
    default:
      return read32le(bytes, at) | 0;
  }
}
function putNumber(view: DataView, p: number, { digits, names }: Way, value: number): number {
  if (names === undefined) return digits === 0 ? putDec(view, p, value) : putHex(view, p, value, digits);
  const name = names.get(value >>> 0);
  const q = name === undefined ? p : putLiteral(view, p, name);
  const end = digits === 0 ? putDec(view, q, value) : putHex(view, q, value, digits);
  if (name === undefined) return end;
  view.setUint8(end, CLOSE);
  return end + 1;
}
const ZERO_X = 0x7830;
function putHex(view: DataView, p: number, value: number, digits: number): number {
  view.setUint16(p, ZERO_X, true);
  let q = p + 2;
  for (let shift = 4 * digits - 8; shift >= 0; shift -= 8) q = putHex2(view, q, (value >>> shift) & 0xff);
  return q;
}
