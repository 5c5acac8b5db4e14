import {
  CLASS,
  FROM_X,
  type Instruction,
  JUMP,
  known,
  LONGEST_PROGRAM,
  MODE,
  type Program,
  SCRATCH_WORDS,
} from './bpf.ts';
import { FilterError } from './error.ts';

/** Whether a text is a compiled program, not a filter: `tcpdump -ddd` writes a count and lines of four numbers. */
export function looksCompiled(text: string): boolean {
  return /^\s*[0-9]+\s*[\n,]\s*[0-9]+\s+[0-9]+\s+[0-9]+\s+[0-9]+\s*([\n,]|$)/.test(text);
}

/** Reads a program as `tcpdump -ddd` writes it (lines may also be separated by commas, as iptables' bpf match has them). */
export function readProgram(text: string): Program {
  const fields = [...text.matchAll(/[^\s,]+/g)].map((match) => ({ text: match[0], at: match.index }));
  const numbers = fields.map((field) => {
    const value = /^[0-9]{1,10}$/.test(field.text) ? Number(field.text) : Number.NaN;
    if (!(value <= 0xffffffff))
      throw new FilterError(`"${field.text.slice(0, 40)}" is no number of a program`, text, field.at);
    return value;
  });
  const count = numbers[0] ?? 0;
  const wrong = (reason: string, field: number): never => {
    throw new FilterError(reason, text, fields[field]?.at ?? text.length);
  };
  if (count === 0 || count > LONGEST_PROGRAM) wrong(`a program has 1 to ${LONGEST_PROGRAM} instructions`, 0);
  if (numbers.length !== 1 + count * 4)
    wrong(`${count} instructions of four numbers are announced, ${numbers.length - 1} numbers follow`, 0);
  const program: Instruction[] = [];
  for (let i = 0; i < count; i++) {
    const [code, jt, jf, k] = [numbers[1 + i * 4]!, numbers[2 + i * 4]!, numbers[3 + i * 4]!, numbers[4 + i * 4]!];
    if (jt > 255 || jf > 255) wrong('a jump is at most 255', 2 + i * 4);
    program.push({ code, jt, jf, k });
  }
  for (const [i, step] of program.entries()) {
    const reason = mistake(step, i, count);
    if (reason !== undefined) wrong(reason, 1 + i * 4);
  }
  if ((program.at(-1)!.code & 7) !== CLASS.ret) wrong('the last instruction is no return', 1 + (count - 1) * 4);
  return program;
}

/** Why the machine could not run an instruction. */
function mistake({ code, jt, jf, k }: Instruction, index: number, count: number): string | undefined {
  if (!known(code)) return `no instruction has the code ${code}`;
  const scratch =
    (code & 7) === CLASS.st || (code & 7) === CLASS.stx || ((code & 6) === 0 && (code & 0xe0) === MODE.mem);
  if (scratch && k >= SCRATCH_WORDS) return `scratch memory has ${SCRATCH_WORDS} words, not ${k + 1}`;
  if ((code & 7) === CLASS.alu && !(code & FROM_X) && k === 0 && ((code & 0xf0) === 0x30 || (code & 0xf0) === 0x90)) {
    return 'division by zero';
  }
  if ((code & 7) !== CLASS.jmp) return undefined;
  // A loop of `protochain` goes back: the distance is negative.
  if ((code & 0xf0) === JUMP.always) return within(index + 1 + (k | 0), count);
  return within(index + 1 + jt, count) ?? within(index + 1 + jf, count);
}

function within(target: number, count: number): string | undefined {
  return target >= 0 && target < count ? undefined : 'a jump leaves the program';
}
