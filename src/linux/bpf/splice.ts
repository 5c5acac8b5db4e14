import { viewOf } from './elf.ts';

/** Instruction codes of eBPF (Documentation/bpf/standardization/instruction-set.rst). */
const CODE = { jump: 0x05, exit: 0x95, load: 0x79, store: 0x7b, move: 0xbf, add: 0x07 } as const;
const CLASS = { mask: 0x07, load: 1, store: 2, storeRegister: 3 } as const;
const STACK = 10;
/** Registers that a called function leaves as they were. */
const KEPT = [6, 7, 8, 9] as const;
/** Bytes: what a program and all that it calls may use. */
const MOST_STACK = 512;
const SIZE = 8;
/** Instructions: what is longer takes longer to load as often as it is called than a call takes. */
const MOST = 256;

/**
 * Puts functions where they are called: the call becomes a jump to a copy of the function behind the program, which jumps back
 * instead of returning. A return from a function costs more than a small function where the kernel guards returns against
 * speculation.
 */
export class Splice {
  private readonly parts: Uint8Array[];
  private length: number;
  /** How many bytes of the stack the program itself uses. */
  private readonly depth: number;

  /** `program` is changed where something is called. */
  constructor(private readonly program: Uint8Array) {
    this.parts = [program];
    this.length = program.length;
    this.depth = depthOf(program);
  }
  /** The function in place of the call at `offset`; false when it is to be called, and nothing was changed. */
  put(offset: number, body: Uint8Array): boolean {
    if (body.length > MOST * SIZE) return false;
    const own = this.depth + depthOf(body);
    const saved = KEPT.filter((register) => writes(body, register));
    if (own + SIZE * saved.length > MOST_STACK) return false;
    const start = this.length;
    const keep = (code: number, destination: number, source: number, i: number) =>
      instruction(code, destination, source, -own - SIZE * (i + 1));
    const copy = new Uint8Array(body);
    deepen(copy, this.depth);
    const end = start + SIZE * saved.length + copy.length;
    endAt(copy, copy.length);
    this.parts.push(
      ...saved.map((register, i) => keep(CODE.store, STACK, register, i)),
      copy,
      ...saved.map((register, i) => keep(CODE.load, register, STACK, i)),
      jump(end + SIZE * saved.length, offset + SIZE),
    );
    this.length = end + SIZE * (saved.length + 1);
    this.program.set(jump(offset, start), offset);
    return true;
  }
  /** The program, and what it jumps to. */
  get code(): Uint8Array {
    return Buffer.concat(this.parts);
  }
}
function instruction(code: number, destination: number, source: number, offset: number): Uint8Array {
  const bytes = new Uint8Array(SIZE);
  bytes[0] = code;
  bytes[1] = (source << 4) | destination;
  viewOf(bytes).setInt16(2, offset, true);
  return bytes;
}
const jump = (from: number, to: number): Uint8Array => instruction(CODE.jump, 0, 0, (to - from) / SIZE - 1);

/** Each instruction's place, code, destination and source. */
function* each(code: Uint8Array): Generator<readonly [at: number, code: number, destination: number, source: number]> {
  for (let at = 0; at < code.length; at += SIZE) yield [at, code[at]!, code[at + 1]! & 0x0f, code[at + 1]! >> 4];
}
/** Does it read or write the stack, and not through another register? */
function onStack(code: number, destination: number, source: number): boolean {
  const kind = code & CLASS.mask;
  return kind === CLASS.load
    ? source === STACK
    : (kind === CLASS.store || kind === CLASS.storeRegister) && destination === STACK;
}
/** How far down the stack is used: by what reads and writes there, and where an address of it is made. */
function depthOf(bytes: Uint8Array): number {
  const view = viewOf(bytes);
  let lowest = 0;
  let addressIn = -1;
  for (const [at, code, destination, source] of each(bytes)) {
    if (onStack(code, destination, source)) lowest = Math.min(lowest, view.getInt16(at + 2, true));
    if (code === CODE.add && destination === addressIn) lowest = Math.min(lowest, view.getInt32(at + 4, true));
    addressIn = code === CODE.move && source === STACK ? destination : -1;
  }
  return Math.ceil(-lowest / SIZE) * SIZE;
}
/** Moves what is on the stack further down. */
function deepen(bytes: Uint8Array, by: number): void {
  const view = viewOf(bytes);
  for (const [at, code, destination, source] of each(bytes))
    if (onStack(code, destination, source)) view.setInt16(at + 2, view.getInt16(at + 2, true) - by, true);
}
/** Where it returns, it goes to `end`. */
function endAt(bytes: Uint8Array, end: number): void {
  for (const [at, code] of each(bytes)) if (code === CODE.exit) bytes.set(jump(at, end), at);
}
/** Stores have no destination register, but an address. */
function writes(bytes: Uint8Array, register: number): boolean {
  for (const [, code, destination] of each(bytes)) {
    const kind = code & CLASS.mask;
    if (destination === register && kind !== CLASS.store && kind !== CLASS.storeRegister) return true;
  }
  return false;
}
