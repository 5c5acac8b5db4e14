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
  TXA,
  WIDTH,
} from '../../../src/filter/capture/bpf.ts';

/** Reads a program as `tcpdump -d` lists it: expectations are kept that way. */
export function readListing(text: string): Program {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line, index) => {
      const [, name, rest] = /^\(\d+\) (\S+)\s*(.*)$/.exec(line.replace(/;.*/, '').trimEnd())!;
      return instructionOf(name!, rest!.trim(), index);
    });
}

const step = (code: number, k = 0, jt = 0, jf = 0): Instruction => ({ code, k: k >>> 0, jt, jf });

function instructionOf(name: string, rest: string, index: number): Instruction {
  switch (name) {
    case 'ld':
      return load(rest, WIDTH[4]);
    case 'ldh':
      return load(rest, WIDTH[2]);
    case 'ldb':
      return load(rest, WIDTH[1]);
    case 'ldx':
      return loadX(rest);
    case 'ldxb':
      return step(CLASS.ldx | WIDTH[1] | MODE.msh, Number(/\[(-?\d+)\]/.exec(rest)![1]));
    case 'st':
    case 'stx':
      return step(name === 'st' ? CLASS.st : CLASS.stx, Number(/\[(\d+)\]/.exec(rest)![1]));
    case 'tax':
      return step(CLASS.misc);
    case 'txa':
      return step(CLASS.misc | TXA);
    case 'ret':
      return step(CLASS.ret, Number(rest.slice(1)));
    case 'ja':
      return step(CLASS.jmp, Number(rest) - index - 1);
    case 'neg':
      return step(CLASS.alu | ALU.neg);
    case 'jeq':
    case 'jgt':
    case 'jge':
    case 'jset':
      return jump(name.slice(1) as 'eq' | 'gt' | 'ge' | 'set', rest, index);
    default: {
      const operation = ALU[name as keyof typeof ALU];
      if (operation === undefined) throw new Error(`no instruction ${name}`);
      return rest === 'x' ? step(CLASS.alu | operation | FROM_X) : step(CLASS.alu | operation, Number(rest.slice(1)));
    }
  }
}

const KNOWN_BY_KERNEL: Readonly<Record<string, number>> = {
  type: ANCILLARY_DATA.packetType,
  ifidx: ANCILLARY_DATA.interfaceIndex,
  vlan_tci: ANCILLARY_DATA.vlanTag,
  vlan_avail: ANCILLARY_DATA.vlanTagPresent,
};

function load(rest: string, width: number): Instruction {
  if (rest.startsWith('#pktlen')) return step(CLASS.ld | MODE.len);
  if (rest.startsWith('#')) return step(CLASS.ld | MODE.imm, Number(rest.slice(1)));
  const slot = /^M\[(\d+)\]/.exec(rest);
  if (slot !== null) return step(CLASS.ld | MODE.mem, Number(slot[1]));
  const indirect = /^\[x \+ (-?\d+)\]/.exec(rest);
  if (indirect !== null) return step(CLASS.ld | width | MODE.ind, Number(indirect[1]));
  const place = /^\[(-?\w+)\]/.exec(rest)![1]!;
  const name = KNOWN_BY_KERNEL[place];
  return step(CLASS.ld | width | MODE.abs, name === undefined ? Number(place) : ANCILLARY + name);
}

function loadX(rest: string): Instruction {
  if (rest.startsWith('#pktlen')) return step(CLASS.ldx | MODE.len);
  if (rest.startsWith('#')) return step(CLASS.ldx | MODE.imm, Number(rest.slice(1)));
  return step(CLASS.ldx | MODE.mem, Number(/^M\[(\d+)\]/.exec(rest)![1]));
}

function jump(name: 'eq' | 'gt' | 'ge' | 'set', rest: string, index: number): Instruction {
  const [, operand, jt, jf] = /^(\S+)\s+jt (\d+)\s+jf (\d+)/.exec(rest)!;
  const [yes, no] = [Number(jt) - index - 1, Number(jf) - index - 1];
  const code = CLASS.jmp | JUMP[name];
  return operand === 'x' ? step(code | FROM_X, 0, yes, no) : step(code, Number(operand!.slice(1)), yes, no);
}
