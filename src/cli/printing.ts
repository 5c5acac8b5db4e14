import { ToolError } from '../error.ts';
import type { OptionSpec } from './command.ts';
import type { TextFlags } from './text-options.ts';

/** The shapes that packets are printed in; another value of `-T` names a protocol, as in tcpdump. */
export const SHAPES = ['text', 'tree', 'json', 'fields'] as const;
export type Shape = (typeof SHAPES)[number];

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

/** The options that change what a line says: tcpdump's, for every command that prints lines. */
const TEXT_OPTIONS: readonly OptionSpec[] = [
  { flags: '-#, --number', about: 'number the packets' },
  { flags: '-e', about: 'print the link-level header, too' },
  {
    flags: '-t',
    about:
      'no time; -tt seconds since 1970; -ttt since the line before; -tttt date and time; -ttttt since the first line',
    counted: true,
  },
  { flags: '-q', about: 'shorter lines', counted: true },
  { flags: '-v, --verbose', about: 'say more; up to -vvv', counted: true },
  { flags: '-S, --absolute-tcp-sequence-numbers', about: "TCP's own numbers instead of relative ones" },
  { flags: '-K, --dont-verify-checksums', about: 'do not verify checksums' },
  { flags: '-x', about: 'packet bytes in hexadecimal; -xx with the link-level header', counted: true },
  { flags: '-X', about: 'packet bytes in hexadecimal and as text; -XX with the link-level header', counted: true },
  { flags: '-A', about: 'packet bytes as text; -AA with the link-level header', counted: true },
  { flags: '--nano', about: 'nine digits of a second' },
  { flags: '--micro', about: 'six digits of a second' },
  { flags: '--time-stamp-precision <precision>', about: 'micro or nano', choices: ['micro', 'nano'] },
  { flags: '-n', about: 'names are never looked up', counted: true, silent: true },
  { flags: '-l', about: 'lines are never held back', silent: true },
  { flags: '-U, --packet-buffered', about: 'packets are never held back', silent: true },
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
export function shapeOf({ T, V }: PrintingFlags): Shape {
  const shape = SHAPES.find((name) => name === T);
  if (V === true && shape !== undefined && shape !== 'tree')
    throw new ToolError('usage', `-V prints a tree and -T ${T} does not: give one`);
  return V === true ? 'tree' : (shape ?? 'text');
}
