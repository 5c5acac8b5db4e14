/**
 * What a filter computes: numbers of 32 bits, made of constants, bytes of the packet, its length and registers.
 * Equal expressions are one object, so that `===` says whether two values are the same; a packet does not change while a
 * filter runs. Evaluation has one effect: a load outside of the packet (or a division by zero) rejects the packet.
 */
export type Expression =
  | { readonly kind: 'constant'; readonly id: number; readonly value: number }
  | { readonly kind: 'length'; readonly id: number }
  /** `size` bytes at `base` + `offset`. */
  | {
      readonly kind: 'load';
      readonly id: number;
      readonly size: 1 | 2 | 4;
      readonly base: Expression | undefined;
      readonly offset: number;
    }
  /** A number that earlier steps of the program left in scratch memory. */
  | { readonly kind: 'register'; readonly id: number; readonly register: number }
  | { readonly kind: 'negate'; readonly id: number; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly id: number;
      readonly operator: Operator;
      readonly left: Expression;
      readonly right: Expression;
    };

export type Operator = 'add' | 'sub' | 'mul' | 'div' | 'mod' | 'and' | 'or' | 'xor' | 'lsh' | 'rsh';

/** A place in the packet: a constant, behind something computed if there is a base. */
export interface Place {
  readonly base: Expression | undefined;
  readonly offset: number;
}

export function at(offset: number, base?: Expression): Place {
  return { base, offset };
}

export function behind(place: Place, distance: number): Place {
  return { base: place.base, offset: place.offset + distance };
}

/** Makes expressions: interns them, and computes what is constant. */
export class Expressions {
  private readonly interned = new Map<string, Expression>();

  private intern<T extends Expression>(key: string, make: (id: number) => T): T {
    const known = this.interned.get(key);
    if (known !== undefined) return known as T;
    const made = make(this.interned.size);
    this.interned.set(key, made);
    return made;
  }

  constant(value: number): Expression {
    const word = value >>> 0;
    return this.intern(`#${word}`, (id) => ({ kind: 'constant', id, value: word }));
  }

  length(): Expression {
    return this.intern('len', (id) => ({ kind: 'length', id }));
  }

  register(register: number): Expression {
    return this.intern(`M${register}`, (id) => ({ kind: 'register', id, register }));
  }

  load(size: 1 | 2 | 4, place: Place): Expression {
    if (place.base?.kind === 'constant') return this.load(size, at(place.offset + place.base.value));
    const offset = place.offset >>> 0;
    return this.intern(`${size}[${place.base?.id ?? ''}+${offset}]`, (id) => ({
      kind: 'load',
      id,
      size,
      base: place.base,
      offset,
    }));
  }

  negate(operand: Expression): Expression {
    if (operand.kind === 'constant') return this.constant(-operand.value);
    return this.intern(`-${operand.id}`, (id) => ({ kind: 'negate', id, operand }));
  }

  binary(operator: Operator, left: Expression, right: Expression): Expression {
    if (left.kind === 'constant' && right.kind === 'constant') {
      const value = compute(operator, left.value, right.value);
      if (value !== undefined) return this.constant(value);
    }
    if (right.kind === 'constant') {
      const simple = this.simplified(operator, left, right.value);
      if (simple !== undefined) return simple;
    }
    return this.intern(`${operator} ${left.id} ${right.id}`, (id) => ({ kind: 'binary', id, operator, left, right }));
  }

  /** What an operation with this constant comes to without computing: `x + 0`, `x & 0`, `(x + 1) + 2`. */
  private simplified(operator: Operator, left: Expression, right: number): Expression | undefined {
    switch (operator) {
      case 'add':
        if (right === 0) return left;
        if (left.kind === 'binary' && left.operator === 'add' && left.right.kind === 'constant') {
          return this.binary('add', left.left, this.constant(left.right.value + right));
        }
        return undefined;
      case 'sub':
      case 'or':
      case 'xor':
      case 'lsh':
      case 'rsh':
        return right === 0 ? left : undefined;
      case 'and':
        if (right === 0) return this.constant(0);
        return right === 0xffffffff ? left : undefined;
      case 'mul':
        if (right === 0) return this.constant(0);
        return right === 1 ? left : undefined;
      case 'div':
        return right === 1 ? left : undefined;
      default:
        return undefined;
    }
  }

  add(left: Expression | undefined, right: Expression): Expression {
    return left === undefined ? right : this.binary('add', left, right);
  }

  and(left: Expression, mask: number): Expression {
    return this.binary('and', left, this.constant(mask));
  }
}

/** An operation on two words; undefined where it has no result. */
export function compute(operator: Operator, a: number, b: number): number | undefined {
  switch (operator) {
    case 'add':
      return (a + b) >>> 0;
    case 'sub':
      return (a - b) >>> 0;
    case 'mul':
      return Math.imul(a, b) >>> 0;
    case 'div':
      return b === 0 ? undefined : Math.floor(a / b);
    case 'mod':
      return b === 0 ? undefined : a % b;
    case 'and':
      return (a & b) >>> 0;
    case 'or':
      return (a | b) >>> 0;
    case 'xor':
      return (a ^ b) >>> 0;
    case 'lsh':
      return b < 32 ? (a << b) >>> 0 : 0;
    case 'rsh':
      return b < 32 ? a >>> b : 0;
  }
}

/** Whether the value of an expression depends on a register. */
export function mentions(expression: Expression, register: number): boolean {
  switch (expression.kind) {
    case 'register':
      return expression.register === register;
    case 'load':
      return expression.base !== undefined && mentions(expression.base, register);
    case 'negate':
      return mentions(expression.operand, register);
    case 'binary':
      return mentions(expression.left, register) || mentions(expression.right, register);
    default:
      return false;
  }
}
