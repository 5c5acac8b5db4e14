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
} from './bpf.ts';

/** The program as tcpdump shows it with so many `-d`. */
export function printed(program: Program, times: number): string {
  if (times === 1) return listing(program);
  return times === 2 ? initialisers(program) : numbers(program);
}

/** The program as `tcpdump -d` shows it. */
export function listing(program: Program): string {
  return program.map((step, i) => `${line(step, i)}\n`).join('');
}

/** The program as C initialisers: `tcpdump -dd`. */
export function initialisers(program: Program): string {
  return program.map(({ code, jt, jf, k }) => `{ 0x${code.toString(16)}, ${jt}, ${jf}, 0x${hex(k)} },\n`).join('');
}

/** The program as numbers, which other tools take: `tcpdump -ddd`. */
export function numbers(program: Program): string {
  const lines = program.map(({ code, jt, jf, k }) => `${code} ${jt} ${jf} ${k}\n`);
  return `${program.length}\n${lines.join('')}`;
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}

const SUFFIX: Readonly<Record<number, string>> = { [WIDTH[4]]: '', [WIDTH[2]]: 'h', [WIDTH[1]]: 'b' };
const ALU_NAMES: ReadonlyMap<number, string> = new Map(Object.entries(ALU).map(([name, code]) => [code, name]));
const JUMP_NAMES: ReadonlyMap<number, string> = new Map([
  [JUMP.eq, 'jeq'],
  [JUMP.gt, 'jgt'],
  [JUMP.ge, 'jge'],
  [JUMP.set, 'jset'],
]);
/** tcpdump's names for what the kernel knows; the others have none there. */
const ANCILLARY_NAMES: ReadonlyMap<number, string> = new Map([
  [ANCILLARY_DATA.protocol, 'proto'],
  [ANCILLARY_DATA.packetType, 'type'],
  [ANCILLARY_DATA.interfaceIndex, 'ifidx'],
  [12, 'nla'],
  [16, 'nlan'],
  [20, 'mark'],
  [24, 'queue'],
  [ANCILLARY_DATA.hardwareType, 'hatype'],
  [32, 'rxhash'],
  [36, 'cpu'],
  [ANCILLARY_DATA.vlanTag, 'vlan_tci'],
  [ANCILLARY_DATA.vlanTagPresent, 'vlan_avail'],
  [52, 'payoff'],
  [56, 'rand'],
  [ANCILLARY_DATA.vlanProtocol, 'vlan_proto'],
]);

function line(step: Instruction, index: number): string {
  const [name, operand] = words(step, index);
  const number = index.toString().padStart(3, '0');
  const conditional = (step.code & 7) === CLASS.jmp && (step.code & 0xf0) !== JUMP.always;
  if (!conditional) return `(${number}) ${name.padEnd(8)} ${operand}`;
  const targets = `jt ${index + 1 + step.jt}\tjf ${index + 1 + step.jf}`;
  return `(${number}) ${name.padEnd(8)} ${operand.padEnd(16)} ${targets}`;
}

function words(step: Instruction, index: number): [string, string] {
  const { code, k } = step;
  switch (code & 7) {
    case CLASS.ld:
      return [`ld${SUFFIX[code & 0x18] ?? '?'}`, source(code, k)];
    case CLASS.ldx:
      return (code & 0xe0) === MODE.msh ? ['ldxb', `4*([${k | 0}]&0xf)`] : ['ldx', source(code, k)];
    case CLASS.st:
      return ['st', `M[${k}]`];
    case CLASS.stx:
      return ['stx', `M[${k}]`];
    case CLASS.alu:
      return arithmeticWords(code, k);
    case CLASS.jmp:
      if (code === CLASS.jmp) return ['ja', `${(index + 1 + k) >>> 0}`];
      return [JUMP_NAMES.get(code & 0xf0) ?? 'unimp', code & FROM_X ? 'x' : `#0x${k.toString(16)}`];
    case CLASS.ret:
      return ['ret', code & RETURN_MASK ? '' : `#${k}`];
    default:
      return [code & TXA ? 'txa' : 'tax', ''];
  }
}

const RETURN_MASK = 0x18;

function arithmeticWords(code: number, k: number): [string, string] {
  const operation = code & 0xf0;
  const name = ALU_NAMES.get(operation) ?? 'unimp';
  if (operation === ALU.neg) return [name, ''];
  if (code & FROM_X) return [name, 'x'];
  const bits = operation === ALU.and || operation === ALU.or || operation === ALU.xor;
  return [name, bits ? `#0x${k.toString(16)}` : `#${k}`];
}

function source(code: number, k: number): string {
  switch (code & 0xe0) {
    case MODE.imm:
      return `#0x${k.toString(16)}`;
    case MODE.len:
      return '#pktlen';
    case MODE.mem:
      return `M[${k}]`;
    case MODE.ind:
      return `[x + ${k | 0}]`;
    default: {
      const name = k >= ANCILLARY ? ANCILLARY_NAMES.get(k - ANCILLARY) : undefined;
      return `[${name ?? k | 0}]`;
    }
  }
}
