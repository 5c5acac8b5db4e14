import { ALU, CLASS, FROM_X, JUMP, MODE, type Program, RETURN_A, SCRATCH_WORDS, TXA, WIDTH } from './bpf.ts';

/** Says of a packet how many of its bytes the filter wants; 0: the packet does not match. Allocates nothing. */
export type Matcher = (bytes: Uint8Array, start: number, captured: number, wire: number) => number;

/** A loop of `protochain` ends with the packet; a packet made for it could lead in circles. */
const MOST_STEPS = 200_000;

const LD_ABS = CLASS.ld | MODE.abs;
const LD_IND = CLASS.ld | MODE.ind;

/** Runs a program instruction by instruction: for programs that translate.ts does not take. */
export function interpreter(program: Program): Matcher {
  const count = program.length;
  const codes = Uint16Array.from(program, (step) => step.code);
  const jts = Uint8Array.from(program, (step) => step.jt);
  const jfs = Uint8Array.from(program, (step) => step.jf);
  const ks = Uint32Array.from(program, (step) => step.k);
  const memory = new Uint32Array(SCRATCH_WORDS);
  return (bytes, start, captured, wire) => {
    let a = 0;
    let x = 0;
    memory.fill(0);
    let left = MOST_STEPS;
    for (let pc = 0; pc < count && left > 0; pc++, left--) {
      const code = codes[pc]!;
      const k = ks[pc]!;
      const operand = code & FROM_X ? x : k;
      switch (code) {
        case LD_ABS | WIDTH[4]:
        case LD_IND | WIDTH[4]: {
          const at = code & MODE.ind ? (x + k) >>> 0 : k;
          if (at + 4 > captured) return 0;
          const p = start + at;
          a = ((bytes[p]! << 24) | (bytes[p + 1]! << 16) | (bytes[p + 2]! << 8) | bytes[p + 3]!) >>> 0;
          break;
        }
        case LD_ABS | WIDTH[2]:
        case LD_IND | WIDTH[2]: {
          const at = code & MODE.ind ? (x + k) >>> 0 : k;
          if (at + 2 > captured) return 0;
          a = (bytes[start + at]! << 8) | bytes[start + at + 1]!;
          break;
        }
        case LD_ABS | WIDTH[1]:
        case LD_IND | WIDTH[1]: {
          const at = code & MODE.ind ? (x + k) >>> 0 : k;
          if (at >= captured) return 0;
          a = bytes[start + at]!;
          break;
        }
        case CLASS.ld | MODE.imm:
          a = k;
          break;
        case CLASS.ld | MODE.len:
          a = wire;
          break;
        case CLASS.ld | MODE.mem:
          a = memory[k]!;
          break;
        case CLASS.ldx | MODE.imm:
          x = k;
          break;
        case CLASS.ldx | MODE.len:
          x = wire;
          break;
        case CLASS.ldx | MODE.mem:
          x = memory[k]!;
          break;
        case CLASS.ldx | WIDTH[1] | MODE.msh:
          if (k >= captured) return 0;
          x = (bytes[start + k]! & 0xf) << 2;
          break;
        case CLASS.st:
          memory[k] = a;
          break;
        case CLASS.stx:
          memory[k] = x;
          break;
        case CLASS.misc:
          x = a;
          break;
        case CLASS.misc | TXA:
          a = x;
          break;
        case CLASS.ret:
          return k;
        case CLASS.ret | RETURN_A:
          return a;
        case CLASS.jmp:
          pc += k | 0;
          break;
        case CLASS.jmp | JUMP.eq:
        case CLASS.jmp | JUMP.eq | FROM_X:
          pc += a === operand ? jts[pc]! : jfs[pc]!;
          break;
        case CLASS.jmp | JUMP.gt:
        case CLASS.jmp | JUMP.gt | FROM_X:
          pc += a > operand ? jts[pc]! : jfs[pc]!;
          break;
        case CLASS.jmp | JUMP.ge:
        case CLASS.jmp | JUMP.ge | FROM_X:
          pc += a >= operand ? jts[pc]! : jfs[pc]!;
          break;
        case CLASS.jmp | JUMP.set:
        case CLASS.jmp | JUMP.set | FROM_X:
          pc += (a & operand) !== 0 ? jts[pc]! : jfs[pc]!;
          break;
        default: {
          const operation = code & 0xf0;
          if (operand === 0 && (operation === ALU.div || operation === ALU.mod)) return 0;
          a = arithmetic(operation, a, operand);
        }
      }
    }
    return 0;
  };
}

function arithmetic(operation: number, a: number, b: number): number {
  switch (operation) {
    case ALU.add:
      return (a + b) >>> 0;
    case ALU.sub:
      return (a - b) >>> 0;
    case ALU.mul:
      return Math.imul(a, b) >>> 0;
    case ALU.div:
      return (a / b) >>> 0;
    case ALU.mod:
      return (a % b) >>> 0;
    case ALU.or:
      return (a | b) >>> 0;
    case ALU.and:
      return (a & b) >>> 0;
    case ALU.xor:
      return (a ^ b) >>> 0;
    case ALU.lsh:
      return b < 32 ? (a << b) >>> 0 : 0;
    case ALU.rsh:
      return b < 32 ? a >>> b : 0;
    default:
      return -a >>> 0;
  }
}
