import type { Registry } from '../dissect/registry.ts';
import { ToolError } from '../error.ts';
import { standardOutput } from '../format/destination.ts';
import { FIELDS_DEFAULT, type FieldsOptions, FieldsSink } from '../sink/fields.ts';
import type { Sink } from '../sink/sink.ts';
import type { PrintingFlags } from './printing.ts';

/** `-T fields`, with what `-e` and `-E` say of it. */
export function fieldsSink(flags: PrintingFlags, registry: Registry): Sink {
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
