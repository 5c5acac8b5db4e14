/**
 * Classic BPF: an accumulator A, an index register X, sixteen words of scratch memory, jumps forward.
 * Documentation/networking/filter.rst of the kernel describes it; the numbers are those of linux/bpf_common.h.
 */
export interface Instruction {
  readonly code: number;
  /** How many instructions to skip if the comparison holds, and if not. */
  readonly jt: number;
  readonly jf: number;
  readonly k: number;
}

export type Program = readonly Instruction[];

/** Longest program that the kernel takes: BPF_MAXINSNS. */
export const LONGEST_PROGRAM = 4096;
/** Words of scratch memory: BPF_MEMWORDS. */
export const SCRATCH_WORDS = 16;

export const CLASS = { ld: 0, ldx: 1, st: 2, stx: 3, alu: 4, jmp: 5, ret: 6, misc: 7 } as const;
/** Widths of loads. */
export const WIDTH = { 4: 0x00, 2: 0x08, 1: 0x10 } as const;
/** Where loads take their value. */
export const MODE = { imm: 0x00, abs: 0x20, ind: 0x40, mem: 0x60, len: 0x80, msh: 0xa0 } as const;
export const ALU = {
  add: 0x00,
  sub: 0x10,
  mul: 0x20,
  div: 0x30,
  or: 0x40,
  and: 0x50,
  lsh: 0x60,
  rsh: 0x70,
  neg: 0x80,
  mod: 0x90,
  xor: 0xa0,
} as const;
export const JUMP = { always: 0x00, eq: 0x10, gt: 0x20, ge: 0x30, set: 0x40 } as const;
/** The operand is X, not k. */
export const FROM_X = 0x08;
export const RETURN_A = 0x10;
export const TXA = 0x80;

/** Loads from here on do not read the packet but what the kernel knows of it: SKF_AD_OFF. */
export const ANCILLARY = 0xfffff000;
/** What the kernel knows of a packet, counted from {@link ANCILLARY}: linux/filter.h, SKF_AD_*. */
export const ANCILLARY_DATA = {
  protocol: 0,
  packetType: 4,
  interfaceIndex: 8,
  hardwareType: 28,
  vlanTag: 44,
  vlanTagPresent: 48,
  vlanProtocol: 60,
} as const;
/** Loads from here on count from the network header, whatever is in front of it: SKF_NET_OFF. */
export const NETWORK_HEADER = 0xfff00000;

export function instruction(code: number, k = 0, jt = 0, jf = 0): Instruction {
  return { code, jt, jf, k: k >>> 0 };
}

/** Whether an instruction is one that exists; anything else is refused by the kernel too. */
export function known(code: number): boolean {
  const low = code & 7;
  switch (low) {
    case CLASS.ld:
      return loadKnown(code);
    case CLASS.ldx:
      return code === 0x01 || code === 0x61 || code === 0x81 || code === 0xb1;
    case CLASS.st:
    case CLASS.stx:
      return code === low;
    case CLASS.alu:
      return (code & 0xf0) <= ALU.xor && (code & 0x100) === 0 && code !== (CLASS.alu | ALU.neg | FROM_X);
    case CLASS.jmp:
      return code === CLASS.jmp || ((code & 0xf0) >= JUMP.eq && (code & 0xf0) <= JUMP.set && code < 0x100);
    case CLASS.ret:
      return code === CLASS.ret || code === (CLASS.ret | RETURN_A);
    default:
      return code === CLASS.misc || code === (CLASS.misc | TXA);
  }
}

function loadKnown(code: number): boolean {
  const mode = code & 0xe0;
  const width = code & 0x18;
  if (code > 0xff || width === 0x18) return false;
  if (mode === MODE.abs || mode === MODE.ind) return true;
  return width === 0 && (mode === MODE.imm || mode === MODE.mem || mode === MODE.len);
}

/** The program as an array of `struct sock_filter`, as setsockopt(SO_ATTACH_FILTER) takes it. */
export function packed(program: Program): Uint8Array {
  const bytes = new Uint8Array(program.length * 8);
  const view = new DataView(bytes.buffer);
  const native = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
  for (const [i, { code, jt, jf, k }] of program.entries()) {
    view.setUint16(i * 8, code, native);
    view.setUint8(i * 8 + 2, jt);
    view.setUint8(i * 8 + 3, jf);
    view.setUint32(i * 8 + 4, k, native);
  }
  return bytes;
}
