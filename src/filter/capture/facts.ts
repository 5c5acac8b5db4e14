import type { TestBlock } from './blocks.ts';
import { type Expression, mentions } from './expression.ts';

/**
 * What is known at a place of the program because of the tests on every way there: a list that grows at its end, so that
 * places share what they have in common.
 *
 * A test is answered by another of the same kind on the same value only. More could be known (a port of 80 is below 1024),
 * but every answered test may make loads superfluous, and a load outside of the packet rejects it: so far libpcap goes,
 * and a packet that was cut short is to have the same fate here.
 */
export class Facts {
  static readonly none = new Facts(undefined, undefined, false, 0, '');

  private constructor(
    private readonly before: Facts | undefined,
    private readonly test: TestBlock | undefined,
    private readonly outcome: boolean,
    private readonly depth: number,
    private readonly key: string,
  ) {}

  with(test: TestBlock, outcome: boolean): Facts {
    const key = `${test.comparison} ${test.left.id} ${test.right.id} ${outcome}`;
    return new Facts(this, test, outcome, this.depth + 1, key);
  }

  /** What remains when a register changes. */
  without(register: number): Facts {
    return this.kept(
      Facts.none,
      (fact) => !mentions(fact.test!.left, register) && !mentions(fact.test!.right, register),
    );
  }

  /** What is known on both of two ways. */
  static common(a: Facts, b: Facts): Facts {
    let [left, right] = [a, b];
    const others = new Set<string>();
    while (left !== right) {
      if (left.depth > right.depth || right.before === undefined) left = left.before!;
      else {
        others.add(right.key);
        right = right.before;
      }
    }
    return others.size === 0 ? left : a.kept(left, (fact) => others.has(fact.key));
  }

  /** The facts down to a place in the list that pass, on top of that place. */
  private kept(down: Facts, passes: (fact: Facts) => boolean): Facts {
    const list: Facts[] = [];
    for (let fact: Facts = this; fact !== down; fact = fact.before!) if (passes(fact)) list.push(fact);
    return list.length === this.depth - down.depth
      ? this
      : list.reduceRight((facts, { test, outcome }) => facts.with(test!, outcome), down);
  }

  /** The answer to a test, if it is known. */
  answer(asked: TestBlock): boolean | undefined {
    for (let fact: Facts = this; fact.before !== undefined; fact = fact.before) {
      const { left, right, comparison } = fact.test!;
      if (left !== asked.left || comparison !== asked.comparison) continue;
      if (right === asked.right) return fact.outcome;
      // A value that is one number is no other.
      if (comparison === 'eq' && fact.outcome && areConstant(right, asked.right)) return false;
    }
    return undefined;
  }
}

function areConstant(a: Expression, b: Expression): boolean {
  return a.kind === 'constant' && b.kind === 'constant';
}
