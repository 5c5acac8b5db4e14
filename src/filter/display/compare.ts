import type { Comparison, Relation } from './ast.ts';
import type { Scalar, Typed } from './literal.ts';
import { Pattern } from './pattern/match.ts';
import type { Type } from './types.ts';

export type ScalarTest = (value: Scalar) => boolean;
export type RunTest = (bytes: Uint8Array, from: number, to: number) => boolean;

/** An operator without what it says about several values. */
export type Plain = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'contains' | 'matches';
export const plain = (operator: Relation): Plain => (operator === '===' ? '==' : operator === '!==' ? '!=' : operator);

/**
 * `a op b`. A number without a sign and a negative one do not compare: neither does that make a comparison true, nor one
 * that must hold for all values false.
 */
export function compareScalars(operator: Plain, type: Type): (a: Scalar, b: Scalar) => boolean | undefined {
  const compare = orderScalars(operator);
  if (type.family !== 'number' || type.signed === true) return compare;
  return (a, b) => (a >= 0 && b < 0 ? undefined : compare(a, b));
}
function orderScalars(operator: Plain): (a: Scalar, b: Scalar) => boolean {
  switch (operator) {
    case '==':
      // A bigint equals the same number only when types may differ.
      return (a, b) => a === b || (typeof a !== typeof b && BigInt(a) === BigInt(b));
    case '!=':
      return (a, b) => !(a === b || (typeof a !== typeof b && BigInt(a) === BigInt(b)));
    case '<':
      return (a, b) => a < b;
    case '<=':
      return (a, b) => a <= b;
    case '>':
      return (a, b) => a > b;
    default:
      return (a, b) => a >= b;
  }
}
/** The same with one side typed, without a sign. */
export function scalarTest(operator: Plain, type: Type, typed: Typed): ScalarTest {
  if (typed.scalars !== undefined) {
    const { scalars } = typed;
    const among: ScalarTest = (value) => scalars.includes(Number(value));
    return operator === '!=' ? (value) => !among(value) : among;
  }
  const wanted = typed.scalar!;
  if (typed.prefix !== undefined) return maskedTest(operator, wanted as number, typed.prefix);
  if (typeof wanted !== 'number' || type.family === 'span' || type.family === 'moment') {
    const compare = orderScalars(operator);
    return (value) => compare(value, wanted);
  }
  switch (operator) {
    case '==':
      return (value) => value === wanted;
    case '!=':
      return (value) => value !== wanted;
    case '<':
      return (value) => value < wanted;
    case '<=':
      return (value) => value <= wanted;
    case '>':
      return (value) => value > wanted;
    default:
      return (value) => value >= wanted;
  }
}
/** Of an IPv4 address only the bits of its network. */
function maskedTest(operator: Plain, address: number, prefix: number): ScalarTest {
  const mask = prefix === 0 ? 0 : (-1 << (32 - prefix)) >>> 0;
  const network = (address & mask) >>> 0;
  const test = scalarTest(operator, { family: 'ipv4' }, { scalar: network });
  return (value) => test((Number(value) & mask) >>> 0);
}

/** Like memcmp; of two texts that begin alike the longer one is greater. Of other bytes the longer ones always are. */
export function compareRuns(
  text: boolean,
  a: Uint8Array,
  from: number,
  to: number,
  b: Uint8Array,
  bFrom: number,
  bTo: number,
): number {
  const longer = to - from - (bTo - bFrom);
  if (!text && longer !== 0) return longer;
  const both = Math.min(to - from, bTo - bFrom);
  for (let i = 0; i < both; i++) {
    const difference = a[from + i]! - b[bFrom + i]!;
    if (difference !== 0) return difference;
  }
  return longer;
}
/** Where `wanted` begins in the run; -1: nowhere. */
export function indexOf(bytes: Uint8Array, from: number, to: number, wanted: Uint8Array): number {
  if (wanted.length === 0) return from;
  for (let at = from; ; at++) {
    at = bytes.indexOf(wanted[0]!, at);
    if (at < 0 || at + wanted.length > to) return -1;
    let i = 1;
    while (i < wanted.length && bytes[at + i] === wanted[i]) i++;
    if (i === wanted.length) return at;
  }
}
const ordersOf: Readonly<Record<Exclude<Comparison, '===' | '!=='>, (order: number) => boolean>> = {
  '==': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};
/** `a op b` of runs; `b` is a whole array, and nothing contains nothing. */
export function compareWhole(
  operator: Plain,
  text: boolean,
): (bytes: Uint8Array, from: number, to: number, b: Uint8Array) => boolean {
  if (operator === 'contains') return (bytes, from, to, b) => to > from && indexOf(bytes, from, to, b) >= 0;
  const holds = ordersOf[operator as '=='];
  return (bytes, from, to, b) => holds(compareRuns(text, bytes, from, to, b, 0, b.length));
}
export function runTest(operator: Plain, type: Type, typed: Typed): RunTest {
  const wanted = typed.run!;
  if (typed.prefix !== undefined) return networkTest(operator, wanted, typed.prefix);
  if (operator === 'matches') {
    const pattern = new Pattern(Buffer.from(wanted).toString('latin1'));
    return (bytes, from, to) => to > from && pattern.matches(bytes, from, to);
  }
  const compare = compareWhole(operator, type.family === 'string');
  if (operator !== '==') return (bytes, from, to) => compare(bytes, from, to, wanted);
  return (bytes, from, to) => to - from === wanted.length && compare(bytes, from, to, wanted);
}
/** Of an IPv6 address only the bits of its network. */
function networkTest(operator: Plain, address: Uint8Array, prefix: number): RunTest {
  const compare = compareWhole(operator, false);
  const network = masked(address, 0, prefix, new Uint8Array(16));
  const scratch = new Uint8Array(16);
  return (bytes, from) => compare(masked(bytes, from, prefix, scratch), 0, 16, network);
}
function masked(bytes: Uint8Array, from: number, prefix: number, into: Uint8Array): Uint8Array {
  for (let i = 0; i < 16; i++) {
    const bits = Math.max(0, Math.min(8, prefix - 8 * i));
    into[i] = bytes[from + i]! & (0xff00 >> bits);
  }
  return into;
}
