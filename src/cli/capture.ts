import { WHOLE } from '../capture/kernel-filter.ts';
import type { LiveSource } from '../capture/live.ts';
import type { RingOptions } from '../capture/ring.ts';
import { ANY, isPattern } from '../capture/selection.ts';
import type { Registry } from '../dissect/registry.ts';
import { ToolError } from '../error.ts';
import { tell } from '../format/destination.ts';
import { displayed } from '../format/shell.ts';
import type { FileFormat } from '../format/writer.ts';
import { HERE, type Namespace, namespacesOf } from '../linux/namespace.ts';
import { run, type SessionOptions } from '../session.ts';
import { CopySink } from '../sink/copy.ts';
import type { Sink } from '../sink/sink.ts';
import { openAdapter, requireAdapter } from './capture/adapter.ts';
import { fileSink, together, wantsFiles } from './capture/files.ts';
import { type CaptureOptions, optionsFor } from './capture/options.ts';
import { printProgram } from './capture/program.ts';
import { counters, obeySignals, say, type Underway, write } from './capture/report.ts';
import { asUser, giveUpRights, ownerOf } from './capture/user.ts';
import type { CommandSpec } from './command.ts';
import { numberedDevice, printDevices, printLinkTypes } from './devices.ts';
import { displayOf, expressionOf } from './expression.ts';
import { version } from './package.ts';
import { printingSink, registryFor } from './printer.ts';

export const command: CommandSpec = {
  name: 'capture',
  about: 'Captures on devices, in any network namespace. Prints what tcpdump prints, writes pcapng or pcap, or both.',
  arguments: [['[expression...]', 'which packets: a filter as for tcpdump; all of them unless given']],
  options: optionsFor,
  examples: [
    ['hooktap capture -i veth0', 'one line a packet'],
    ['hooktap capture --netns all -i any -w all.pcapng', 'every device of every namespace, to a file'],
    ["hooktap capture -i 'veth*' -c 10 tcp port 80", 'the first ten that match, on devices of such names'],
    ["hooktap capture -i eth0 -Y 'dns.flags.rcode != 0' -w t.pcapng", "what Wireshark's language picks"],
    ['hooktap capture -i eth0 -w t.pcapng --ring files:10,filesize:100000', 'the last gigabyte'],
  ],
  run: (words, options) => capture(words.join(' '), options as unknown as CaptureOptions),
};

async function capture(words: string, options: CaptureOptions): Promise<number> {
  if (options.version === true) return print(`hooktap ${version()}\n`);
  if (options.listTimeStampTypes === true) return print('host (Host)\n');
  const namespaces = options.netns.length === 0 ? [HERE] : options.netns.flatMap(namespacesOf);
  if (options.listInterfaces === true) return printDevices(namespaces);
  const named = options.interface.flatMap((names) => names.split(',')).filter((name) => name !== '');
  const devices = named.map((name) => numberedDevice(namespaces, name));
  if (options.d > 0) return printProgram(options.d, expressionOf(words, options), namespaces, devices, options);
  await requireAdapter(options);
  if (options.listDataLinkTypes === true) return printLinkTypes(namespaces, devices);
  const underway: Underway = { packets: 0 };
  using _signals = obeySignals(underway);
  const { several, cooked, format } = shapeOf(options, devices, namespaces);
  const registry = await registryFor(options);
  const display = await displayOf(options, registry);
  const sinks = await sinksOf(options, format, several || cooked, registry);
  const owner = ownerOf(options.relinquishPrivileges);
  await using source = await openAdapter(options, {
    devices,
    namespaces,
    everyNamespace: options.netns.includes('all'),
    expression: expressionOf(words, options),
    snaplen: snaplenOf(options),
    direction: options.direction ?? 'inout',
    optimise: options.optimize !== false,
    promiscuous: options.promiscuousMode !== false,
    cooked,
    asOnWire: options.asOnWire === true,
    haste: hasteOf(options),
    notice: say,
    ...(options.bufferSize === undefined ? {} : { buffer: options.bufferSize << 10 }),
  });
  underway.source = source;
  underway.file = sinks.find((sink) => sink instanceof CopySink);
  await giveUpRights(source, owner);
  // Only now: whoever waits for this may send a signal next.
  listening(source, options);
  await work({ source, registry, sinks, ...display }, source, options, underway).catch((error) => {
    throw asUser(error, owner);
  });
  return 0;
}
function print(text: string): number {
  tell(text);
  return 0;
}
/** Nobody looks at a file that soon. */
function hasteOf({ immediateMode, w, print }: CaptureOptions): RingOptions['haste'] {
  if (immediateMode === true) return 'immediate';
  return w !== undefined && w !== '-' && print !== true ? 'patient' : 'usual';
}
const snaplenOf = ({ snapshotLength }: CaptureOptions): number =>
  snapshotLength === undefined || snapshotLength === 0 ? WHOLE : Math.min(snapshotLength, WHOLE);

/** Whether packets may come of several devices, how they are to begin, and what they are written as. */
function shapeOf(options: CaptureOptions, devices: readonly string[], namespaces: readonly Namespace[]) {
  const many = devices.length > 1 || devices.some((name) => name === ANY || isPattern(name));
  const several = many || namespaces.length > 1 || options.netns.includes('all');
  const format = formatOf(options);
  const asked = options.cooked === true || /^(DLT_)?LINUX_SLL2$/i.test(options.linktype ?? '');
  return { several, format, cooked: asked || (several && options.w !== undefined && format !== 'pcapng') };
}
function formatOf({ format, w: path, nano }: CaptureOptions): FileFormat {
  if (format !== undefined) return format;
  if (path?.endsWith('.pcap') !== true) return 'pcapng';
  return nano === true ? 'nspcap' : 'pcap';
}
async function sinksOf(
  options: CaptureOptions,
  format: FileFormat,
  devices: boolean,
  registry: Registry,
): Promise<Sink[]> {
  const sinks: Sink[] = [];
  if (wantsFiles(options)) {
    if (options.w === '-' && options.print === true)
      throw new ToolError('usage', 'packets and lines cannot both go to the standard output', '-w FILE');
    sinks.push(fileSink(options, format, say));
  }
  if (options.w === undefined || options.print === true) sinks.push(await printingSink(options, registry, devices));
  return sinks;
}
function listening(source: LiveSource, options: CaptureOptions): void {
  const { linkType } = source;
  const wanted = options.linktype?.replace(/^DLT_/i, '').toUpperCase();
  if (wanted !== undefined && wanted !== linkType?.name) {
    const why = `${displayed(wanted)} is not what packets of ${displayed(source.name)} begin with`;
    throw new ToolError('no-such-link-type', why, 'hooktap capture -L, or --cooked');
  }
  const type = linkType === undefined ? '' : `, link-type ${linkType.name} (${linkType.title})`;
  say(`listening on ${displayed(source.name)}${type}, snapshot length ${snaplenOf(options)} bytes`);
}

/** Captures until told to stop, and says how many packets there were whatever happens. */
async function work(
  session: SessionOptions,
  source: LiveSource,
  options: CaptureOptions,
  underway: Underway,
): Promise<void> {
  const stop = together(options.autostop);
  const count = Math.min(options.c ?? Number.POSITIVE_INFINITY, stop.packets ?? Number.POSITIVE_INFINITY);
  const late = stop.duration === undefined ? undefined : setTimeout(() => source.stop(), stop.duration * 1000);
  const filtered = session.display !== undefined;
  if (filtered) underway.displayed = 0;
  try {
    await run({
      ...session,
      quoted: options.verbose > 0,
      progress: (packets, asked) => {
        underway.packets = filtered ? asked : packets;
        if (filtered) underway.displayed = packets;
      },
      ...(Number.isFinite(count) ? { count } : {}),
    });
  } finally {
    clearTimeout(late);
    write(counters(source, underway).join('\n'));
  }
}
