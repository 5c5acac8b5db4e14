import {
  ANCILLARY,
  ANCILLARY_DATA,
  CLASS,
  instruction,
  JUMP,
  MODE,
  type Program,
  WIDTH,
} from '../filter/capture/bpf.ts';
import { compileCaptureFilter } from '../filter/capture/compile.ts';
import { hardwareOf, LINK_TYPES } from '../linux/link-type.ts';
import { KIND } from '../linux/packet-ring.ts';

/** Which packets are wanted, as seen from the device. */
export type Wanted = 'in' | 'out' | 'inout';
export interface KernelFilterOptions {
  /** In tcpdump's language; empty: every packet. */
  readonly expression: string;
  readonly snaplen: number;
  readonly direction: Wanted;
  /** False keeps the program as it was generated. */
  readonly optimise: boolean;
}
/** Longer than any packet. */
export const WHOLE = 262_144;
/** The loopback device of every namespace. */
export const LOOPBACK = 1;

/** The program for one device: `linkType` is what its packets begin with. */
export function deviceFilter(options: KernelFilterOptions, linkType: number, loopback: boolean): Program {
  return around(options, loopback ? onceOnly(options.direction) : [], () => compiled(options, linkType));
}
/** The program for all devices of a namespace, each kind of which has packets of its own. */
export function everyDeviceFilter(options: KernelFilterOptions): Program {
  const once = options.direction === 'out' ? [] : [load('interfaceIndex'), jump(LOOPBACK, 0, 3), ...ECHO];
  return around(options, once, () => [...everyLinkType(options), NOTHING]);
}
/** What a kind of packets cannot be asked matches none of them. It is a mistake only if no kind can be asked. */
function everyLinkType(options: KernelFilterOptions): Program {
  const errors: unknown[] = [];
  const programs = LINK_TYPES.flatMap(({ number }) => {
    try {
      return forHardware(hardwareOf(number), compiled(options, number));
    } catch (error) {
      errors.push(error);
      return [];
    }
  });
  if (programs.length === 0) throw errors[0];
  return programs;
}
/** No program at all, if all that it would say is yes. */
function around(options: KernelFilterOptions, once: Program, matching: () => Program): Program {
  const { expression, snaplen, direction } = options;
  const front = [...once, ...DIRECTION_TESTS[direction]];
  if (expression !== '') return [...front, ...matching()];
  return front.length === 0 && snaplen >= WHOLE ? [] : [...front, returning(snaplen)];
}
function compiled({ expression, snaplen, optimise }: KernelFilterOptions, linkType: number): Program {
  return compileCaptureFilter(expression, { linkType, snaplen, optimise, target: 'kernel' }).program;
}
/** Goes through the program if the packet is of a device of such hardware, else on behind it. */
function forHardware(hardware: readonly number[], program: Program): Program {
  const tests = hardware.map((number, i) => jump(number, hardware.length - i, 0));
  return [load('hardwareType'), ...tests, always(program.length), ...program];
}

const load = (what: keyof typeof ANCILLARY_DATA) =>
  instruction(CLASS.ld | WIDTH[4] | MODE.abs, ANCILLARY + ANCILLARY_DATA[what]);
const jump = (value: number, jt: number, jf: number) => ({ code: CLASS.jmp | JUMP.eq, jt, jf, k: value });
const always = (distance: number) => instruction(CLASS.jmp | JUMP.always, distance);
const returning = (value: number) => instruction(CLASS.ret, value);
const NOTHING = returning(0);
/** What this machine sends is dropped. */
const ECHO: Program = [load('packetType'), jump(KIND.outgoing, 0, 1), NOTHING];
const DIRECTION_TESTS: Readonly<Record<Wanted, Program>> = {
  in: ECHO,
  out: [load('packetType'), jump(KIND.outgoing, 1, 0), NOTHING],
  inout: [],
};
/** The loopback device shows each packet twice, as sent and as received: once is enough. */
const onceOnly = (direction: Wanted): Program => (direction === 'inout' ? ECHO : []);
