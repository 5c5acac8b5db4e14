import { protocols } from '../../dissectors/index.ts';
import { Registry } from '../dissect/registry.ts';
import { ToolError } from '../error.ts';
import { standardOutput } from '../format/destination.ts';
import { FIELDS_DEFAULT, type FieldsOptions, FieldsSink } from '../sink/fields.ts';
import { JsonSink } from '../sink/json.ts';
import type { Sink } from '../sink/sink.ts';
import { TextSink } from '../sink/text.ts';
import { TreeSink } from '../sink/tree.ts';
import { type PrintingFlags, SHAPES, shapeOf } from './printing.ts';
import { textOptions } from './text-options.ts';

/** The registry that reads the packets: with `-T PROTOCOL` one that has UDP's payloads read as told. */
export async function registryFor({ T, plugin }: PrintingFlags): Promise<Registry> {
  const registry = plugin.length === 0 ? new Registry(protocols) : await extended(plugin);
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
async function extended(paths: readonly string[]): Promise<Registry> {
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
