import type { Protocol } from '../dissect/protocol.ts';
import { Registry } from '../dissect/registry.ts';
import { ToolError } from '../error.ts';
import { standardOutput } from '../format/destination.ts';
import { FIELDS_DEFAULT, type FieldsOptions, FieldsSink } from '../sink/fields.ts';
import { JsonSink } from '../sink/json.ts';
import type { Sink } from '../sink/sink.ts';
import { TextSink } from '../sink/text.ts';
import { TreeSink } from '../sink/tree.ts';
import type { OptionSpec } from './command.ts';
import { TEXT_OPTIONS, type TextFlags, textOptions } from './text-options.ts';

/** The shapes that packets are printed in; another value of `-T` names a protocol, as in tcpdump. */
const SHAPES = ['text', 'tree', 'json', 'fields'] as const;
type Shape = (typeof SHAPES)[number];

/** What the arguments parser makes of {@link printingOptions}. */
export interface PrintingFlags extends Omit<TextFlags, 'e'> {
  readonly T?: string;
  readonly V?: boolean;
  /** Names of fields with `-T fields`, elsewhere the link-level header. */
  readonly e?: boolean | readonly string[];
  readonly E?: readonly string[];
  readonly plugin: readonly string[];
}

const COMMON: readonly OptionSpec[] = [
  {
    flags: '-T <shape>',
    about: 'text, tree, json, or fields (with -e); any other: read payloads of UDP as that protocol',
  },
  { flags: '-V', about: 'as -T tree: every field with its place in the packet; -x adds the bytes, layer by layer' },
];
const PLUGINS: OptionSpec = {
  flags: '--plugin <file>',
  about: 'a file with dissectors of your own (docs/plugins.md); may be repeated',
  repeated: true,
};
const FIELDS: readonly OptionSpec[] = [
  { flags: '-e <field>', about: 'a field to print, by the name that filters use; may be repeated', repeated: true },
  {
    flags: '-E <setting>',
    about: 'header=y, separator=C, aggregator=C, occurrence=f|l|a, quote=d|s|n; may be repeated',
    repeated: true,
  },
];

/** The options that say how packets are printed, for every command that prints them. */
export const printingOptions = (argv: readonly string[]): readonly OptionSpec[] =>
  wantsFields(argv)
    ? [...COMMON, ...FIELDS, PLUGINS, ...TEXT_OPTIONS.filter(({ flags }) => flags !== '-e')]
    : [...COMMON, PLUGINS, ...TEXT_OPTIONS];
/** Is it `-T fields`? */
export function wantsFields(argv: readonly string[]): boolean {
  return argv.some((arg, i) => arg === '-Tfields' || (arg === 'fields' && argv[i - 1] === '-T'));
}
function shapeOf({ T, V }: PrintingFlags): Shape {
  const shape = SHAPES.find((name) => name === T);
  if (V === true && shape !== undefined && shape !== 'tree')
    throw new ToolError('usage', `-V prints a tree and -T ${T} does not: give one`);
  return V === true ? 'tree' : (shape ?? 'text');
}

/** The registry that reads the packets: with `-T PROTOCOL` one that has UDP's payloads read as told. */
export async function registryFor({ T, plugin }: PrintingFlags, protocols: readonly Protocol[]): Promise<Registry> {
  const registry = plugin.length === 0 ? new Registry(protocols) : await extended(protocols, plugin);
  if (T === undefined || SHAPES.some((name) => name === T)) return registry;
  const name = T === 'domain' ? 'dns' : T;
  const protocol = registry.protocols[registry.id(name)];
  const bound = Object.keys(protocol?.on ?? {}).filter((table) => table === 'udp.port' || table === 'tcp.port');
  if (protocol === undefined || !(bound.includes('udp.port') || protocol.guess?.in.includes('udp.port')))
    throw new ToolError(
      'usage',
      `-T ${T}: neither a shape (${SHAPES.join(', ')}) nor a protocol that UDP carries`,
      'hooktap protocols',
    );
  return registry.decodeAll('udp.port', name);
}
/** Loaded only for those who have plug-ins. */
async function extended(protocols: readonly Protocol[], paths: readonly string[]): Promise<Registry> {
  const { withPlugins } = await import('./plugins.ts');
  return withPlugins(protocols, paths);
}
/** Where printed packets go. */
export function printingSink(flags: PrintingFlags, registry: Registry, devices = false): Sink {
  const shape = shapeOf(flags);
  const checks = flags.dontVerifyChecksums !== true;
  if (shape === 'json') return new JsonSink(standardOutput(), checks);
  if (shape === 'tree') return new TreeSink(standardOutput(), flags.x + flags.X > 0, checks);
  if (shape === 'fields') return fieldsSink(flags, registry);
  return new TextSink(standardOutput(), {
    ...textOptions({ ...flags, e: flags.e === true }),
    ...(devices ? { devices } : {}),
  });
}
function fieldsSink(flags: PrintingFlags, registry: Registry): Sink {
  const names = Array.isArray(flags.e) ? (flags.e as readonly string[]) : [];
  if (names.length === 0)
    throw new ToolError('usage', '-T fields prints the fields that -e names', '-T fields -e frame.number -e ip.src');
  return new FieldsSink(standardOutput(), names, registry, fieldsOptions(flags.E ?? []));
}
const OCCURRENCES: Readonly<Record<string, FieldsOptions['occurrence']>> = { f: 'first', l: 'last', a: 'all' };
const QUOTES: Readonly<Record<string, FieldsOptions['quote']>> = { d: '"', s: "'", n: '' };
/** tshark's letters for what a shell makes hard to write. */
const CHARACTERS: Readonly<Record<string, string>> = { '/t': '\t', '/s': ' ' };
function fieldsOptions(settings: readonly string[]): FieldsOptions {
  let options = FIELDS_DEFAULT;
  for (const setting of settings) {
    const [, name = '', value = ''] = /^(\w+)=(.*)$/s.exec(setting) ?? [];
    const change = changeOf(name, value);
    if (change === undefined)
      throw new ToolError('usage', `-E ${setting} is not known`, 'hooktap read -T fields --help');
    options = { ...options, ...change };
  }
  return options;
}
function changeOf(name: string, value: string): Partial<FieldsOptions> | undefined {
  const character = CHARACTERS[value] ?? ([...value].length === 1 ? value : undefined);
  const occurrence = OCCURRENCES[value];
  const quote = QUOTES[value];
  if (name === 'header' && /^[yn]$/.test(value)) return { header: value === 'y' };
  if (name === 'separator' && character !== undefined) return { separator: character };
  if (name === 'aggregator' && character !== undefined) return { aggregator: character };
  if (name === 'occurrence' && occurrence !== undefined) return { occurrence };
  if (name === 'quote' && quote !== undefined) return { quote };
  return undefined;
}
