import { ALU, CLASS, FROM_X, type Instruction, instruction, JUMP, MODE, TXA, WIDTH } from './bpf.ts';
import type { HeaderChain } from './condition.ts';

/** Protocol numbers of the headers that a chain leads through. */
const NEXT = { hopByHop: 0, routing: 43, fragment: 44, authentication: 51, none: 59, destination: 60 };
/** The kernel takes no loops, so there a chain is followed over at most so many headers. */
const UNROLLED = 8;

/**
 * Follows the headers behind an IP header until one has the protocol looked for. Ends in a comparison whose two ways are the
 * caller's. A holds the protocol of the header that begins X bytes behind the start of the IP header.
 *
 * Behind an authentication header X is that header's own length only, as in libpcap, whose results these are to be.
 */
export function chainCode(chain: HeaderChain, slot: number, loops: boolean): Instruction[] {
  const { start, version, protocol } = chain;
  const load = (offset: number): Instruction => instruction(CLASS.ld | WIDTH[1] | MODE.ind, start + offset);
  const code: Instruction[] = [
    instruction(CLASS.ld | WIDTH[1] | MODE.abs, start + (version === 4 ? 9 : 6)),
    version === 4 ? instruction(CLASS.ldx | WIDTH[1] | MODE.msh, start) : instruction(CLASS.ldx | MODE.imm, 40),
  ];
  const step = stepCode(version, protocol, slot, load);
  const rounds = loops ? 1 : UNROLLED;
  for (let round = 0; round < rounds; round++) {
    const rest = (rounds - round - 1) * step.length;
    // The last instruction of a step goes back to its first, or falls through to the next copy of it.
    for (const each of step) code.push(placed(each, rest, loops, step.length));
  }
  code.push(instruction(CLASS.jmp | JUMP.eq, protocol));
  return code;
}

const END = -1;
interface StepInstruction {
  readonly code: number;
  readonly k: number;
  /** Index within the step, or {@link END}. */
  readonly yes?: number;
  readonly no?: number;
  readonly again?: boolean;
}

/** One header: leave if it is the one, or step over it. */
function stepCode(
  version: 4 | 6,
  protocol: number,
  slot: number,
  load: (offset: number) => Instruction,
): (StepInstruction & { at: number })[] {
  const step: StepInstruction[] = [];
  const eq = (k: number, yes: number, no: number): void => {
    step.push({ code: CLASS.jmp | JUMP.eq, k, yes, no });
  };
  const plain = (...list: Instruction[]): void => {
    step.push(...list.map(({ code, k }) => ({ code, k })));
  };
  const back = (): void => {
    step.push({ code: CLASS.jmp, k: 0, again: true });
  };
  eq(protocol, END, 1);
  eq(NEXT.none, END, 2);
  if (version === 6) {
    const skip = 6;
    eq(NEXT.hopByHop, skip, 3);
    eq(NEXT.destination, skip, 4);
    eq(NEXT.routing, skip, 5);
    eq(NEXT.fragment, skip, skip + 9);
    plain(load(0), instruction(CLASS.st, slot), load(1));
    plain(
      instruction(CLASS.alu | ALU.add, 1),
      instruction(CLASS.alu | ALU.mul, 8),
      instruction(CLASS.alu | ALU.add | FROM_X),
    );
    plain(instruction(CLASS.misc), instruction(CLASS.ld | MODE.mem, slot));
    back();
  }
  eq(NEXT.authentication, step.length + 1, END);
  plain(load(0), instruction(CLASS.st, slot), instruction(CLASS.misc | TXA), instruction(CLASS.alu | ALU.add, 1));
  plain(instruction(CLASS.misc), load(0), instruction(CLASS.alu | ALU.add, 2), instruction(CLASS.alu | ALU.mul, 4));
  plain(instruction(CLASS.misc), instruction(CLASS.ld | MODE.mem, slot));
  back();
  return step.map((each, at) => ({ ...each, at }));
}

/** An instruction of a step with its distances; `rest` instructions of further copies stand between the step and the end. */
function placed(each: StepInstruction & { at: number }, rest: number, loops: boolean, length: number): Instruction {
  if (each.again) {
    if (loops) return instruction(each.code, -(each.at + 1));
    return instruction(each.code, length - each.at - 1);
  }
  const distance = (to: number | undefined): number => {
    if (to === undefined) return 0;
    return (to === END ? length + rest : to) - each.at - 1;
  };
  return instruction(each.code, each.k, distance(each.yes), distance(each.no));
}
