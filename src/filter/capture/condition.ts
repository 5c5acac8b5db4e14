import type { Expression, Expressions } from './expression.ts';

export type Comparison = 'eq' | 'gt' | 'ge' | 'set';

/** What a filter asks, before it is laid out as a program. */
export type Condition =
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'test'; readonly comparison: Comparison; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly operand: Condition }
  /** Puts a value into a register; always true. `kept`: even if nobody reads it, the packet must have the bytes for it. */
  | { readonly kind: 'assign'; readonly register: number; readonly value: Expression; readonly kept: boolean }
  /** Follows extension headers; see chain.ts. */
  | { readonly kind: 'chain'; readonly chain: HeaderChain };

/** Where a chain of headers begins and what is looked for in it. */
export interface HeaderChain {
  readonly version: 4 | 6;
  readonly protocol: number;
  /** Where the IP header starts. */
  readonly start: number;
}

export const TRUE: Condition = { kind: 'constant', value: true };
export const FALSE: Condition = { kind: 'constant', value: false };

export function not(operand: Condition): Condition {
  if (operand.kind === 'constant') return operand.value ? FALSE : TRUE;
  return operand.kind === 'not' ? operand.operand : { kind: 'not', operand };
}

/** All of them, asked from left to right. */
export function all(...conditions: Condition[]): Condition {
  return conditions.reduce((left, right) => join('and', left, right));
}

/** Any of them, asked from left to right. */
export function any(...conditions: Condition[]): Condition {
  return conditions.reduce((left, right) => join('or', left, right));
}

function join(kind: 'and' | 'or', left: Condition, right: Condition): Condition {
  if (left.kind === 'constant') return left.value === (kind === 'and') ? right : left;
  // The left side is asked even when the right side settles it: it may set registers.
  return { kind, left, right };
}

/** Makes tests out of expressions, in the one spelling that the code generator expects. */
export class Tests {
  constructor(readonly of: Expressions) {}

  test(comparison: Comparison, left: Expression, right: Expression): Condition {
    if (left.kind === 'constant' && right.kind === 'constant') {
      return decide(comparison, left.value, right.value) ? TRUE : FALSE;
    }
    if (right.kind !== 'constant') return { kind: 'test', comparison, left, right };
    return this.withConstant(comparison, left, right.value);
  }

  /** A comparison with a constant: `(x & k) == 0` is a bit test, `x - 1 == 2` asks about x. */
  private withConstant(comparison: Comparison, left: Expression, right: number): Condition {
    if (comparison === 'set' && right === 0) return FALSE;
    const constant = this.of.constant(right);
    if (comparison === 'eq' && left.kind === 'binary' && left.right.kind === 'constant') {
      if (left.operator === 'and' && right === 0) return not(this.test('set', left.left, left.right));
      if (left.operator === 'sub') return this.test('eq', left.left, this.of.constant(right + left.right.value));
    }
    return { kind: 'test', comparison, left, right: constant };
  }

  equals(left: Expression, value: number): Condition {
    return this.test('eq', left, this.of.constant(value));
  }

  above(left: Expression, value: number): Condition {
    return this.test('gt', left, this.of.constant(value));
  }

  atLeast(left: Expression, value: number): Condition {
    return this.test('ge', left, this.of.constant(value));
  }

  hasBit(left: Expression, mask: number): Condition {
    return this.test('set', left, this.of.constant(mask));
  }

  /** Whether the masked bits have this value. */
  masked(left: Expression, mask: number, value: number): Condition {
    return this.equals(this.of.and(left, mask), value);
  }
}

export function decide(comparison: Comparison, left: number, right: number): boolean {
  switch (comparison) {
    case 'eq':
      return left === right;
    case 'gt':
      return left > right;
    case 'ge':
      return left >= right;
    case 'set':
      return (left & right) !== 0;
  }
}

/** The registers that a condition reads. */
export function registersOf(condition: Condition): Set<number> {
  const found = new Set<number>();
  const seen = new Set<Expression | Condition>();
  const open: (Expression | Condition)[] = [condition];
  for (let each = open.pop(); each !== undefined; each = open.pop()) {
    if (seen.has(each)) continue;
    seen.add(each);
    if (each.kind === 'register') found.add(each.register);
    else open.push(...partsOf(each));
  }
  return found;
}

function partsOf(each: Expression | Condition): (Expression | Condition)[] {
  switch (each.kind) {
    case 'and':
    case 'or':
    case 'test':
    case 'binary':
      return [each.left, each.right];
    case 'not':
    case 'negate':
      return [each.operand];
    case 'assign':
      return [each.value];
    case 'load':
      return each.base === undefined ? [] : [each.base];
    default:
      return [];
  }
}
