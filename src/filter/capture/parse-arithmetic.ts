import type { Arithmetic, ArithmeticOperator, Relation } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { PROTOCOL_WORDS } from './words.ts';

/**
 * How tightly each operator binds. `%` and `^` are missing: libpcap's grammar gives them no precedence, and what that does
 * there is what they do here: each takes everything to its right as its operand.
 */
const PRECEDENCE: Readonly<Record<string, number>> = {
  '|': 1,
  '&': 2,
  '<<': 3,
  '>>': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
};
const TIGHTEST = 6;
const GREEDY: ReadonlySet<string> = new Set(['%', '^']);

export const RELATIONS: ReadonlySet<string> = new Set(['>', '>=', '=', '<', '<=', '!=']);

/** Whether the token here carries an arithmetic expression on. */
export function continues(cursor: Cursor): boolean {
  const { kind, text } = cursor.token;
  return kind === 'operator' && (text in PRECEDENCE || GREEDY.has(text));
}

export function atRelation(cursor: Cursor): boolean {
  return cursor.token.kind === 'operator' && RELATIONS.has(cursor.token.text);
}

export function relation(cursor: Cursor): Relation {
  return cursor.next().text as Relation;
}

/** Whether an arithmetic expression begins here with something that cannot begin anything else. */
export function beginsArithmetic(cursor: Cursor): boolean {
  if (cursor.operator('-') || cursor.keyword('len')) return true;
  return cursor.is('protocol') && cursor.following.kind === 'operator' && cursor.following.text === '[';
}

export function arithmetic(cursor: Cursor, loosest = 0): Arithmetic {
  return carryOn(cursor, unary(cursor), loosest);
}

/** The rest of an expression whose first operand was read already. */
export function carryOn(cursor: Cursor, first: Arithmetic, loosest: number): Arithmetic {
  let left = first;
  while (continues(cursor)) {
    const operator = cursor.token.text as ArithmeticOperator;
    const greedy = GREEDY.has(operator);
    if (!greedy && PRECEDENCE[operator]! < loosest) break;
    const { at } = cursor.next();
    const right = cursor.nested(() => arithmetic(cursor, greedy ? 0 : PRECEDENCE[operator]! + 1));
    left = { kind: 'binary', operator, left, right, at };
    checkConstant(cursor, operator, right);
  }
  return left;
}

function unary(cursor: Cursor): Arithmetic {
  const { token } = cursor;
  if (token.kind === 'number') {
    cursor.next();
    return { kind: 'number', value: token.value, at: token.at };
  }
  if (cursor.accept('(')) {
    const inner = cursor.nested(() => arithmetic(cursor));
    cursor.expect(')', 'to close the parenthesis');
    return inner;
  }
  if (cursor.accept('-')) {
    const operand = cursor.nested(() => arithmetic(cursor, TIGHTEST));
    return { kind: 'negate', operand, at: token.at };
  }
  if (cursor.keyword('len')) {
    cursor.next();
    return { kind: 'length', at: token.at };
  }
  if (beginsArithmetic(cursor)) return load(cursor);
  return cursor.fail('a number, "len" or a value such as ip[0]', ['len', 'length']);
}

/** `proto[offset:size]`. */
function load(cursor: Cursor): Arithmetic {
  const word = cursor.next();
  cursor.expect('[', 'after the protocol');
  const offset = cursor.nested(() => arithmetic(cursor));
  let size = 1;
  if (cursor.accept(':')) {
    const { token } = cursor;
    if (token.kind !== 'number') cursor.fail('the size, 1, 2 or 4,');
    cursor.next();
    size = token.value;
    if (size !== 1 && size !== 2 && size !== 4) cursor.error('the size is 1, 2 or 4', token.at);
  }
  cursor.expect(']', 'after the offset');
  return { kind: 'load', protocol: PROTOCOL_WORDS.get(word.text)!, word: word.text, offset, size, at: word.at };
}

/** Mistakes that are plain before any packet comes. */
function checkConstant(cursor: Cursor, operator: ArithmeticOperator, right: Arithmetic): void {
  if (right.kind !== 'number') return;
  if ((operator === '/' || operator === '%') && right.value === 0) cursor.error('division by zero', right.at);
  if ((operator === '<<' || operator === '>>') && right.value > 31)
    cursor.error('a shift by more than 31 bits', right.at);
}
