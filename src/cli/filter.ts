import { protocols } from '../../dissectors/index.ts';
import { openFile } from '../capture/file.ts';
import type { CaptureSource } from '../capture/source.ts';
import { PLAIN } from '../dissect/line.ts';
import { Registry } from '../dissect/registry.ts';
import { ToolError } from '../error.ts';
import { type CaptureFilter, compileCaptureFilter } from '../filter/capture/compile.ts';
import { listing } from '../filter/capture/print.ts';
import { compileDisplayFilter, type DisplayFilter } from '../filter/display/compile.ts';
import { tell } from '../format/destination.ts';
import { Output } from '../format/output.ts';
import { displayed } from '../format/shell.ts';
import { run, type SessionOptions } from '../session.ts';
import { NEEDS } from '../sink/sink.ts';
import { TextSink } from '../sink/text.ts';
import { TIME } from '../sink/time.ts';
import type { CommandSpec } from './command.ts';
import { packaged } from './package.ts';

/** LINKTYPE_ETHERNET. */
const ETHERNET = 1;
const SAMPLES = packaged('fixtures', 'samples.pcap');
/** Packets shown for each language. */
const SHOWN = 5;

export const command: CommandSpec = {
  name: 'filter',
  about: "Explains a filter: which language it is, tcpdump's or Wireshark's, what it compiles to, and what it matches.",
  arguments: [['<expression...>', 'the filter; quote it, as the shell has uses for ( ) & | > and !']],
  options: [{ flags: '-r <file>', about: 'try it on the packets of a file; on some usual ones unless given' }],
  examples: [
    ["hooktap filter 'tcp port 443 and host 192.0.2.1'", 'for capture, read and trace'],
    ["hooktap filter 'tcp.port == 443 and ip.addr == 192.0.2.1'", 'for read -Y'],
    ["hooktap filter -r trace.pcapng 'vlan and icmp'", 'how many packets of a file it matches'],
  ],
  run: (words, { r: file }) => explain(words.join(' '), (file as string | undefined) ?? SAMPLES),
};

/** One of the two languages, and the filter in it or why it is none. */
interface Reading<Filter> {
  readonly filter?: Filter;
  readonly error?: ToolError;
}
async function explain(text: string, path: string): Promise<number> {
  const registry = new Registry(protocols);
  const linkType = await linkTypeOf(path);
  const capture = reading(() => compileCaptureFilter(text, { linkType }));
  const display = reading(() => compileDisplayFilter(text, registry));
  if (capture.filter === undefined && display.filter === undefined) throw neither(capture.error!, display.error!);
  if (capture.filter !== undefined) await explainCapture(capture.filter, path, registry);
  if (capture.filter !== undefined && display.filter !== undefined) tell('\n');
  if (display.filter !== undefined) await explainDisplay(display.filter, path, registry);
  if (capture.error !== undefined) not('a capture filter', capture.error);
  if (display.error !== undefined) not('a display filter', display.error);
  return 0;
}
function reading<Filter>(compile: () => Filter): Reading<Filter> {
  try {
    return { filter: compile() };
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    return { error };
  }
}
/** It is told in both languages what is wrong: only who typed it knows which was meant. */
function neither(capture: ToolError, display: ToolError): ToolError {
  const hints = [capture.hint, display.hint].filter((hint) => hint !== undefined);
  const hint = hints.length > 0 ? [...new Set(hints)].join(', ') : 'hooktap filter --help';
  return new ToolError('bad-filter', `${capture.message}\n${display.message}`, hint);
}
function not(what: string, { message }: ToolError): void {
  const lines = message.split('\n').map(displayed).join('\n  ');
  tell(`\nIt is not ${what}:\n  ${lines}\n`);
}

async function explainCapture({ program, matches }: CaptureFilter, path: string, registry: Registry): Promise<void> {
  const count = `${program.length} instruction${program.length === 1 ? '' : 's'}`;
  tell("A capture filter, in tcpdump's language: hooktap capture, read or trace with this as the expression.\n");
  tell(`As a program of classic BPF, ${count}:\n${listing(program).replace(/^/gm, '  ').trimEnd()}\n`);
  await tryOn(path, registry, { filter: () => matches });
}
async function explainDisplay(
  { matches, flow, fields }: DisplayFilter,
  path: string,
  registry: Registry,
): Promise<void> {
  tell("A display filter, in Wireshark's language: hooktap read FILE -Y with this.\n");
  if (fields.length > 0) tell(`It asks for: ${fields.join(', ')}\n`);
  await tryOn(path, registry, { display: { matches, needs: flow ? NEEDS.streams : NEEDS.layers } });
}
async function tryOn(path: string, registry: Registry, filter: Partial<SessionOptions>): Promise<void> {
  const all = await counted(path, registry, {});
  const some = await counted(path, registry, filter);
  const kind = path === SAMPLES ? 'sample packets' : `packets of ${displayed(path)}`;
  tell(`It matches ${some} of ${all} ${kind}${some > SHOWN ? `; the first ${SHOWN}` : ''}${some > 0 ? ':' : '.'}\n`);
  if (some === 0) return;
  await using source = await openFile(path);
  // The standard output of a sink is closed when that ends, and there is more to say.
  const output = new Output({
    waits: false,
    write: (parts) => {
      for (const part of parts) tell(part);
    },
    close: () => {},
  });
  const sink = new TextSink(output, {
    ...PLAIN,
    numbers: false,
    time: TIME.none,
    nanoseconds: false,
    hex: 0,
    hexAscii: 0,
    ascii: 0,
  });
  await run({ source, registry, sinks: [sink], count: SHOWN, ...filter });
}
async function counted(path: string, registry: Registry, filter: Partial<SessionOptions>): Promise<number> {
  await using source = await openFile(path);
  return (await run({ source, registry, sinks: [], ...filter })).packets;
}
async function linkTypeOf(path: string): Promise<number> {
  await using source: CaptureSource = await openFile(path);
  return source.ports[0]?.linkType ?? ETHERNET;
}
