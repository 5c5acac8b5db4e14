import type { Node } from '../ast.ts';
import { all, type Condition, not, registersOf } from '../condition.ts';
import type { Context } from '../context.ts';
import { primitive } from './primitive.ts';

type Join = Extract<Node, { kind: 'and' | 'or' }>;

function isJoin(node: Node): node is Join {
  return node.kind === 'and' || node.kind === 'or';
}

/** The whole filter as a condition, what has to be computed before it in front. */
export function generate(context: Context, root: Node): Condition {
  let condition = walk(context, root);
  // A header that lies behind another is prepared after it, so that the last is asked first.
  for (const { register, steps } of context.prologue.toReversed()) {
    if (registersOf(condition).has(register)) condition = all(...steps, condition);
  }
  return context.link.guard === undefined ? condition : all(context.link.guard(context), condition);
}

/** Primitives from left to right, because some of them move those behind them. */
function walk(context: Context, root: Node): Condition {
  // Long filters are deep on their left side: down there first, then back up.
  const spine: Join[] = [];
  let node = root;
  while (isJoin(node)) {
    spine.push(node);
    node = node.left;
  }
  let condition = single(context, node);
  for (const join of spine.reverse())
    condition = { kind: join.kind, left: condition, right: walk(context, join.right) };
  return condition;
}

function single(context: Context, node: Exclude<Node, Join>): Condition {
  return node.kind === 'not' ? not(walk(context, node.operand)) : primitive(context, node);
}
