/** A protocol's declaration as rows for people: the command and docs/protocols.md print the same. */
import type { Field } from '../bytes/field.ts';
import type { Computed, Protocol } from '../dissect/protocol.ts';

export const FIELD_HEAD = ['field', 'at', 'type', 'unit', 'meaning', 'values'] as const;

/** Every field: where it is in bytes from the layer's start, how it is read, what its values are called. */
export function fieldRows({ fields, computed }: Protocol): string[][] {
  return [...fields.map(fieldRow), ...(computed ?? []).map(computedRow)];
}
function fieldRow({ name, distance, size, spec }: Field): string[] {
  const { kind, part, label, unit, names, base } = spec;
  const type =
    part === undefined ? typeName(kind.name, kind.size, size) : `bits 0x${part.mask.toString(16)} of ${part.of}`;
  const place = distance < 0 ? '' : String(distance);
  return [name, place, base === 'hex' && part === undefined ? `${type}, hex` : type, unit ?? '', label, values(names)];
}
/** Runs of bytes tell how many. */
const typeName = (name: string, kindSize: number, size: number): string =>
  name === 'bytes' && kindSize > 0 ? `${size} bytes` : name;
const computedRow = ({ name, type, unit, label, names }: Computed): string[] => [
  name,
  '',
  `${type}, worked out`,
  unit ?? '',
  label,
  values(names),
];
const SHOWN = 4;
function values(names: Readonly<Record<number, string>> | undefined): string {
  if (names === undefined) return '';
  const all = Object.entries(names);
  const some = all.slice(0, SHOWN).map(([value, name]) => `${value} ${name}`);
  return all.length > SHOWN ? `${some.join(', ')}, … (${all.length})` : some.join(', ');
}
/** Where it is found: `udp.port 4789, 8472`. */
export function placesOf({ on, guess }: Protocol): string[] {
  const bound = Object.entries(on).map(([table, keys]) => `${table} ${[keys].flat().join(', ')}`);
  return [...bound, ...(guess?.in ?? []).map((table) => `${table}, by its look`)];
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '\\<');
const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
/** docs/protocols.md, whole. */
export function protocolsPage(protocols: readonly Protocol[]): string {
  const sorted = protocols.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const list = sorted.map((p) => row([`[${p.name}](#${anchor(p)})`, p.title, p.source]));
  return [
    '# Protocols',
    '',
    '<!-- Written by `npm run docs` from the declarations in dissectors/; a test holds it fresh. -->',
    '',
    `${sorted.length} protocols and their fields, under the names that \`-e\`, JSON and filters use. Fields without a place in "at"`,
    'stand wherever the packet has them, and may stand there more than once.',
    '',
    '| protocol | | defined in |',
    '|---|---|---|',
    ...list,
    ...sorted.flatMap(section),
    '',
  ].join('\n');
}
const anchor = ({ name }: Protocol): string => name.replaceAll(/[^\w-]/g, '');
function section(protocol: Protocol): string[] {
  const { name, title, source } = protocol;
  const rows = fieldRows(protocol);
  const places = placesOf(protocol);
  return [
    '',
    `## ${name}`,
    '',
    `${title} (${source}).${places.length > 0 ? ` Found in: ${places.join('; ')}.` : ''}`,
    ...(rows.length > 0 ? ['', row(FIELD_HEAD), '|---|---|---|---|---|---|', ...rows.map(row)] : []),
  ];
}
