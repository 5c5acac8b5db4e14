import { Field } from '../../bytes/field.ts';
import type { Meaning } from '../../dissect/registry.ts';

/** What can be done with a value, and how it is typed. */
export type Family =
  | 'number'
  | 'boolean'
  | 'float'
  | 'ipv4'
  /** A time of day and year, in nanoseconds since 1970. */
  | 'moment'
  /** A length of time, in nanoseconds. */
  | 'span'
  | 'ipv6'
  | 'ether'
  | 'bytes'
  | 'string'
  | 'protocol';

export interface Type {
  readonly family: Family;
  /** Of a number: how many bits its field has; typed numbers have no more. */
  readonly bits?: number;
  /** A number that may be below zero. */
  readonly signed?: boolean;
  readonly names?: Readonly<Record<number, string>>;
  /** Understands what is typed for a kind of value that only its protocol knows. Throws a RangeError. */
  readonly parse?: (text: string) => number;
}
export const NUMBER: Type = { family: 'number', bits: 64 };
export const BYTES: Type = { family: 'bytes' };
export const STRING: Type = { family: 'string' };
export const PROTOCOL: Type = { family: 'protocol' };

/** Families whose values are runs of bytes; the others are numbers. */
const RUNS: ReadonlySet<Family> = new Set(['ipv6', 'ether', 'bytes', 'string', 'protocol']);
export const isRun = (type: Type): boolean => RUNS.has(type.family);
/** As people call them. */
export const CALLED: Readonly<Record<Family, string>> = {
  number: 'a number',
  boolean: 'true or false',
  float: 'a number',
  ipv4: 'an IPv4 address',
  moment: 'a time',
  span: 'a length of time',
  ipv6: 'an IPv6 address',
  ether: 'a hardware address',
  bytes: 'a run of bytes',
  string: 'a text',
  protocol: 'a protocol',
};

/** May values of one, on the left side, be compared with values of the other? A truth counts as a number there. */
export function compatible(a: Type, b: Type): boolean {
  if (a.family === 'number' && b.family === 'boolean') return true;
  return a.family === b.family || (FREE.has(a.family) && FREE.has(b.family));
}
/** Which are bytes and nothing else. */
const FREE: ReadonlySet<Family> = new Set(['ether', 'bytes']);

const KINDS: Readonly<Record<string, Family>> = {
  ipv4: 'ipv4',
  ipv6: 'ipv6',
  mac: 'ether',
  bytes: 'bytes',
  eui64: 'bytes',
  text: 'string',
  time: 'moment',
  time48: 'moment',
  u8: 'number',
  u16: 'number',
  u24: 'number',
  u32: 'number',
  u48: 'number',
  u64: 'number',
  u16le: 'number',
  u32le: 'number',
  u64le: 'number',
};
const COMPUTED = {
  number: 'number',
  float: 'float',
  text: 'string',
  boolean: 'boolean',
  time: 'span',
  moment: 'moment',
  bytes: 'bytes',
} as const;

/** What a field holds, as its declaration tells. */
export function typeOf({ field }: Meaning): Type {
  if (!(field instanceof Field)) {
    const names = field.names === undefined ? {} : { names: field.names };
    return { family: COMPUTED[field.type], bits: 32, ...names };
  }
  const { kind, part, names } = field.spec;
  const known = names === undefined ? {} : { names };
  // Wireshark declares single bits as truths, and they are never anything else.
  if (part !== undefined && (part.mask & (part.mask - 1)) === 0) return { family: 'boolean', ...known };
  const family = KINDS[kind.name];
  if (part !== undefined || family === 'number') return { family: 'number', bits: field.size * 8, ...known };
  if (family !== undefined) return { family };
  // Of a kind that only its protocol knows: a number if it is read as one, else what is shown of it.
  if (kind.read === undefined) return STRING;
  return { family: 'float', signed: true, ...known, parse: (text) => numberOf(kind.parse(text), text) };
}
function numberOf(parsed: unknown, text: string): number {
  if (typeof parsed !== 'number') throw new RangeError(`"${text}" is not a number`);
  return parsed;
}
