import { type Block, ordered, type TestBlock } from './blocks.ts';
import type { Expression } from './expression.ts';
import { Facts } from './facts.ts';
import { reorder } from './reorder.ts';

/** So many blocks are a large program. */
const LARGE = 10_000;
const ROUNDS = 40;

/**
 * Makes a program shorter without changing what it answers. Three rules, until none applies:
 * an edge into a test whose answer is known on that edge leads on to where the answer leads; a test whose answer does not
 * matter is left out; equal blocks that go on to the same places are one.
 */
export function optimise(root: Block): Block {
  let program = root;
  // Each round only ever shortens ways, so that this ends. The work grows with the square of the filter: the longest ones,
  // made by scripts, are left as two rounds leave them.
  const large = ordered(root).length > LARGE;
  for (let round = 0; round < (large ? 2 : ROUNDS); round++) {
    const threaded = thread(program);
    const merged = merge(threaded.root);
    program = merged.root;
    const reordered = !large && reorder(program);
    if (!threaded.changed && !merged.changed && !reordered) break;
  }
  return program;
}

interface Round {
  root: Block;
  changed: boolean;
}

/** Leads edges past tests that are already answered. */
function thread(root: Block): Round {
  const known = new Map<Block, Facts>([[root, Facts.none]]);
  let changed = false;
  const follow = (target: Block, facts: Facts): Block => {
    let block = target;
    while (block.kind === 'test') {
      const answer = facts.answer(block);
      if (answer === undefined) break;
      block = answer ? block.yes : block.no;
      changed = true;
    }
    if (block.kind === 'return') return block;
    const before = known.get(block);
    known.set(block, before === undefined ? facts : Facts.common(before, facts));
    return block;
  };
  for (const block of ordered(root)) {
    const facts = known.get(block);
    // Every edge into it may have been led elsewhere meanwhile.
    if (facts === undefined || block.kind === 'return') continue;
    if (block.kind === 'assign') {
      block.yes = follow(block.yes, facts.without(block.register));
    } else if (block.kind === 'chain') {
      block.yes = follow(block.yes, facts);
      block.no = follow(block.no, facts);
    } else {
      block.yes = follow(block.yes, facts.with(block, true));
      block.no = follow(block.no, facts.with(block, false));
    }
  }
  return { root, changed };
}

/** Leaves out tests that lead to one place, and makes equal blocks one. */
function merge(root: Block): Round {
  const replacement = new Map<Block, Block>();
  const numbers = new Map<Block, number>();
  const canonical = new Map<string, Block>();
  let changed = false;
  const now = (block: Block): Block => replacement.get(block) ?? block;
  const needed = registersRead(root);
  for (const block of ordered(root).reverse()) {
    if (block.kind !== 'return') {
      block.yes = now(block.yes);
      if (block.kind !== 'assign') block.no = now(block.no);
    }
    const skipped = past(block, needed);
    const key = keyOf(block, numbers);
    const same = skipped ?? canonical.get(key);
    if (same === undefined) {
      canonical.set(key, block);
      numbers.set(block, numbers.size);
    } else if (same !== block) {
      replacement.set(block, same);
      changed = true;
    }
  }
  return { root: now(root), changed };
}

/** Where a block that has no use leads. */
function past(block: Block, needed: ReadonlySet<number>): Block | undefined {
  if (block.kind === 'test') return block.yes === block.no ? block.yes : undefined;
  if (block.kind === 'assign') return block.kept || needed.has(block.register) ? undefined : block.yes;
  return undefined;
}

function keyOf(block: Block, numbers: ReadonlyMap<Block, number>): string {
  switch (block.kind) {
    case 'return':
      return `return ${block.value}`;
    case 'assign':
      return `assign ${block.register} ${block.value.id} ${numbers.get(block.yes)}`;
    case 'chain': {
      const { version, protocol, start } = block.chain;
      return `chain ${version} ${protocol} ${start} ${numbers.get(block.yes)} ${numbers.get(block.no)}`;
    }
    case 'test':
      return `${testKey(block)} ${numbers.get(block.yes)} ${numbers.get(block.no)}`;
  }
}

function testKey(block: TestBlock): string {
  return `${block.comparison} ${block.left.id} ${block.right.id}`;
}

/** The registers that a test reads, or that go into such a register. */
export function registersRead(root: Block): Set<number> {
  const found = new Set<number>();
  const assigned = new Map<number, Expression[]>();
  const open: Expression[] = [];
  for (const block of ordered(root)) {
    if (block.kind === 'test') open.push(block.left, block.right);
    else if (block.kind === 'assign')
      assigned.set(block.register, [...(assigned.get(block.register) ?? []), block.value]);
  }
  const seen = new Set<Expression>();
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (seen.has(value)) continue;
    seen.add(value);
    if (value.kind === 'register') {
      found.add(value.register);
      open.push(...(assigned.get(value.register) ?? []));
    } else if (value.kind === 'load' && value.base !== undefined) open.push(value.base);
    else if (value.kind === 'negate') open.push(value.operand);
    else if (value.kind === 'binary') open.push(value.left, value.right);
  }
  return found;
}
