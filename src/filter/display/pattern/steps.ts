import { type Assertion, type ByteSet, PatternError, type Tree } from './tree.ts';

/** A pattern as a graph: whoever stands on a step goes on to others, for a byte or for nothing. */
export type Step =
  | { readonly kind: 'byte'; readonly set: ByteSet; readonly next: number }
  | { readonly kind: 'fork'; readonly nexts: readonly number[] }
  | { readonly kind: 'assert'; readonly assertion: Assertion; readonly next: number }
  | { readonly kind: 'match' };

/** Each byte of a text costs at most as much as there are steps. */
const MOST_STEPS = 2000;

/** The steps of a pattern; the last one is its start. Throws a {@link PatternError} when there are too many. */
export function stepsOf(tree: Tree): Step[] {
  const steps: Step[] = [{ kind: 'match' }];
  add({ kind: 'fork', nexts: [grow(tree, 0)] });
  return steps;

  function add(step: Step): number {
    if (steps.length >= MOST_STEPS)
      throw new PatternError(
        `the pattern is too long: with its repetitions it comes to more than ${MOST_STEPS} steps`,
        0,
      );
    return steps.push(step) - 1;
  }
  /** Builds from the back: the step that leads through `part` to `next`. */
  function grow(part: Tree, next: number): number {
    switch (part.kind) {
      case 'set':
        return add({ kind: 'byte', set: part.set, next });
      case 'assertion':
        return add({ kind: 'assert', assertion: part.assertion, next });
      case 'sequence':
        return part.parts.reduceRight((behind, one) => grow(one, behind), next);
      case 'choice':
        return add({ kind: 'fork', nexts: part.parts.map((one) => grow(one, next)) });
      case 'repeat':
        return repeat(part.of, part.least, part.most, next);
    }
  }
  function repeat(of: Tree, least: number, most: number, next: number): number {
    let from = next;
    if (most === Number.POSITIVE_INFINITY) {
      const nexts = [next];
      from = add({ kind: 'fork', nexts });
      nexts.push(grow(of, from));
    } else for (let i = least; i < most; i++) from = add({ kind: 'fork', nexts: [grow(of, from), next] });
    // A repetition of nothing would go on for ever without a step.
    for (let i = 0; i < least; i++) {
      const before = grow(of, from);
      if (before === from) break;
      from = before;
    }
    return from;
  }
}
