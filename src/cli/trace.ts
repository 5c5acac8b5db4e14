import { setImmediate, setTimeout } from 'node:timers/promises';
import { ToolError } from '../error.ts';
import { displayed } from '../format/shell.ts';
import { namespacesOf } from '../linux/namespace.ts';
import { giveWay } from '../linux/priority.ts';
import type { Journey } from '../trace/journey.ts';
import { inodeOf } from '../trace/namespaces.ts';
import { Tracer } from '../trace/tracer.ts';
import { type CommandSpec, wholeNumber } from './command.ts';
import { Interruption } from './interrupt.ts';
import { traceFile } from './trace/from-file.ts';
import { inParts } from './trace/in-parts.ts';
import { JourneySink, type ShowFlags } from './trace/journeys.ts';
import { Workload } from './trace/workload.ts';

interface TraceFlags extends ShowFlags {
  readonly netns: readonly string[];
  readonly duration?: number;
  readonly stack?: boolean;
  readonly withoutBpf?: boolean;
  /** What follows `--`. */
  readonly trailing: readonly string[];
}

export const command: CommandSpec = {
  name: 'trace',
  about:
    'Follows packets through the kernel to where they are delivered or dropped, and names the rule or the setting.',
  arguments: [['[expression...]', 'which packets: a filter as for tcpdump, that is to match at any place on the way']],
  trailing: ['command', 'trace while this command runs, and leave when it ends, with its exit code'],
  options: [
    {
      flags: '--netns <name>',
      about: 'only packets that came through a network namespace: its name, or a process in it; may be repeated',
      repeated: true,
    },
    { flags: '--dropped', about: 'only packets that were dropped' },
    { flags: '-c <count>', about: 'stop after so many packets', parse: wholeNumber(1) },
    { flags: '--duration <seconds>', about: 'stop after so long', parse: wholeNumber(1) },
    { flags: '--stack', about: 'at each drop, which functions of the kernel called each other' },
    { flags: '--without-bpf', about: 'make do with the packets that devices show, as where BPF is refused' },
    { flags: '--compact', about: 'one line for each packet' },
    { flags: '-T <format>', about: 'text, or json: one object a line', choices: ['text', 'json'] },
    {
      flags: '-w <file>',
      about: 'write the packet at each step as pcapng, with what became of it; - for standard output',
    },
    { flags: '--force', about: 'let -w overwrite a file' },
    { flags: '--print', about: 'print the journeys even with -w' },
    { flags: '-r <file>', about: 'the journeys of a file that -w wrote' },
  ],
  examples: [
    ['hooktap trace icmp', 'each ping and its answer, step by step'],
    ['hooktap trace --dropped', 'what is dropped anywhere on this machine, and why'],
    [
      'hooktap trace -w drops.pcapng --dropped',
      'for Wireshark: an interface for each device, a comment at each packet',
    ],
    ['hooktap trace tcp port 80 -- curl -sm1 http://10.0.0.1/', 'what becomes of the packets of one command'],
  ],
  run: (words, options) => trace(words.join(' '), options as unknown as TraceFlags),
};

/** Between two looks while something is under way: events are cheap at this rate, and a person sees them at once. */
const EVERY_MS = 5;
/** How often the kernel's room is emptied while whoever reads what we print takes their time: it is full after half a second. */
const COLLECT_MS = 20;
/** Traffic goes first: a quarter of a processor that others want, too, is enough to take what the kernel tells before its room is full. */
const NICE = 5;
/** What is under way when tracing is to end may arrive. */
const GRACE_MS = 100;
/** Of a packet that is needed to know it again, and to tell what it is. */
const WINDOW = 192;

async function trace(expression: string, flags: TraceFlags): Promise<number> {
  if (flags.r !== undefined) return fromFile(flags.r, expression, flags);
  using interruption = new Interruption();
  const workload = await follow(expression, flags, interruption);
  // It may go on while nothing is traced any more: it uses the terminal, and its code is wanted.
  const code = (await workload?.code) ?? 0;
  return interruption.happened ? 0 : code;
}
function fromFile(path: string, expression: string, flags: TraceFlags): Promise<number> {
  const [program] = flags.trailing;
  if (program === undefined) return traceFile(path, expression, flags);
  const why = `-r shows the journeys of a file, and runs no command such as ${displayed(program)}`;
  throw new ToolError('usage', why, 'hooktap trace -r FILE, or hooktap trace -- COMMAND');
}
/** Shows what comes, until it is enough. What was run for it may not have ended by then. */
async function follow(
  expression: string,
  flags: TraceFlags,
  interruption: Interruption,
): Promise<Workload | undefined> {
  const wanted = choice(flags);
  const { stack, withoutBpf } = flags;
  using tracer = await Tracer.open({ expression, window: WINDOW, stack, withoutBpf, notice: say });
  const nameOf = (netns: number) => (netns === 0 ? '?' : tracer.namespaces.name(netns));
  const sink = await JourneySink.open(flags, { nameOf, epoch: tracer.epoch });
  const write = (journeys: readonly Journey[]) => sink.take(journeys, nameOf, tracer.epoch);
  const show = (all = false) => inParts(tracer.take(all).filter(wanted), write, () => tracer.collect());
  tracer.attach();
  using _collects = setInterval(() => tracer.collect(), COLLECT_MS);
  say(`tracing${expression === '' ? '' : ` ${displayed(expression)}`}`);
  const end = performance.now() + (flags.duration ?? Number.POSITIVE_INFINITY) * 1000;
  const workload = Workload.start(flags.trailing, interruption.signal);
  const over = () => workload?.ended === true || interruption.happened || performance.now() > end;
  // Behind the start of the command, which is to run as ever.
  giveWay(NICE);
  while (sink.left > 0 && !over()) {
    await (tracer.behind ? setImmediate() : setTimeout(tracer.quiet ? COLLECT_MS : EVERY_MS));
    await show();
  }
  if (sink.left > 0) {
    await setTimeout(GRACE_MS);
    await show(true);
  }
  await sink.end();
  say(counted(tracer));
  return workload;
}
function counted(tracer: Tracer): string {
  const { events, lost, ruleGaps } = tracer.counts();
  const gaps = ruleGaps === 0 ? '' : `; rules were lost ${ruleGaps} times: there was no room`;
  return `${events} events, ${lost} lost${gaps}`;
}
/** Which journeys are shown. */
function choice({ netns }: TraceFlags): (journey: Journey) => boolean {
  const inodes = new Set(netns.flatMap(namespacesOf).map(inodeOf));
  return ({ steps }) => inodes.size === 0 || steps.some((step) => inodes.has(step.netns));
}
const say = (text: string): void => void process.stderr.write(`hooktap: ${text}\n`);
