import { protocols } from '../../dissectors/index.ts';
import { openFile } from '../capture/file.ts';
import { WHOLE } from '../capture/kernel-filter.ts';
import { DeviceOutlet } from '../capture/outlet.ts';
import { tap } from '../capture/tap.ts';
import { Registry } from '../dissect/registry.ts';
import { ToolError } from '../error.ts';
import { displayed } from '../format/shell.ts';
import { HERE, type Namespace, namespacesOf } from '../linux/namespace.ts';
import { run } from '../session.ts';
import { type Outlet, type Pace, type ReplayCounts, ReplaySink } from '../sink/replay.ts';
import { write } from './capture/report.ts';
import { asUser, giveUpRights, ownerOf } from './capture/user.ts';
import { type CommandSpec, wholeNumber } from './command.ts';
import { EXPRESSION_OPTIONS, type ExpressionFlags, expressionOf, fileFilter } from './expression.ts';
import { Interruption } from './interrupt.ts';

interface ReplayOptions extends ExpressionFlags {
  readonly interface?: string;
  readonly netns?: string;
  readonly adapter?: 'tap';
  readonly speed?: number;
  readonly topspeed?: boolean;
  readonly pps?: number;
  readonly c?: number;
  readonly loop?: number;
  readonly relinquishPrivileges?: string;
}

export const command: CommandSpec = {
  name: 'replay',
  about: 'Sends the packets of a capture on a device, at the pace that they were captured at or another.',
  arguments: [
    ['<file>', 'a pcap or pcapng file; - for standard input'],
    ['[expression...]', 'which packets: a filter as for tcpdump; all of them unless given'],
  ],
  options: [
    { flags: '-i, --interface <device>', about: 'the device to send on' },
    { flags: '--netns <name>', about: 'in a network namespace: its name, or a process in it' },
    {
      flags: '--adapter <name>',
      about: 'tap: from the far end of a tun or tap device, so that this system receives the packets',
      choices: ['tap'],
    },
    { flags: '--speed <times>', about: 'so many times as fast as captured; 0.5 is half as fast', parse: positive },
    { flags: '--topspeed', about: 'one packet after the other, without waiting' },
    { flags: '--pps <n>', about: 'so many packets in a second, whatever their times', parse: positive },
    { flags: '-c <count>', about: 'stop after so many packets', parse: wholeNumber(1) },
    { flags: '--loop <times>', about: 'send the whole capture so often', parse: wholeNumber(1) },
    ...EXPRESSION_OPTIONS.filter(({ flags }) => flags !== '-d'),
    {
      flags: '-Z, --relinquish-privileges <user>',
      about: 'become this user once the device is open; root: remain root',
    },
  ],
  examples: [
    ['sudo hooktap replay trace.pcap -i veth0', 'as it was captured'],
    ['sudo hooktap replay trace.pcap -i eth0 --netns blue --speed 10 udp', 'ten times as fast, one protocol'],
    ['sudo hooktap replay trace.pcap -i veth0 --topspeed --loop 100', 'as fast as it goes'],
  ],
  run: ([path, ...words], options) => replay(path!, words.join(' '), options as unknown as ReplayOptions),
};

async function replay(path: string, words: string, options: ReplayOptions): Promise<number> {
  const pace = paceOf(options);
  if (options.interface === undefined) throw new ToolError('usage', 'it is not said where to send', '-i DEVICE');
  if (path === '-' && options.loop !== undefined)
    throw new ToolError('usage', 'the standard input can be read once only', 'hooktap replay FILE --loop …');
  const owner = ownerOf(options.relinquishPrivileges);
  await using outlet = await outletOf(options.interface, options);
  await giveUpRights(undefined, owner);
  using interruption = new Interruption();
  const { signal } = interruption;
  const sink = new ReplaySink(outlet, pace, signal);
  const from = performance.now();
  try {
    await rounds(path, words, options, sink, signal);
  } catch (error) {
    throw asUser(error, owner);
  } finally {
    write(report(sink.counts, options.interface, (performance.now() - from) / 1000).join('\n'));
  }
  return sink.counts.unfit > 0 ? 1 : 0;
}
async function outletOf(
  device: string,
  { netns, adapter }: ReplayOptions,
): Promise<Outlet & (AsyncDisposable | Disposable)> {
  const namespace = namespaceOf(netns);
  if (adapter === undefined) return DeviceOutlet.open(device, namespace);
  const able = await tap.available();
  if (!able.ok) throw new ToolError('cannot-send', able.why, able.remedy);
  return tap.open({ device, namespace, expression: '', snaplen: WHOLE, optimise: true });
}
async function rounds(
  path: string,
  words: string,
  options: ReplayOptions,
  sink: ReplaySink,
  signal: AbortSignal,
): Promise<void> {
  const expression = expressionOf(words, options);
  const registry = new Registry(protocols);
  let left = options.c ?? Number.POSITIVE_INFINITY;
  for (let round = 0; round < (options.loop ?? 1) && left > 0 && !signal.aborted; round++) {
    await using source = await openFile(path);
    const filter = expression === '' ? {} : { filter: await fileFilter(expression, options, source) };
    const { packets } = await run({
      source,
      registry,
      sinks: [sink],
      signal,
      ...filter,
      ...(Number.isFinite(left) ? { count: left } : {}),
    });
    if (packets === 0) return;
    left -= packets;
  }
}
function paceOf({ speed, topspeed, pps }: ReplayOptions): Pace {
  if ([speed, topspeed, pps].filter((each) => each !== undefined).length > 1)
    throw new ToolError('usage', '--speed, --topspeed and --pps contradict each other', 'give one of them');
  if (topspeed === true) return 'top speed';
  return pps === undefined ? { speed: speed ?? 1 } : { perSecond: pps };
}
function namespaceOf(name: string | undefined): Namespace {
  if (name === undefined) return HERE;
  const found = namespacesOf(name);
  if (name !== 'all' && found[0] !== undefined) return found[0];
  throw new ToolError('usage', 'packets are sent in one network namespace', '--netns NAME');
}
function positive(text: string): number {
  const value = Number(text);
  if (text === '' || !(value > 0 && Number.isFinite(value)))
    throw new RangeError(`expected a number above 0, not "${text}"`);
  return value;
}
function report({ sent, bytes, unfit, cut, unfinished }: ReplayCounts, device: string, seconds: number): string[] {
  const packets = (count: number) => `${count} packet${count === 1 ? '' : 's'}`;
  const rate = seconds > 0 ? `, ${Math.round(sent / seconds)} in a second` : '';
  const lines = [`${packets(sent)} of ${bytes} bytes sent on ${displayed(device)} in ${seconds.toFixed(3)} s${rate}`];
  if (unfit > 0)
    lines.push(`${packets(unfit)} not sent: of a length that the device does not take (ip link shows its mtu)`);
  if (cut > 0) lines.push(`${packets(cut)} sent in part: the rest was not captured`);
  if (unfinished > 0)
    lines.push(`${packets(unfinished)} sent without the checksum that a device was to fill in after the capture`);
  return lines;
}
