import { ALU, CLASS, FROM_X, type Instruction, instruction, MODE, SCRATCH_WORDS, TXA, WIDTH } from './bpf.ts';
import { type Expression, mentions } from './expression.ts';
import type { Registers } from './registers.ts';

/** The filter needs more scratch memory than there is. */
export class TooComplex extends Error {}

/** Writes the instructions that compute expressions, and knows what the machine holds after each. */
export class Selector {
  readonly code: Instruction[] = [];
  /** Registers that are read though no way there has set them for certain. */
  readonly unset = new Set<number>();

  constructor(
    public state: Registers,
    /** So many slots belong to registers; the others are free. */
    private readonly registers: number,
  ) {}

  private emit(code: number, k = 0): void {
    this.code.push(instruction(code, k));
  }

  /** Brings a value into A. */
  intoA(value: Expression): void {
    const { state } = this;
    if (state.a.includes(value)) return;
    const slot = state.slotOf(value);
    if (state.x.includes(value)) this.emit(CLASS.misc | TXA);
    else if (slot !== undefined) this.emit(CLASS.ld | MODE.mem, slot);
    else this.computeA(value);
    this.state = this.state.withA([value]);
  }

  private computeA(value: Expression): void {
    switch (value.kind) {
      case 'constant':
        this.emit(CLASS.ld | MODE.imm, value.value);
        break;
      case 'length':
        this.emit(CLASS.ld | MODE.len);
        break;
      case 'register':
        this.unset.add(value.register);
        this.emit(CLASS.ld | MODE.mem, value.register);
        break;
      case 'load':
        if (value.base !== undefined) this.intoX(value.base);
        this.emit(CLASS.ld | WIDTH[value.size] | (value.base === undefined ? MODE.abs : MODE.ind), value.offset);
        break;
      case 'negate':
        this.intoA(value.operand);
        this.emit(CLASS.alu | ALU.neg);
        break;
      case 'binary':
        this.operate(value);
    }
  }

  private operate({ operator, left, right }: Extract<Expression, { kind: 'binary' }>): void {
    if (right.kind === 'constant') {
      this.intoA(left);
      this.emit(CLASS.alu | ALU[operator], right.value);
    } else {
      this.intoBoth(left, right);
      this.emit(CLASS.alu | ALU[operator] | FROM_X);
    }
  }

  /** Brings a value into X; A is lost unless {@link reachesX} says otherwise. */
  intoX(value: Expression): void {
    const { state } = this;
    if (state.x.includes(value)) return;
    const slot = state.slotOf(value);
    const header = headerLength(value);
    if (slot !== undefined) this.emit(CLASS.ldx | MODE.mem, slot);
    else if (value.kind === 'register') {
      this.unset.add(value.register);
      this.emit(CLASS.ldx | MODE.mem, value.register);
    } else if (value.kind === 'constant') this.emit(CLASS.ldx | MODE.imm, value.value);
    else if (value.kind === 'length') this.emit(CLASS.ldx | MODE.len);
    else if (header !== undefined) this.emit(CLASS.ldx | WIDTH[1] | MODE.msh, header);
    else {
      this.intoA(value);
      this.emit(CLASS.misc);
    }
    this.state = this.state.withX([value]);
  }

  /** Whether X can get a value without A. */
  private reachesX(value: Expression): boolean {
    if (value.kind === 'constant' || value.kind === 'length' || value.kind === 'register') return true;
    return this.state.x.includes(value) || this.state.slotOf(value) !== undefined || headerLength(value) !== undefined;
  }

  /** Brings one value into A and another into X. */
  intoBoth(left: Expression, right: Expression): void {
    if (this.reachesX(right) && (leavesX(left) || !this.state.x.includes(right) || right.kind === 'register')) {
      this.intoA(left);
      this.intoX(right);
    } else if (leavesX(left)) {
      this.intoX(right);
      this.intoA(left);
    } else {
      const slot = this.keep(right);
      this.intoA(left);
      this.emit(CLASS.ldx | MODE.mem, slot);
      this.state = this.state.withX([right]);
      this.borrowed.delete(slot);
    }
  }

  /** Slots that hold something until it is used. */
  private readonly borrowed = new Set<number>();

  /** Puts a value into a slot of its own. */
  private keep(value: Expression): number {
    this.intoA(value);
    for (let slot = this.registers; slot < SCRATCH_WORDS; slot++) {
      if (this.borrowed.has(slot)) continue;
      this.borrowed.add(slot);
      this.emit(CLASS.st, slot);
      this.state = this.state.withSlot(slot, [value]);
      return slot;
    }
    throw new TooComplex();
  }

  /** Sets a register. */
  assign(register: number, value: Expression, name: Expression): void {
    this.intoA(value);
    this.emit(CLASS.st, register);
    const stale = (held: Expression): boolean => mentions(held, register);
    this.state = this.state.without(stale);
    const held = stale(value) ? [name] : [name, value];
    this.state = this.state.withSlot(register, held).withA(held);
  }
}

/** The offset of the byte if this is four times its low half: the length of an IPv4 header, one instruction to load into X. */
function headerLength(value: Expression): number | undefined {
  if (value.kind !== 'binary' || value.operator !== 'lsh' || !isConstant(value.right, 2)) return undefined;
  const { left } = value;
  if (left.kind !== 'binary' || left.operator !== 'and' || !isConstant(left.right, 0xf)) return undefined;
  const byte = left.left;
  return byte.kind === 'load' && byte.size === 1 && byte.base === undefined ? byte.offset : undefined;
}

function isConstant(value: Expression, number: number): boolean {
  return value.kind === 'constant' && value.value === number;
}

/** Whether A can get a value without touching X. */
function leavesX(value: Expression): boolean {
  switch (value.kind) {
    case 'load':
      return value.base === undefined;
    case 'negate':
      return leavesX(value.operand);
    case 'binary':
      return value.right.kind === 'constant' && leavesX(value.left);
    default:
      return true;
  }
}
