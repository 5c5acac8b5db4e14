import {
  bytesKind,
  ipv4Kind,
  ipv6Kind,
  type Kind,
  macKind,
  type Read,
  s8Kind,
  textKind,
  timeKind,
  u8Kind,
  u16Kind,
  u16leKind,
  u24Kind,
  u32Kind,
  u32leKind,
  u48Kind,
  u64Kind,
  u64leKind,
} from './kind.ts';
import type { Text } from './text.ts';

export interface FieldOptions {
  readonly unit?: string;
  readonly base?: 'hex';
  /** What the values are called. */
  readonly names?: Readonly<Record<number, string>>;
  /** Another name of Wireshark's that means this field among others: `ip.addr` is `ip.src` or `ip.dst`. */
  readonly also?: string;
}
/** What an author writes: a kind, a label, and how to present it. */
export interface FieldSpec extends FieldOptions {
  readonly kind: Kind;
  readonly label: string;
  /** Bits of the named byte-aligned field, instead of bytes of their own. */
  readonly part?: { readonly of: string; readonly mask: number; readonly times: number };
}

/** A spec that has found its place: at a fixed distance in its header, or wherever `expand` finds it. */
export class Field {
  constructor(
    /** Wireshark's filter name, such as `ip.src`. */
    readonly name: string,
    /** In bytes from the start of the layer; -1: not at a fixed place. */
    readonly distance: number,
    /** In bytes; 0: varies. */
    readonly size: number,
    readonly spec: FieldSpec,
    /** The value as a number; `at` is the start of the layer (of the value itself where the place is not fixed). */
    readonly read: Read,
    /** Its place among the fields of its header. */
    readonly index: number,
  ) {}
  /** Writes the value found in `[from, to)` as people read it, names of values included. */
  write(w: Text, bytes: Uint8Array, from: number, to: number, base: number): void {
    const { kind, names, base: numeral, part } = this.spec;
    if (names === undefined && numeral === undefined && part === undefined) {
      kind.write(w, bytes, from, to, base);
      return;
    }
    const value = this.read(bytes, this.distance < 0 ? from : from - this.distance);
    const name = names?.[value];
    if (name !== undefined) w.str(name);
    else if (numeral === 'hex') {
      w.str('0x');
      w.hexPadded(value, part === undefined ? this.size * 2 : 1);
    } else if (part !== undefined) w.dec(value);
    else kind.write(w, bytes, from, to, base);
  }
}

/** A header's fields by key, and what holds for all of them. */
export type Header<S, V> = { readonly [K in keyof S]: Field } & { readonly [K in keyof V]: Field } & {
  readonly $name: string;
  /** In bytes: the part that is always there. */
  readonly $size: number;
  /** In wire order, the fixed ones first. */
  readonly $all: readonly Field[];
};

const of =
  (kind: Kind) =>
  (label: string, options: FieldOptions = {}): FieldSpec => ({ kind, label, ...options });
export const u8 = of(u8Kind);
export const s8 = of(s8Kind);
export const u16 = of(u16Kind);
export const u24 = of(u24Kind);
export const u32 = of(u32Kind);
export const u48 = of(u48Kind);
export const u64 = of(u64Kind);
export const u16le = of(u16leKind);
export const u32le = of(u32leKind);
export const u64le = of(u64leKind);
export const ipv4 = of(ipv4Kind);
export const ipv6 = of(ipv6Kind);
export const mac = of(macKind);
export const time = of(timeKind);
export const text = of(textKind);
export const bytes = of(bytesKind);
/** A run of bytes of a fixed size, such as padding or a cookie. */
export const fixed = (size: number, label: string): FieldSpec => ({ kind: { ...bytesKind, size }, label });
/** Bits of a field above it in the same header, which count in units of `times`. */
export const bits = (
  of: string,
  mask: number,
  label: string,
  { times = 1, ...options }: FieldOptions & { readonly times?: number } = {},
): FieldSpec => ({ kind: u32Kind, label, part: { of, mask, times }, ...options });
const notANumber: Read = () => Number.NaN;

/**
 * Lays fields one after the other, as they are on the wire. `variable` declares the fields that have no fixed place
 * (options, records): a protocol's `expand` says where they are.
 */
export function header<
  const S extends Record<string, FieldSpec>,
  const V extends Record<string, FieldSpec> = Record<never, FieldSpec>,
>(name: string, specs: S, variable: V = {} as V): Header<S, V> {
  const fields: Record<string, unknown> = {};
  // Every start of the command comes through here for each of some thousand fields.
  const all: Field[] = [];
  let distance = 0;
  const add = (key: string, at: number, size: number, spec: FieldSpec, read: Read) => {
    const field = new Field(`${name}.${key}`, at, size, spec, read, all.length);
    fields[key] = field;
    all.push(field);
  };
  const part = (key: string, spec: FieldSpec) => {
    const { of: parent, mask, times } = spec.part!;
    const whole = fields[parent] as Field | undefined;
    if (whole === undefined) throw new Error(`${name}.${key}: no field "${parent}" above it`);
    const { read } = whole;
    const shift = 31 - Math.clz32(mask & -mask);
    const value: Read =
      times === 1 ? (b, at) => (read(b, at) & mask) >>> shift : (b, at) => ((read(b, at) & mask) >>> shift) * times;
    add(key, whole.distance, whole.size, spec, value);
  };
  for (const key in specs) {
    const spec: FieldSpec = specs[key]!;
    if (spec.part !== undefined) {
      part(key, spec);
      continue;
    }
    const { kind } = spec;
    if (kind.size === 0)
      throw new Error(`${name}.${key}: a field of no fixed size is declared among the variable ones`);
    add(key, distance, kind.size, spec, kind.read?.(distance) ?? notANumber);
    distance += kind.size;
  }
  for (const key in variable) {
    const spec: FieldSpec = variable[key]!;
    if (fields[key] !== undefined) throw new Error(`${name}.${key} is declared twice`);
    if (spec.part !== undefined) part(key, spec);
    else add(key, -1, spec.kind.size, spec, spec.kind.read?.(0) ?? notANumber);
  }
  // A copy, as V8 keeps what was filled key by key as a hash table: its fields cannot be folded into who reads them.
  return { ...fields, $name: name, $size: distance, $all: all } as unknown as Header<S, V>;
}
