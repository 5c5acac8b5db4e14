import { readFileSync, writeSync } from 'node:fs';
import { protocols } from '../../dissectors/index.ts';
import { ANY } from '../capture/devices.ts';
import { type Wanted, WHOLE } from '../capture/kernel-filter.ts';
import { type RingSource, ring } from '../capture/ring.ts';
import type { Registry } from '../dissect/registry.ts';
import { ToolError } from '../error.ts';
import { displayed, quoted } from '../format/shell.ts';
import type { FileFormat } from '../format/writer.ts';
import { HERE, namespacesOf } from '../linux/namespace.ts';
import { run } from '../session.ts';
import { CopySink } from '../sink/copy.ts';
import type { Sink } from '../sink/sink.ts';
import { type CommandSpec, wholeNumber } from './command.ts';
import { printDevices, printLinkTypes } from './devices.ts';
import { type PrintingFlags, printingOptions, printingSink, registryFor } from './printing.ts';

interface CaptureOptions extends PrintingFlags {
  readonly i: readonly string[];
  readonly netns: readonly string[];
  readonly c?: number;
  readonly s?: number;
  readonly B?: number;
  readonly promiscuousMode?: boolean;
  readonly Q?: Wanted;
  readonly F?: string;
  readonly optimise?: boolean;
  readonly cooked?: boolean;
  readonly immediateMode?: boolean;
  readonly w?: string;
  readonly format?: FileFormat;
  readonly force?: boolean;
  readonly print?: boolean;
  readonly listInterfaces?: boolean;
  readonly listDataLinkTypes?: boolean;
}

export const command: CommandSpec = {
  name: 'capture',
  about: 'Captures on devices, in any network namespace. Prints what tcpdump prints, writes pcapng or pcap, or both.',
  arguments: [['[expression...]', 'which packets: a filter as for tcpdump; all of them unless given']],
  options: (argv) => [
    {
      flags: '-i <device>',
      about: 'a device, several with commas between them, or any; may be repeated',
      repeated: true,
    },
    {
      flags: '--netns <name>',
      about: 'in a network namespace: its name, a process in it, or all; may be repeated',
      repeated: true,
    },
    { flags: '-c <count>', about: 'stop after so many packets', parse: wholeNumber(1) },
    { flags: '-s <bytes>', about: 'keep so much of each packet; 0: all of it', parse: wholeNumber(0) },
    { flags: '-B <KiB>', about: 'how much the kernel may hold until we take it', parse: wholeNumber(1) },
    { flags: '-p, --no-promiscuous-mode', about: 'only packets that are meant for the device' },
    { flags: '-Q <direction>', about: 'packets coming in, going out, or both', choices: ['in', 'out', 'inout'] },
    { flags: '-F <file>', about: 'read the expression from a file' },
    { flags: '-w <file>', about: 'write the packets to a file; - for standard output' },
    {
      flags: '--format <format>',
      about: 'what -w writes; pcapng unless the name ends in .pcap',
      choices: ['pcap', 'nspcap', 'pcapng'],
    },
    { flags: '--force', about: 'let -w overwrite a file' },
    { flags: '--print', about: 'print the packets even with -w' },
    { flags: '--cooked', about: "Linux's own header in place of each device's, so that all packets begin alike" },
    { flags: '--immediate-mode', about: 'hand packets on at once, at the price of more work for each' },
    ...printingOptions(argv),
    { flags: '-D, --list-interfaces', about: 'show the devices and leave' },
    { flags: '-L, --list-data-link-types', about: 'show what packets of the device begin with and leave' },
  ],
  examples: [
    ['hooktap capture -i veth0', 'one line a packet'],
    ['hooktap capture --netns blue -i any -w all.pcapng', 'every device of a namespace, to a file'],
    ['hooktap capture -i veth0,br0 -c 10 tcp port 80', 'the first ten that match, on either device'],
  ],
  run: (words, options) => capture(words.join(' '), options as unknown as CaptureOptions),
};

async function capture(words: string, options: CaptureOptions): Promise<number> {
  const devices = options.i.flatMap((names) => names.split(',')).filter((name) => name !== '');
  const namespaces = options.netns.length === 0 ? [HERE] : options.netns.flatMap(namespacesOf);
  if (options.listInterfaces === true) return printDevices(namespaces);
  const able = await ring.available();
  if (!able.ok) throw new ToolError('cannot-capture', able.why, able.remedy);
  if (options.listDataLinkTypes === true) return printLinkTypes(namespaces, devices);
  const several = devices.length > 1 || devices.includes(ANY) || namespaces.length > 1;
  const format = formatOf(options);
  const cooked = options.cooked === true || (several && options.w !== undefined && format !== 'pcapng');
  await using source = await ring.open({
    devices,
    namespaces,
    expression: expressionOf(words, options),
    snaplen: options.s === undefined || options.s === 0 ? WHOLE : Math.min(options.s, WHOLE),
    direction: options.Q ?? 'inout',
    optimise: true,
    promiscuous: options.promiscuousMode !== false,
    cooked,
    immediate: options.immediateMode === true,
    notice: (text) => say(text),
    ...(options.B === undefined ? {} : { buffer: options.B << 10 }),
  });
  listening(source, options);
  const registry = await registryFor(options, protocols);
  await work(source, options, registry, sinksOf(options, format, several || cooked, registry));
  return 0;
}
function expressionOf(words: string, { F: file }: CaptureOptions): string {
  if (file === undefined) return words;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new ToolError('cannot-open', `${displayed(file)}: ${(error as Error).message}`, `ls -l ${quoted(file)}`);
  }
}
function formatOf({ format, w: path, nano }: CaptureOptions): FileFormat {
  if (format !== undefined) return format;
  if (path?.endsWith('.pcap') !== true) return 'pcapng';
  return nano === true ? 'nspcap' : 'pcap';
}
function sinksOf(options: CaptureOptions, format: FileFormat, devices: boolean, registry: Registry): Sink[] {
  const sinks: Sink[] = [];
  if (options.w !== undefined) {
    if (options.w === '-' && options.print === true)
      throw new ToolError('usage', 'packets and lines cannot both go to the standard output', '-w FILE');
    sinks.push(new CopySink(options.w, format, options.force === true));
  }
  if (options.w === undefined || options.print === true) sinks.push(printingSink(options, registry, devices));
  return sinks;
}
function listening(source: RingSource, options: CaptureOptions): void {
  const { linkType } = source;
  const type = linkType === undefined ? '' : `, link-type ${linkType.name} (${linkType.title})`;
  const length = options.s === undefined || options.s === 0 ? WHOLE : Math.min(options.s, WHOLE);
  say(`listening on ${displayed(source.name)}${type}, snapshot length ${length} bytes`);
}

/** Captures until told to stop, and says how many packets there were whatever happens. */
async function work(source: RingSource, options: CaptureOptions, registry: Registry, sinks: Sink[]): Promise<void> {
  let packets = 0;
  let asked = false;
  const stop = () => {
    if (asked) process.exit(130);
    asked = true;
    source.stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  process.on('SIGUSR1', () => say(counters(source, packets).join(', ')));
  try {
    await run({
      source,
      registry,
      sinks,
      quoted: options.verbose > 0,
      progress: (count) => {
        packets = count;
      },
      ...(options.c === undefined ? {} : { count: options.c }),
    });
  } finally {
    write(counters(source, packets).join('\n'));
  }
}
function counters(source: RingSource, packets: number): string[] {
  const { received, dropped } = source.counts();
  const count = (n: number, what: string) => `${n} packet${n === 1 ? '' : 's'} ${what}`;
  return [count(packets, 'captured'), count(received, 'received by filter'), count(dropped, 'dropped by kernel')];
}
const say = (text: string): void => write(`hooktap: ${text}`);
/** At once: the process may be about to end. */
function write(text: string): void {
  try {
    writeSync(2, `${text}\n`);
  } catch {
    // Nobody listens.
  }
}
