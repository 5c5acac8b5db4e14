import { type Block, ordered, successors, type TestBlock } from './blocks.ts';
import { CLASS, FROM_X, type Instruction, instruction, JUMP, LONGEST_PROGRAM, type Program } from './bpf.ts';
import { chainCode } from './chain.ts';
import type { Target } from './context.ts';
import type { Expressions } from './expression.ts';
import { Registers } from './registers.ts';
import { Selector } from './select.ts';

/** The program is longer than the kernel takes, or than makes sense. */
export class TooLong extends Error {}

/** Nothing limits a program that we run ourselves but patience. */
const LONGEST_OFFLINE = 65_536;

/** A block as instructions; the last of them, if it jumps, has its distances filled in when all blocks have their place. */
interface Piece {
  readonly block: Block;
  readonly code: Instruction[];
  /**
   * Where the unconditional jumps behind the block lead. A conditional jump reaches 255 instructions, and for what is farther
   * away it takes one of these, its own or one that a later block has for the same place.
   */
  readonly steps: Block[];
  at: number;
}

export interface Layout {
  readonly program: Program;
  /** Registers that some way through the program reads before it sets them. */
  readonly unset: ReadonlySet<number>;
}

/** Blocks as a program. `registers` is the number of registers in use. */
export function assemble(root: Block, of: Expressions, registers: number, target: Target): Layout {
  const blocks = ordered(root);
  const longest = target === 'kernel' ? LONGEST_PROGRAM : LONGEST_OFFLINE;
  if (blocks.length > longest) throw new TooLong();
  const states = new Map<Block, Registers>([[root, Registers.unknown]]);
  const pieces: Piece[] = [];
  const unset = new Set<number>();
  for (const block of blocks) {
    const selector = new Selector(states.get(block)!, registers);
    write(block, selector, of, registers, target === 'file');
    for (const register of selector.unset) unset.add(register);
    for (const next of successors(block)) {
      const before = states.get(next);
      states.set(next, before === undefined ? selector.state : Registers.common(before, selector.state));
    }
    pieces.push({ block, code: selector.code, steps: [], at: 0 });
  }
  return { program: link(pieces, longest), unset };
}

function write(block: Block, selector: Selector, of: Expressions, registers: number, loops: boolean): void {
  switch (block.kind) {
    case 'return':
      selector.code.push(instruction(CLASS.ret, block.value));
      return;
    case 'assign':
      selector.assign(block.register, block.value, of.register(block.register));
      return;
    case 'chain':
      selector.code.push(...chainCode(block.chain, registers, loops));
      selector.state = Registers.unknown.withSlots(selector.state, registers);
      return;
    case 'test':
      writeTest(block, selector);
  }
}

function writeTest(block: TestBlock, selector: Selector): void {
  const code = CLASS.jmp | JUMP[block.comparison];
  if (block.right.kind === 'constant') {
    selector.intoA(block.left);
    selector.code.push(instruction(code, block.right.value));
  } else {
    selector.intoBoth(block.left, block.right);
    selector.code.push(instruction(code | FROM_X));
  }
}

/** Gives every piece its place and every jump its distance. */
function link(pieces: Piece[], longest: number): Program {
  const places = new Map<Block, Piece>(pieces.map((piece) => [piece.block, piece]));
  // Each round a jump may turn out too long, which makes the program longer: again, until all fit.
  do place(pieces, longest);
  while (addSteps(pieces, places));
  const nearest = new Map<Block, number>();
  return pieces
    .toReversed()
    .flatMap((piece) => finished(piece, places, nearest).toReversed())
    .toReversed();
}

function place(pieces: Piece[], longest: number): void {
  let at = 0;
  for (const [i, piece] of pieces.entries()) {
    piece.at = at;
    at += piece.code.length + piece.steps.length;
    // What follows an assignment is most often right behind it.
    if (piece.block.kind === 'assign' && pieces[i + 1]?.block !== piece.block.yes) at++;
  }
  if (at > longest) throw new TooLong();
}

const FARTHEST = 255;

/** Where a conditional jump of a piece counts from: the instruction behind it. */
function jumpFrom(piece: Piece): number {
  return piece.at + piece.code.length;
}

/** Adds a step wherever a jump reaches neither its target nor a step there. From the end, so that steps are shared. */
function addSteps(pieces: readonly Piece[], places: ReadonlyMap<Block, Piece>): boolean {
  const nearest = new Map<Block, number>();
  let changed = false;
  for (const piece of pieces.toReversed()) {
    const { block } = piece;
    noteSteps(piece, nearest);
    if (block.kind !== 'test' && block.kind !== 'chain') continue;
    for (const target of [block.yes, block.no]) {
      if (reach(piece, target, places, nearest) !== undefined) continue;
      piece.steps.push(target);
      noteSteps(piece, nearest);
      changed = true;
    }
  }
  return changed;
}

function noteSteps(piece: Piece, nearest: Map<Block, number>): void {
  for (const [i, target] of piece.steps.entries()) nearest.set(target, jumpFrom(piece) + i);
}

/** How far to jump to get to a block, over a step if need be; undefined if neither is in reach. */
function reach(
  piece: Piece,
  target: Block,
  places: ReadonlyMap<Block, Piece>,
  nearest: ReadonlyMap<Block, number>,
): number | undefined {
  const from = jumpFrom(piece);
  const direct = places.get(target)!.at - from;
  if (direct <= FARTHEST) return direct;
  const step = (nearest.get(target) ?? Number.POSITIVE_INFINITY) - from;
  return step <= FARTHEST ? step : undefined;
}

function finished(piece: Piece, places: ReadonlyMap<Block, Piece>, nearest: Map<Block, number>): Instruction[] {
  const { block, code } = piece;
  if (block.kind === 'return') return code;
  const from = jumpFrom(piece);
  if (block.kind === 'assign') {
    const distance = places.get(block.yes)!.at - from;
    return distance === 0 ? code : [...code, instruction(CLASS.jmp, distance - 1)];
  }
  noteSteps(piece, nearest);
  const last = code.at(-1)!;
  const [jt, jf] = [block.yes, block.no].map((target) => reach(piece, target, places, nearest)!) as [number, number];
  const steps = piece.steps.map((target, i) => instruction(CLASS.jmp, places.get(target)!.at - (from + i + 1)));
  return [...code.slice(0, -1), instruction(last.code, last.k, jt, jf), ...steps];
}
