import { openFile } from '../capture/file.ts';
import type { CaptureSource } from '../capture/source.ts';
import type { Registry } from '../dissect/registry.ts';
import { ToolError } from '../error.ts';
import { tell } from '../format/destination.ts';
import type { FileFormat } from '../format/writer.ts';
import { run } from '../session.ts';
import { CopySink } from '../sink/copy.ts';
import { CountSink } from '../sink/count.ts';
import type { Sink } from '../sink/sink.ts';
import { type CommandSpec, wholeNumber } from './command.ts';
import {
  DISPLAY_OPTION,
  type DisplayFlags,
  displayOf,
  ETHERNET,
  EXPRESSION_OPTIONS,
  type ExpressionFlags,
  expressionOf,
  fileFilter,
} from './expression.ts';
import { Interruption } from './interrupt.ts';
import { type PrintingFlags, printingOptions } from './printing.ts';
import { Progress } from './progress.ts';

interface ReadOptions extends PrintingFlags, ExpressionFlags, DisplayFlags {
  readonly c?: number;
  readonly count?: boolean;
  readonly w?: string;
  readonly format?: FileFormat;
  readonly force?: boolean;
  readonly print?: boolean;
  readonly follow?: boolean;
  readonly adapter?: string;
}

export const command: CommandSpec = {
  name: 'read',
  about: 'Prints a capture file: lines as tcpdump has them, letter for letter, trees, JSON, or fields. Or copies it.',
  arguments: [
    ['<file>', 'a pcap, pcapng or snoop file, compressed or not; - for standard input'],
    ['[expression...]', 'which packets: a filter as for tcpdump; all of them unless given'],
  ],
  options: (argv) => [
    { flags: '-c <count>', about: 'stop after so many packets', parse: wholeNumber(1) },
    DISPLAY_OPTION,
    ...EXPRESSION_OPTIONS,
    ...printingOptions(argv),
    { flags: '--count', about: 'print only how many packets there are' },
    { flags: '-w <file>', about: 'write the packets to a file; - for standard output' },
    {
      flags: '--format <format>',
      about: 'what -w writes; as the input unless given',
      choices: ['pcap', 'nspcap', 'pcapng'],
    },
    { flags: '--force', about: 'let -w overwrite a file' },
    { flags: '--print', about: 'print the packets even with -w' },
    { flags: '--follow', about: 'at the end of the file wait for more, as tail -f does, until ctrl-C' },
    {
      flags: '--adapter <name>',
      about: 'let a package read the file, to compare: pcap-parser knows pcap with microseconds',
      choices: ['pcap-parser'],
    },
  ],
  examples: [
    ['hooktap read trace.pcapng', 'one line a packet'],
    ['hooktap read -e -vv -c 10 trace.pcap', 'everything about the first ten'],
    ['ssh router tcpdump -w - | hooktap read -X -', 'from a pipe, with the bytes'],
    ['hooktap read trace.pcap port 53 and host 192.0.2.1', 'only what a filter matches'],
    ['hooktap read trace.pcapng -Y "http.request or dns.qry.name contains example"', "in Wireshark's language"],
    ['hooktap read trace.pcapng -T fields -e ip.src -e tcp.dstport', 'a line a packet, a column a field'],
    ['hooktap read trace.pcapng -V -x', 'every field, and the bytes of each layer'],
    ['hooktap read trace.pcapng -w trace.pcap', 'to the other format'],
    ['hooktap read --follow trace.pcapng', 'what is in it, and what is written to it from now on'],
  ],
  run: ([path, ...words], options) => read(path!, words.join(' '), options as unknown as ReadOptions),
};

async function read(path: string, words: string, options: ReadOptions): Promise<number> {
  await using source = await open(path, options);
  const expression = expressionOf(words, options);
  if (options.d > 0) return printProgram(expression, options, source);
  const filter = expression === '' ? {} : { filter: await fileFilter(expression, options, source) };
  const looking = looksInto(options) ? await dissection(options) : undefined;
  const display = looking === undefined ? {} : await displayOf(options, looking.registry);
  const sinks = await sinksOf(options, source, looking?.print);
  const progress = new Progress(source);
  using interruption = new Interruption();
  const { packets, crowdedOut } = await run({
    source,
    registry: looking?.registry,
    sinks,
    signal: interruption.signal,
    ...filter,
    ...display,
    quoted: options.verbose > 0,
    progress: () => progress.show(),
    ...(options.c === undefined ? {} : { count: options.c }),
  }).finally(() => progress.clear());
  if (interruption.happened) process.stderr.write(`${packets} packets\n`);
  if (crowdedOut > 0)
    process.stderr.write(`hooktap: ${crowdedOut} datagrams in fragments were given up for want of memory\n`);
  return 0;
}
/** Is anything asked for that takes more of a packet than its bytes, or has to be understood all the same? */
function looksInto({ count, w, print, displayFilter, T, plugin }: ReadOptions): boolean {
  const bytesOnly = count === true || (w !== undefined && print !== true);
  return !bytesOnly || displayFilter !== undefined || T !== undefined || plugin.length > 0;
}
/** The dissectors, which take most of the time of a start, and what prints. */
async function dissection(options: ReadOptions): Promise<{ registry: Registry; print: () => Promise<Sink> }> {
  const { printingSink, registryFor } = await import('./printer.ts');
  const registry = await registryFor(options);
  return { registry, print: () => printingSink(options, registry) };
}
async function open(path: string, { adapter, follow = false }: ReadOptions): Promise<CaptureSource> {
  if (adapter === undefined) return openFile(path, { follow });
  if (follow) throw new ToolError('usage', `--adapter ${adapter} knows no --follow: give one`);
  const { pcapParser } = await import('../capture/pcap-parser/source.ts');
  return pcapParser.open({ path });
}
/** `-d`: the program for the first interface of the file. */
async function printProgram(
  expression: string,
  { d, optimize }: ExpressionFlags,
  source: CaptureSource,
): Promise<number> {
  const { compileCaptureFilter } = await import('../filter/capture/compile.ts');
  const { printed } = await import('../filter/capture/print.ts');
  const { linkType = ETHERNET, snaplen = 0 } = source.ports[0] ?? {};
  const optimise = optimize !== false;
  const given = { linkType, optimise, ...(snaplen > 0 ? { snaplen } : {}) };
  tell(printed(compileCaptureFilter(expression, given).program, d));
  return 0;
}
async function sinksOf(
  options: ReadOptions,
  source: CaptureSource,
  print: (() => Promise<Sink>) | undefined,
): Promise<Sink[]> {
  if (options.count === true) {
    if (options.w !== undefined)
      throw new ToolError('usage', '--count prints a number and -w writes packets: give one');
    return [new CountSink(1)];
  }
  const sinks: Sink[] = [];
  if (options.w !== undefined) {
    const format = options.format ?? formatOf(options.w, source);
    sinks.push(new CopySink({ path: options.w, format, force: options.force === true }));
  }
  if (options.w === undefined || options.print === true) sinks.push(await print!());
  return sinks;
}
function formatOf(path: string, source: CaptureSource): FileFormat {
  if (path.endsWith('.pcapng')) return 'pcapng';
  const nanos = source.ports.some((port) => port.nanos);
  if (path.endsWith('.pcap')) return nanos ? 'nspcap' : 'pcap';
  return source.format === 'pcapng' ? 'pcapng' : nanos ? 'nspcap' : 'pcap';
}
