import type { Frame } from '../../dissect/frame.ts';
import { notZero } from './arithmetic.ts';
import type { Constant, InNode, Operand as Node, Relation, RelationNode, TestNode } from './ast.ts';
import { compareRuns, compareScalars, compareWhole, type Plain, plain, runTest, scalarTest } from './compare.ts';
import type { Scalar, Typed } from './literal.ts';
import type { Operand, RunVisit, ScalarVisit } from './operand.ts';
import { isConstant, type Operands } from './operands.ts';
import { PatternError } from './pattern/tree.ts';
import { BYTES, CALLED, compatible, isRun, type Type } from './types.ts';

/** A display filter at work: does it match the packet under the lens? */
export type Matches = (frame: Frame) => boolean;

/** Must all values agree, or is one enough? */
const EVERY: Readonly<Record<Relation, boolean>> = {
  '==': false,
  '!=': true,
  '===': true,
  '!==': false,
  '<': false,
  '<=': false,
  '>': false,
  '>=': false,
  contains: false,
  matches: false,
};
const SEARCHED: ReadonlySet<string> = new Set(['string', 'bytes', 'protocol', 'ether']);

export function relation(node: RelationNode, operands: Operands): Matches {
  const { operator, left, right, quantifier } = node;
  leads(left, operands);
  let a = operands.of(left);
  const every = quantifier === undefined ? EVERY[operator] : quantifier === 'all';
  const how = plain(operator);
  if (how === 'contains' || how === 'matches') {
    if (!SEARCHED.has(a.type.family))
      operands.fail(`"${how}" searches text or bytes, and this is ${CALLED[a.type.family]}`, left.at);
    if (a.searched !== undefined) a = { ...a, runs: a.searched };
  }
  if (how === 'matches' && right.kind !== 'string')
    operands.fail('a pattern in double quotes is expected behind "matches"', right.at);
  if (isConstant(right)) return withValue(a, how, right, every, operands);
  const b = operands.of(right, a.type);
  if (a.slice === true || b.slice === true)
    return between(bytesOf(a, left, operands), how, bytesOf(b, right, operands), every);
  if (!compatible(a.type, b.type)) {
    // What is a name of a value, too, was meant as one.
    const name = right.kind === 'field' && isNamed(right.name, a.type) ? `"${right.name}" in quotes` : undefined;
    operands.fail(`${CALLED[a.type.family]} is not compared with ${CALLED[b.type.family]}`, right.at, [], name);
  }
  return between(a, how, b, every);
}
const isNamed = (name: string, { names }: Type): boolean =>
  Object.values(names ?? {}).some((known) => known.toLowerCase() === name.toLowerCase());
/** The left side tells what the right side means, so it is no value itself. */
function leads(node: Node, operands: Operands): void {
  let first = node;
  while (first.kind === 'arithmetic' || first.kind === 'negative')
    first = first.kind === 'negative' ? first.of : first.left;
  const constant = isConstant(first) || (first.kind === 'call' && first.name === 'abs' && first.given.every(isFixed));
  if (!constant) return;
  if (first.kind === 'literal' && /[a-z]/i.test(first.text)) operands.unknown(first);
  operands.fail('a field or a function of one is expected on the left side', first.at);
}
const isFixed = (node: Node): boolean => isConstant(node) || (node.kind === 'negative' && isFixed(node.of));
function bytesOf(operand: Operand, node: Node, operands: Operands): Operand {
  if (operand.runs === undefined || !(isRun(operand.type) || operand.type.family === 'ipv4'))
    operands.fail(`bytes are compared with bytes, and this is ${CALLED[operand.type.family]}`, node.at);
  return { ...operand, type: BYTES };
}
function withValue(a: Operand, how: Plain, right: Constant, every: boolean, operands: Operands): Matches {
  // What is searched for in an address is a part of it.
  const type: Type = how === 'contains' && a.type.family === 'ether' && right.kind === 'literal' ? BYTES : a.type;
  const value = how === 'matches' ? patternOf(right) : operands.value(right, type);
  if (value.scalars !== undefined && how !== '==' && how !== '!=')
    operands.fail('several values have this name, which are in no order', right.at);
  if (!isRun(a.type)) return quantified(a, scalarTest(how, type, value), every);
  try {
    return quantifiedRuns(a, runTest(how, a.type, value), every);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    return operands.fail(`the pattern, at its character ${error.at + 1}: ${error.message}`, right.at);
  }
}
/** A pattern is its bytes, whatever it is to match. */
const patternOf = (node: Constant): Typed => ({
  run: node.kind === 'string' ? Buffer.from(node.bytes, 'latin1') : new Uint8Array(),
});
function quantified({ scalars, present }: Operand, test: ScalarVisit, every: boolean): Matches {
  if (!every) return (frame) => scalars!(frame, test);
  const fails: ScalarVisit = (value) => !test(value);
  return (frame) => present(frame) && !scalars!(frame, fails);
}
function quantifiedRuns({ runs, present }: Operand, test: RunVisit, every: boolean): Matches {
  if (!every) return (frame) => runs!(frame, test);
  const fails: RunVisit = (bytes, from, to) => !test(bytes, from, to);
  return (frame) => present(frame) && !runs!(frame, fails);
}
/** Field against field: each value with each. */
function between(a: Operand, how: Plain, b: Operand, every: boolean): Matches {
  const pair = isRun(a.type) ? runPairs(a, how, b) : scalarPairs(a, how, b);
  if (!every) return (frame) => pair(frame, true);
  return (frame) => a.present(frame) && b.present(frame) && !pair(frame, false);
}
/** Is there a pair for which the comparison comes out so? */
type Pairs = (frame: Frame, wanted: boolean) => boolean;
function scalarPairs(a: Operand, how: Plain, b: Operand): Pairs {
  const compare = compareScalars(how, a.type);
  let first: Scalar = 0;
  let under: Frame;
  let expected = true;
  const second: ScalarVisit = (value) => compare(first, value) === expected;
  const each: ScalarVisit = (value) => {
    first = value;
    return b.scalars!(under, second);
  };
  return (frame, wanted) => {
    under = frame;
    expected = wanted;
    return a.scalars!(frame, each);
  };
}
function runPairs(a: Operand, how: Plain, b: Operand): Pairs {
  const compare = compareWhole(how, a.type.family === 'string');
  return (frame, wanted) =>
    a.runs!(frame, (bytes, from, to) => {
      // The other side may write into the same place.
      const first = bytes.slice(from, to);
      return b.runs!(
        frame,
        (other, otherFrom, otherTo) => compare(first, 0, first.length, other.subarray(otherFrom, otherTo)) === wanted,
      );
    });
}

/** `field in {…}`. With `all`, one member must be what all values are, as in Wireshark. */
export function membership(node: InNode, operands: Operands): Matches {
  const { left, members, quantifier } = node;
  if (left.kind === 'literal') operands.unknown(left);
  if (left.kind !== 'field') operands.fail('a field is expected in front of "in"', left.at);
  const of = operands.of(left);
  const every = quantifier === 'all';
  const typed = members.every(({ low, high }) => isConstant(low) && (high === undefined || isConstant(high)));
  if (!typed || every) return anyOf(members.map(({ low, high }) => worked(of, low, high, operands, every)));
  const tests = members.map(({ low, high }) => memberTest(of, low, high, operands));
  if (isRun(of.type)) return quantifiedRuns(of, anyRun(tests as RunVisit[]), false);
  return quantified(of, anyScalar(tests as ScalarVisit[]), false);
}
const anyOf =
  (tests: readonly Matches[]): Matches =>
  (frame) =>
    tests.some((test) => test(frame));
const anyScalar =
  (tests: readonly ScalarVisit[]): ScalarVisit =>
  (value) => {
    for (let i = 0; i < tests.length; i++) if (tests[i]!(value)) return true;
    return false;
  };
const anyRun =
  (tests: readonly RunVisit[]): RunVisit =>
  (bytes, from, to) => {
    for (let i = 0; i < tests.length; i++) if (tests[i]!(bytes, from, to)) return true;
    return false;
  };
/** A value or a range of a set, typed. */
function memberTest(of: Operand, low: Node, high: Node | undefined, operands: Operands): ScalarVisit | RunVisit {
  const value = (node: Node): Typed => operands.value(node as Constant, of.type);
  const first = value(low);
  if (isRun(of.type)) {
    if (high === undefined) return runTest('==', of.type, first);
    const [from, to] = [runTest('>=', of.type, first), runTest('<=', of.type, value(high))];
    return (bytes, start, end) => from(bytes, start, end) && to(bytes, start, end);
  }
  if (high === undefined) return scalarTest('==', of.type, first);
  const last = value(high);
  if (first.scalars !== undefined || last.scalars !== undefined)
    operands.fail('several values have this name, which are in no order', low.at);
  const [from, to] = [scalarTest('>=', of.type, first), scalarTest('<=', of.type, last)];
  return (scalar: Scalar) => from(scalar) && to(scalar);
}
/** A value or a range of a set that more is asked of: a field or a sign in it, or that all values agree. */
function worked(of: Operand, low: Node, high: Node | undefined, operands: Operands, every: boolean): Matches {
  if (isConstant(low) && (high === undefined || isConstant(high))) {
    const test = memberTest(of, low, high, operands);
    return isRun(of.type) ? quantifiedRuns(of, test as RunVisit, every) : quantified(of, test as ScalarVisit, every);
  }
  const side = (node: Node): Operand => {
    const operand = operands.of(node, of.type);
    if (!compatible(of.type, operand.type))
      operands.fail(`${CALLED[of.type.family]} is not compared with ${CALLED[operand.type.family]}`, node.at);
    return operand;
  };
  const first = side(low);
  if (high === undefined) return between(of, '==', first, every);
  const last = side(high);
  return isRun(of.type) ? runRange(of, first, last) : scalarRange(of, first, last);
}
function scalarRange(of: Operand, first: Operand, last: Operand): Matches {
  const atLeast = compareScalars('>=', of.type);
  const atMost = compareScalars('<=', of.type);
  return (frame) =>
    of.scalars!(
      frame,
      (value) =>
        first.scalars!(frame, (low) => atLeast(value, low) === true) &&
        last.scalars!(frame, (high) => atMost(value, high) === true),
    );
}
function runRange(of: Operand, first: Operand, last: Operand): Matches {
  const text = of.type.family === 'string';
  return (frame) =>
    of.runs!(frame, (bytes, from, to) => {
      const value = bytes.slice(from, to);
      const order = (other: Uint8Array, start: number, end: number) =>
        compareRuns(text, value, 0, value.length, other, start, end);
      return first.runs!(frame, (...low) => order(...low) >= 0) && last.runs!(frame, (...high) => order(...high) <= 0);
    });
}

/** A field, a slice or something worked out, with no comparison: is it there, is anything of it left? */
export function test(node: TestNode, operands: Operands): Matches {
  const { of } = node;
  if (of.kind === 'literal') operands.unknown(of);
  if (isConstant(of)) operands.fail('a field or a protocol is expected here, not a value', of.at);
  if (of.kind === 'call') operands.fail(`a comparison is expected for ${of.name}()`, of.at);
  if (of.kind === 'arithmetic' || of.kind === 'negative') {
    leads(of, operands);
    return notZero(operands.of(of));
  }
  const operand = operands.of(of);
  // A part that is not there is empty, and so nothing.
  if (operand.slice === true) return (frame) => operand.runs!(frame, (_, from, to) => to > from);
  return operand.present;
}
