import type { Frame } from '../../dissect/frame.ts';
import type { Arithmetic } from './ast.ts';
import type { Scalar } from './literal.ts';
import { type Operand, ofRuns, type RunVisit, type Scalars, type ScalarVisit } from './operand.ts';
import type { Family, Type } from './types.ts';

/** What can be worked out of values of a family. */
const ABILITIES: Readonly<Partial<Record<Family, string>>> = {
  number: '+-*/%&',
  float: '+-*/',
  span: '+-',
  ipv4: '&',
  ipv6: '&',
  ether: '&',
  bytes: '&',
};
export const can = (type: Type, operator: Arithmetic): boolean => ABILITIES[type.family]?.includes(operator) === true;
export const canNegate = (type: Type): boolean => can(type, '-');

/** What comes out; undefined when it is more than the field's numbers are worked out with, or divided by nothing. */
type Work = (a: Scalar, b: Scalar) => Scalar | undefined;

export function workOf(operator: Arithmetic, type: Type): Work {
  if (type.family === 'float') return floating(operator);
  if (type.family === 'ipv4') return (a, b) => (Number(a) & Number(b)) >>> 0;
  if (type.family === 'span') return (a, b) => (operator === '+' ? BigInt(a) + BigInt(b) : BigInt(a) - BigInt(b));
  const unsigned = type.signed !== true;
  const wide = (type.bits ?? 64) > 32;
  const [least, most] = wide ? [-(2n ** 63n), 2n ** 64n] : [-(2n ** 31n), 2n ** 32n];
  const exactly = whole(operator, wide ? 64 : 32);
  return (a, b) => {
    if (unsigned && a > 0 && b < 0) return mixed(operator, a, b, exactly, most);
    const quick = typeof a === 'number' && typeof b === 'number' ? fast(operator, a, b) : undefined;
    const value = quick ?? exactly(BigInt(a), BigInt(b));
    if (value === undefined || value < least || value >= most) return undefined;
    return typeof value === 'number' || (value <= MOST_EXACT && value >= -MOST_EXACT) ? Number(value) : value;
  };
}
/**
 * A number without a sign and one with it, as Wireshark has it: bits are what they are, a divisor counts as the large number
 * that its bits are, and everything else is an overflow.
 */
function mixed(
  operator: Arithmetic,
  a: Scalar,
  b: Scalar,
  exactly: (a: bigint, b: bigint) => bigint | undefined,
  most: bigint,
): Scalar | undefined {
  if (operator === '&') return Number(exactly(BigInt(a), BigInt(b)));
  return operator === '/' || operator === '%' ? Number(exactly(BigInt(a), BigInt(b) + most)) : undefined;
}
const MOST_EXACT = BigInt(Number.MAX_SAFE_INTEGER);
/** What JavaScript's operators on bits take without a sign. */
const MOST_INT = 0x7fff_ffff;
/** Undefined where a double is not exact, or nothing comes out. */
function fast(operator: Arithmetic, a: number, b: number): number | undefined {
  if (operator === '&') return a >= 0 && b >= 0 && a <= MOST_INT && b <= MOST_INT ? a & b : undefined;
  const value =
    operator === '+' ? a + b : operator === '-' ? a - b : operator === '*' ? a * b : quotient(operator, a, b);
  // Also makes 0 of -0.
  return Number.isSafeInteger(value) ? value + 0 : undefined;
}
const quotient = (operator: Arithmetic, a: number, b: number): number => (operator === '/' ? Math.trunc(a / b) : a % b);

const whole =
  (operator: Arithmetic, bits: number) =>
  (a: bigint, b: bigint): bigint | undefined => {
    switch (operator) {
      case '+':
        return a + b;
      case '-':
        return a - b;
      case '*':
        return a * b;
      case '/':
        return b === 0n ? undefined : a / b;
      case '%':
        return b === 0n ? undefined : a % b;
      case '&':
        return BigInt.asUintN(bits, a & b);
    }
  };
const floating =
  (operator: Arithmetic): Work =>
  (a, b) => {
    const [x, y] = [Number(a), Number(b)];
    const value = operator === '+' ? x + y : operator === '-' ? x - y : operator === '*' ? x * y : x / y;
    return Number.isFinite(value) ? value : undefined;
  };

/** Of several values on both sides each with each. */
export function scalarArithmetic(operator: Arithmetic, left: Operand, right: Operand): Operand {
  const work = workOf(operator, left.type);
  let first: Scalar = 0;
  let asked: ScalarVisit = () => false;
  const second: ScalarVisit = (value) => {
    const result = work(first, value);
    return result !== undefined && asked(result);
  };
  const scalars: Scalars = (frame, visit) =>
    left.scalars!(frame, (value) => {
      first = value;
      asked = visit;
      return right.scalars!(frame, second);
    });
  return { type: left.type, scalars, present: (frame) => left.present(frame) && right.present(frame) };
}
/** Bits that two runs have in common, as far as the shorter one goes. */
export function runArithmetic(left: Operand, right: Operand): Operand {
  const visitBoth = (frame: Frame, visit: RunVisit): boolean =>
    left.runs!(frame, (bytes, from, to) => {
      const first = bytes.slice(from, to);
      return right.runs!(frame, (mask, maskFrom, maskTo) => {
        const result = first.slice(0, maskTo - maskFrom);
        for (let i = 0; i < result.length; i++) result[i]! &= mask[maskFrom + i]!;
        return visit(result, 0, result.length);
      });
    });
  return { ...ofRuns(left.type, visitBoth), slice: left.slice === true };
}
export function negative(of: Operand): Operand {
  const nothing: Scalar = of.type.family === 'span' ? 0n : 0;
  const work = workOf('-', of.type);
  const scalars: Scalars = (frame, visit) =>
    of.scalars!(frame, (value) => {
      const result = work(nothing, value);
      return result !== undefined && visit(result);
    });
  return { type: { ...of.type, signed: true }, scalars, present: of.present };
}
/** Is anything of the value left? What a test for bits alone asks. */
export function notZero(of: Operand): (frame: Frame) => boolean {
  if (of.scalars !== undefined) return (frame) => of.scalars!(frame, (value) => value !== 0 && value !== 0n);
  return (frame) => of.runs!(frame, (bytes, from, to) => bytes.subarray(from, to).some((byte) => byte !== 0));
}
