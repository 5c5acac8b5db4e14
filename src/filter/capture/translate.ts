import { ALU, CLASS, FROM_X, type Instruction, JUMP, MODE, type Program, RETURN_A, TXA } from './bpf.ts';
import type { Matcher } from './interpret.ts';

/** More places to jump to than this would nest the blocks of the function deeper than its compiler likes. */
const MOST_TARGETS = 400;

/**
 * The program as a JavaScript function, which V8 compiles to machine code: four to ten times as fast as interpreting it.
 * Nothing from outside gets into the source but numbers. Undefined where that is not possible: programs with loops, very long
 * ones, and processes that forbid to make functions from text.
 */
export function translate(program: Program): Matcher | undefined {
  const targets = targetsOf(program);
  if (targets === undefined || targets.length > MOST_TARGETS) return undefined;
  try {
    return new Function('bytes', 'start', 'captured', 'wire', source(program, targets)) as Matcher;
  } catch (error) {
    // --disallow-code-generation-from-strings
    if (error instanceof EvalError) return undefined;
    throw error;
  }
}

/** The instructions that a jump leads to, in order; undefined if one leads back. */
function targetsOf(program: Program): number[] | undefined {
  const targets = new Set<number>();
  for (const [i, { code, jt, jf, k }] of program.entries()) {
    if ((code & 7) !== CLASS.jmp) continue;
    if ((code & 0xf0) === JUMP.always) {
      if ((k | 0) < 0) return undefined;
      if (k > 0) targets.add(i + 1 + k);
    } else {
      if (jt > 0) targets.add(i + 1 + jt);
      if (jf > 0) targets.add(i + 1 + jf);
    }
  }
  return [...targets].sort((a, b) => a - b);
}

/**
 * Jumps only go forward, so each target is the end of a labelled block, and a jump leaves that block:
 * `L8: { L5: { … if (a === 6) break L8; … } instruction 5 … } instruction 8 …`
 */
function source(program: Program, targets: readonly number[]): string {
  const lines = ['let a = 0, x = 0;', `let ${scratch(program)};`];
  lines.push(
    [...targets]
      .reverse()
      .map((target) => `L${target}: {`)
      .join(' '),
  );
  const open = new Set(targets);
  for (const [i, step] of program.entries()) {
    if (open.has(i)) lines.push('}');
    lines.push(statement(step, i));
  }
  lines.push('return 0;');
  return lines.join('\n');
}

/** Words are kept as signed numbers, which need no conversion. */
function scratch(program: Program): string {
  const used = new Set(program.filter((step) => isScratch(step.code)).map((step) => step.k));
  return ['m = 0', ...[...used].map((slot) => `m${slot} = 0`)].join(', ');
}

function isScratch(code: number): boolean {
  const low = code & 7;
  return low === CLASS.st || low === CLASS.stx || (low <= CLASS.ldx && (code & 0xe0) === MODE.mem);
}

function statement(step: Instruction, index: number): string {
  const { code, k } = step;
  const operand = code & FROM_X ? 'x' : `${k | 0}`;
  switch (code & 7) {
    case CLASS.ld:
      return load(step);
    case CLASS.ldx:
      return loadX(step);
    case CLASS.st:
      return `m${k} = a;`;
    case CLASS.stx:
      return `m${k} = x;`;
    case CLASS.alu:
      return arithmetic(code & 0xf0, operand);
    case CLASS.jmp:
      return jump(step, index);
    case CLASS.ret:
      return code & RETURN_A ? 'return a >>> 0;' : `return ${k};`;
    default:
      return code & TXA ? 'a = x;' : 'x = a;';
  }
}

function load({ code, k }: Instruction): string {
  switch (code & 0xe0) {
    case MODE.imm:
      return `a = ${k | 0};`;
    case MODE.len:
      return 'a = wire | 0;';
    case MODE.mem:
      return `a = m${k};`;
    default: {
      const size = (code & 0x18) === 0 ? 4 : (code & 0x18) === 0x08 ? 2 : 1;
      const indirect = (code & 0xe0) === MODE.ind;
      // A constant place beyond any packet never holds.
      const place = indirect ? `m = (x + ${k | 0}) >>> 0; ` : '';
      const at = indirect ? 'm' : `${k}`;
      const check = `if (captured < ${indirect ? `m + ${size}` : k + size}) return 0; `;
      const byte = (i: number): string => `bytes[start + ${at}${i > 0 ? ` + ${i}` : ''}]`;
      const bytes = Array.from({ length: size }, (_, i) =>
        i === size - 1 ? byte(i) : `${byte(i)} << ${8 * (size - 1 - i)}`,
      );
      return `${place}${check}a = ${bytes.join(' | ')};`;
    }
  }
}

function loadX({ code, k }: Instruction): string {
  switch (code & 0xe0) {
    case MODE.imm:
      return `x = ${k | 0};`;
    case MODE.len:
      return 'x = wire | 0;';
    case MODE.mem:
      return `x = m${k};`;
    default:
      return `if (captured <= ${k}) return 0; x = (bytes[start + ${k}] & 15) << 2;`;
  }
}

const SYMBOLS: ReadonlyMap<number, string> = new Map([
  [ALU.add, '+'],
  [ALU.sub, '-'],
  [ALU.or, '|'],
  [ALU.and, '&'],
  [ALU.xor, '^'],
]);

function arithmetic(operation: number, operand: string): string {
  const symbol = SYMBOLS.get(operation);
  if (symbol !== undefined) return `a = (a ${symbol} ${operand.startsWith('-') ? `(${operand})` : operand}) | 0;`;
  const word = `(${operand} >>> 0)`;
  switch (operation) {
    case ALU.mul:
      return `a = Math.imul(a, ${operand});`;
    case ALU.div:
      return `if (${operand} === 0) return 0; a = ((a >>> 0) / ${word}) | 0;`;
    case ALU.mod:
      return `if (${operand} === 0) return 0; a = ((a >>> 0) % ${word}) | 0;`;
    case ALU.lsh:
      return `a = ${word} < 32 ? a << ${operand} : 0;`;
    case ALU.rsh:
      return `a = ${word} < 32 ? (a >>> ${operand}) | 0 : 0;`;
    default:
      return 'a = -a | 0;';
  }
}

function jump({ code, jt, jf, k }: Instruction, index: number): string {
  const operation = code & 0xf0;
  if (operation === JUMP.always) return k === 0 ? '' : `break L${index + 1 + k};`;
  const go = (distance: number): string => (distance === 0 ? '' : `break L${index + 1 + distance};`);
  const holds = comparison(operation, code & FROM_X ? 'x' : `${k | 0}`, code & FROM_X ? '(x >>> 0)' : `${k}`);
  if (jt === jf) return go(jt);
  if (jt === 0) return `if (!(${holds})) ${go(jf)}`;
  return `if (${holds}) ${go(jt)} ${jf === 0 ? '' : `else ${go(jf)}`}`;
}

function comparison(operation: number, signed: string, unsigned: string): string {
  switch (operation) {
    case JUMP.eq:
      return `a === ${signed}`;
    case JUMP.gt:
      return `(a >>> 0) > ${unsigned}`;
    case JUMP.ge:
      return `(a >>> 0) >= ${unsigned}`;
    default:
      return `(a & ${signed}) !== 0`;
  }
}
