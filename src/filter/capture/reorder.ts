import { type Block, ordered, successors, type TestBlock } from './blocks.ts';
import type { Expression } from './expression.ts';

/**
 * In a row of alternatives (tests with the same `yes`, each the `no` of the one before) or of conditions (the reverse), tests
 * of the value that is loaded already come first: `src host a or b` loads each address once. True if something moved.
 */
export function reorder(root: Block): boolean {
  let moved = false;
  const blocks = ordered(root);
  const before = predecessors(blocks);
  for (const block of blocks) {
    if (block.kind !== 'test') continue;
    const loaded = loadedBefore(block, before);
    if (loaded === undefined) continue;
    for (const row of ROWS) {
      let head: TestBlock = block;
      for (
        let pulled = pull(head, loaded, before, row);
        pulled !== undefined;
        pulled = pull(head, loaded, before, row)
      ) {
        head = pulled;
        moved = true;
      }
    }
  }
  return moved;
}

/** Which exit leads along a row, and which one out of it. */
interface Row {
  readonly along: 'yes' | 'no';
  readonly out: 'yes' | 'no';
}
const ROWS: readonly Row[] = [
  { along: 'no', out: 'yes' },
  { along: 'yes', out: 'no' },
];

function predecessors(blocks: readonly Block[]): Map<Block, Block[]> {
  const found = new Map<Block, Block[]>();
  for (const block of blocks) {
    for (const next of successors(block)) {
      const list = found.get(next);
      if (list === undefined) found.set(next, [block]);
      else list.push(block);
    }
  }
  return found;
}

/** The value in A when a block begins, if it is the same on every way there. */
function loadedBefore(block: Block, before: ReadonlyMap<Block, readonly Block[]>): Expression | undefined {
  const [first, ...others] = before.get(block) ?? [];
  if (first?.kind !== 'test') return undefined;
  return others.every((each) => each.kind === 'test' && each.left === first.left) ? first.left : undefined;
}

/**
 * Moves one test of the loaded value in front of the first test of another value, in the row that begins with `head`.
 * Returns what the row begins with then, or undefined if nothing is to be moved.
 */
function pull(
  head: TestBlock,
  loaded: Expression,
  before: Map<Block, Block[]>,
  { along, out }: Row,
): TestBlock | undefined {
  const inRow = (block: Block): block is TestBlock => block.kind === 'test' && block[out] === head[out];
  // Nobody may come into the row from elsewhere: he would miss what moves, or meet it unasked.
  const inside = (block: Block): block is TestBlock => inRow(block) && before.get(block)!.length === 1;
  let last: TestBlock | undefined;
  let other: Block = head;
  while (inRow(other) && other.left === loaded) {
    last = other;
    other = other[along];
    if (!inside(other)) return undefined;
  }
  let link = other as TestBlock;
  while (inside(link[along]) && link[along].left !== loaded) link = link[along];
  const found = link[along];
  if (!inside(found)) return undefined;
  link[along] = found[along];
  replace(before, found[along], found, link);
  found[along] = other;
  if (last !== undefined) {
    last[along] = found;
    before.set(found, [last]);
    before.set(other, [found]);
    return head;
  }
  for (const each of before.get(other)!) {
    if (each.kind === 'test') for (const exit of ['yes', 'no'] as const) if (each[exit] === other) each[exit] = found;
  }
  before.set(found, before.get(other)!);
  before.set(other, [found]);
  return found;
}

function replace(before: Map<Block, Block[]>, block: Block, gone: Block, now: Block): void {
  before.set(
    block,
    before.get(block)!.map((each) => (each === gone ? now : each)),
  );
}
