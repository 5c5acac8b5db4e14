import type { Comparison, Condition, HeaderChain } from './condition.ts';
import type { Expression } from './expression.ts';

/** A program as blocks: each does one thing and says where to go on. */
export type Block = TestBlock | AssignBlock | ChainBlock | ReturnBlock;

export interface TestBlock {
  readonly kind: 'test';
  readonly comparison: Comparison;
  readonly left: Expression;
  readonly right: Expression;
  yes: Block;
  no: Block;
}

export interface AssignBlock {
  readonly kind: 'assign';
  readonly register: number;
  readonly value: Expression;
  readonly kept: boolean;
  yes: Block;
}

export interface ChainBlock {
  readonly kind: 'chain';
  readonly chain: HeaderChain;
  yes: Block;
  no: Block;
}

export interface ReturnBlock {
  readonly kind: 'return';
  readonly value: number;
}

/** The blocks that ask a condition and go on to `yes` or `no`; the first of them is returned. */
export function lower(condition: Condition, yes: Block, no: Block): Block {
  let whole = condition;
  let then = yes;
  let otherwise = no;
  // Long filters are deep on their left side: that side is walked, only the right one recurses.
  for (;;) {
    switch (whole.kind) {
      case 'constant':
        return whole.value ? then : otherwise;
      case 'not':
        [then, otherwise, whole] = [otherwise, then, whole.operand];
        break;
      case 'and':
        then = lower(whole.right, then, otherwise);
        whole = whole.left;
        break;
      case 'or':
        otherwise = lower(whole.right, then, otherwise);
        whole = whole.left;
        break;
      case 'test':
        return {
          kind: 'test',
          comparison: whole.comparison,
          left: whole.left,
          right: whole.right,
          yes: then,
          no: otherwise,
        };
      case 'assign':
        return { kind: 'assign', register: whole.register, value: whole.value, kept: whole.kept, yes: then };
      case 'chain':
        return { kind: 'chain', chain: whole.chain, yes: then, no: otherwise };
    }
  }
}

/** Where a block may go on; nothing behind a return. */
export function successors(block: Block): Block[] {
  switch (block.kind) {
    case 'return':
      return [];
    case 'assign':
      return [block.yes];
    default:
      return [block.yes, block.no];
  }
}

/** Every block that can be reached, each before those it goes on to; what follows a `yes` stays near. */
export function ordered(root: Block): Block[] {
  const finished: Block[] = [];
  const seen = new Set<Block>([root]);
  const stack: { block: Block; open: Block[] }[] = [{ block: root, open: successors(root) }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const next = top.open.pop();
    if (next === undefined) {
      finished.push(top.block);
      stack.pop();
    } else if (!seen.has(next)) {
      seen.add(next);
      stack.push({ block: next, open: successors(next) });
    }
  }
  return finished.reverse();
}
