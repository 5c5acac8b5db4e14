import {
  ALU,
  ANCILLARY,
  ANCILLARY_DATA,
  CLASS,
  FROM_X,
  type Instruction,
  JUMP,
  MODE,
  type Program,
  RETURN_A,
  SCRATCH_WORDS,
  TXA,
} from '../filter/capture/bpf.ts';
import { Emitter } from '../linux/bpf/emitter.ts';
import { AT, WINDOW } from './record.ts';

/** Registers of eBPF: what classic BPF calls A and X, and what we need beside them. 6 to 9 survive calls. */
const REGISTER = { a: 0, link: 6, x: 7, captured: 8, packet: 9, scratch: 1, other: 2, stack: 10 } as const;
/** On the stack, behind classic BPF's scratch memory: the record, and A for as long as X is loaded. */
const KEPT = { record: -4 * SCRATCH_WORDS - 8, a: -4 * SCRATCH_WORDS - 16 } as const;
/** Instruction codes of eBPF (Documentation/bpf/standardization/instruction-set.rst). */
const CODE = {
  exit: 0x95,
  jump: 0x05,
  jumpIf32: 0x06,
  jumpIf: 0x05,
  alu32: 0x04,
  alu64: 0x07,
  load: 0x61,
  swap: 0xdc,
  store: 0x63,
  loadLong: 0x79,
  storeLong: 0x7b,
  call: 0x85,
} as const;
/** What the second register of a call says: it is a function of the kernel. */
const OF_KERNEL = 2;
const ETHERNET = 14;
const MOVE = 0xb0;
const NOT_EQUAL = 0x50;
const GREATER = 0x20;
const LESS = 0xa0;
const LOAD_SIZE: Readonly<Record<number, { bytes: number; code: number }>> = {
  0: { bytes: 4, code: 0x61 },
  8: { bytes: 2, code: 0x69 },
  16: { bytes: 1, code: 0x71 },
};
/** Where the record keeps what the kernel knows of a packet beside its bytes. */
const KNOWN: Readonly<Record<number, { at: number; code: number }>> = {
  [ANCILLARY_DATA.protocol]: { at: AT.protocol, code: 0x69 },
  [ANCILLARY_DATA.interfaceIndex]: { at: AT.device, code: 0x61 },
  [ANCILLARY_DATA.vlanTag]: { at: AT.tag, code: 0x69 },
  [ANCILLARY_DATA.vlanTagPresent]: { at: AT.tagProtocol, code: 0x69 },
  [ANCILLARY_DATA.vlanProtocol]: { at: AT.tagProtocol, code: 0x69 },
};

/**
 * How memory is read that is none of the program's: by the kernel's function that has the verifier take an address for one of
 * a type, here of sixteen bytes; both by their number. Undefined: all of it is the program's.
 */
export interface Cast {
  readonly function: number;
  readonly type: number;
}
/**
 * A capture filter as instructions of eBPF: the function `matches` of src/trace/bpf/record.h. Loads beyond what was captured
 * of the packet make it not match, as they do in classic BPF.
 */
export function kernelFilter(program: Program, cast: Cast | undefined): Uint8Array {
  return new Translation(program, cast).result();
}
/** Whatever the packet. */
export function everyPacket(): Uint8Array {
  const code = new Emitter();
  code.add(CODE.alu32 | MOVE, 0, 0, 0, 1);
  code.add(CODE.exit);
  return code.bytes();
}

class Translation {
  private readonly code = new Emitter();
  /** Where the code of each classic instruction begins. */
  private readonly starts: number[] = [];
  /** Jumps that wait for their target: a classic instruction, or one of the two ends. */
  private readonly jumps: { from: number; to: number | 'no' | 'yes' }[] = [];

  constructor(
    private readonly program: Program,
    private readonly cast: Cast | undefined,
  ) {}

  result(): Uint8Array {
    this.begin();
    for (const [i, each] of this.program.entries()) {
      this.starts.push(this.code.length);
      this.translate(each, i);
    }
    const yes = this.code.add(CODE.alu32 | MOVE, REGISTER.a, 0, 0, 1);
    this.code.add(CODE.exit);
    const no = this.code.add(CODE.alu32 | MOVE, REGISTER.a, 0, 0, 0);
    this.code.add(CODE.exit);
    for (const { from, to } of this.jumps)
      this.code.aim(from, to === 'yes' ? yes : to === 'no' ? no : this.starts[to]!);
    return this.code.bytes();
  }
  /** It is called with the record, the packet, its Ethernet header, and how many bytes there are. */
  private begin(): void {
    const { code } = this;
    const move = CODE.alu64 | MOVE | FROM_X;
    code.add(CODE.storeLong, REGISTER.stack, 1, KEPT.record);
    code.add(move, REGISTER.packet, 2);
    code.add(move, REGISTER.link, 3);
    code.add(CODE.alu32 | MOVE | FROM_X, REGISTER.captured, 4);
    code.add(CODE.alu32 | MOVE, REGISTER.a, 0, 0, 0);
    code.add(CODE.alu32 | MOVE, REGISTER.x, 0, 0, 0);
    const used = new Set(this.program.filter(({ code: c }) => usesScratch(c)).map(({ k }) => k));
    for (const word of used) this.memory(0x62, word, 0);
  }
  private jump(code: number, register: number, source: number, constant: number, to: number | 'no' | 'yes'): void {
    this.jumps.push({ from: this.code.add(code, register, source, 0, constant), to });
  }
  private memory(code: number, word: number, register: number): void {
    const at = -4 * (SCRATCH_WORDS - (word & 15));
    if (code === CODE.load) this.code.add(code, register, REGISTER.stack, at);
    else this.code.add(code, REGISTER.stack, register, at, 0);
  }
  private translate(each: Instruction, i: number): void {
    const { code, k } = each;
    const kind = code & 7;
    if (kind === CLASS.ld) this.load(each);
    else if (kind === CLASS.ldx) this.loadX(each);
    else if (kind === CLASS.st) this.memory(CODE.store, k, REGISTER.a);
    else if (kind === CLASS.stx) this.memory(CODE.store, k, REGISTER.x);
    else if (kind === CLASS.alu) this.arithmetic(each);
    else if (kind === CLASS.jmp) this.branch(each, i);
    else if (kind === CLASS.ret) this.finish(each);
    else {
      const [to, from] = code === (CLASS.misc | TXA) ? [REGISTER.a, REGISTER.x] : [REGISTER.x, REGISTER.a];
      this.code.add(CODE.alu32 | MOVE | FROM_X, to, from);
    }
  }
  private finish({ code, k }: Instruction): void {
    if (code === (CLASS.ret | RETURN_A)) {
      this.jump(CODE.jumpIf32 | NOT_EQUAL, REGISTER.a, 0, 0, 'yes');
      this.jump(CODE.jump, 0, 0, 0, 'no');
    } else this.jump(CODE.jump, 0, 0, 0, k === 0 ? 'no' : 'yes');
  }
  private load({ code, k }: Instruction): void {
    const mode = code & 0xe0;
    const { a, x } = REGISTER;
    if (mode === MODE.imm) this.code.add(CODE.alu32 | MOVE, a, 0, 0, k);
    else if (mode === MODE.mem) this.memory(CODE.load, k, a);
    else if (mode === MODE.len) this.ofRecord(CODE.load, a, AT.length);
    else if (mode === MODE.abs && k >= ANCILLARY) this.known(k - ANCILLARY);
    else if (mode === MODE.abs) this.fixed(LOAD_SIZE[code & 0x18]!, k);
    else {
      this.code.add(CODE.alu32 | MOVE | FROM_X, REGISTER.scratch, x);
      if (k !== 0) this.code.add(CODE.alu32 | ALU.add, REGISTER.scratch, 0, 0, k);
      this.computed(LOAD_SIZE[code & 0x18]!);
    }
  }
  private known(what: number): void {
    const place = KNOWN[what];
    // The kind of packet and of hardware are not told by the hooks.
    if (place === undefined)
      this.code.add(CODE.alu32 | MOVE, REGISTER.a, 0, 0, what === ANCILLARY_DATA.hardwareType ? 1 : 0);
    else this.ofRecord(place.code, REGISTER.a, place.at);
    if (what !== ANCILLARY_DATA.vlanTagPresent) return;
    // It is present when it has a protocol.
    this.code.add(CODE.jumpIf32 | JUMP.eq, REGISTER.a, 0, 1, 0);
    this.code.add(CODE.alu32 | MOVE, REGISTER.a, 0, 0, 1);
  }
  private fixed({ bytes, code }: { bytes: number; code: number }, k: number): void {
    if (k + bytes > WINDOW) {
      this.jump(CODE.jump, 0, 0, 0, 'no');
      return;
    }
    this.jump(CODE.jumpIf32 | LESS, REGISTER.captured, 0, k + bytes, 'no');
    if (k + bytes <= ETHERNET) this.code.add(code, REGISTER.a, REGISTER.link, k);
    else {
      this.code.add(CODE.alu64 | MOVE | FROM_X, REGISTER.scratch, REGISTER.packet);
      this.code.add(CODE.alu64 | ALU.add, REGISTER.scratch, 0, 0, k);
      this.read(code);
    }
    this.inHostOrder(bytes);
  }
  /** What is at the address in the scratch register. */
  private read(code: number): void {
    const { a, scratch, other } = REGISTER;
    if (this.cast === undefined) this.code.add(code, a, scratch);
    else {
      this.code.add(CODE.alu32 | MOVE, other, 0, 0, this.cast.type);
      this.code.add(CODE.call, 0, OF_KERNEL, 0, this.cast.function);
      this.code.add(code, a, a);
    }
  }
  private ofRecord(code: number, to: number, at: number): void {
    this.code.add(CODE.loadLong, REGISTER.scratch, REGISTER.stack, KEPT.record);
    this.code.add(code, to, REGISTER.scratch, at);
  }
  /** From the place in the scratch register. */
  private computed({ bytes, code }: { bytes: number; code: number }): void {
    const { scratch, other } = REGISTER;
    this.jump(CODE.jumpIf32 | GREATER, scratch, 0, WINDOW - bytes, 'no');
    this.code.add(CODE.alu32 | MOVE | FROM_X, other, scratch);
    this.code.add(CODE.alu32 | ALU.add, other, 0, 0, bytes);
    this.jump(CODE.jumpIf32 | GREATER | FROM_X, other, REGISTER.captured, 0, 'no');
    this.code.add(CODE.alu64 | ALU.add | FROM_X, scratch, REGISTER.packet);
    this.read(code);
    this.inHostOrder(bytes);
  }
  private inHostOrder(bytes: number): void {
    if (bytes > 1) this.code.add(CODE.swap, REGISTER.a, 0, 0, bytes * 8);
  }
  private loadX({ code, k }: Instruction): void {
    const { x, a } = REGISTER;
    if ((code & 0xe0) === MODE.imm) this.code.add(CODE.alu32 | MOVE, x, 0, 0, k);
    else if ((code & 0xe0) === MODE.mem) this.memory(CODE.load, k, x);
    else if ((code & 0xe0) === MODE.len) this.ofRecord(CODE.load, x, AT.length);
    else {
      // The length of an IP header, which is in the lower half of a byte and counts words. A stays what it was.
      this.code.add(CODE.store, REGISTER.stack, a, KEPT.a);
      this.fixed(LOAD_SIZE[0x10]!, k);
      this.code.add(CODE.alu32 | ALU.and, a, 0, 0, 0x0f);
      this.code.add(CODE.alu32 | ALU.lsh, a, 0, 0, 2);
      this.code.add(CODE.alu32 | MOVE | FROM_X, x, a);
      this.code.add(CODE.load, a, REGISTER.stack, KEPT.a);
    }
  }
  private arithmetic({ code, k }: Instruction): void {
    const operation = code & 0xf0;
    const fromX = (code & FROM_X) !== 0;
    // Division by zero ends a classic program with no match; eBPF goes on with zero.
    if (fromX && (operation === ALU.div || operation === ALU.mod))
      this.jump(CODE.jumpIf32 | JUMP.eq, REGISTER.x, 0, 0, 'no');
    this.code.add(CODE.alu32 | operation | (fromX ? FROM_X : 0), REGISTER.a, fromX ? REGISTER.x : 0, 0, fromX ? 0 : k);
  }
  private branch({ code, jt, jf, k }: Instruction, i: number): void {
    const operation = code & 0xf0;
    if (operation === JUMP.always) {
      this.jump(CODE.jump, 0, 0, 0, i + 1 + k);
      return;
    }
    const fromX = (code & FROM_X) !== 0;
    const test = CODE.jumpIf32 | operation | (fromX ? FROM_X : 0);
    this.jump(test, REGISTER.a, fromX ? REGISTER.x : 0, fromX ? 0 : k, i + 1 + jt);
    if (jf !== 0) this.jump(CODE.jump, 0, 0, 0, i + 1 + jf);
  }
}
const usesScratch = (code: number): boolean =>
  (code & 7) === CLASS.st ||
  (code & 7) === CLASS.stx ||
  (((code & 7) === CLASS.ld || (code & 7) === CLASS.ldx) && (code & 0xe0) === MODE.mem);
