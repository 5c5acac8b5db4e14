import { protocols } from '../../dissectors/index.ts';
import type { Protocol } from '../dissect/protocol.ts';
import { ToolError } from '../error.ts';
import type { CommandSpec } from './command.ts';

export const command: CommandSpec = {
  name: 'protocols',
  about: 'Lists what can be dissected, or the fields of one protocol.',
  arguments: [['[name]', 'a protocol, by the name that filters use']],
  options: [],
  examples: [
    ['hooktap protocols', 'all of them'],
    ['hooktap protocols tcp', 'the fields of TCP'],
  ],
  async run(args) {
    process.stdout.write(args[0] === undefined ? list() : table(find(args[0])));
    return 0;
  },
};
function find(name: string): Protocol {
  const found = protocols.find((p) => p.name === name.toLowerCase());
  if (found === undefined)
    throw new ToolError('unknown-protocol', `no protocol is called "${name}"`, 'hooktap protocols');
  return found;
}
function list(): string {
  return columns(protocols.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map((p) => [p.name, p.title, p.source]));
}
/** Every field: where it is, how it is read, what its values are called. All of it comes from the declaration. */
function table(p: Protocol): string {
  const places = Object.entries(p.on).map(([name, keys]) => `  found in ${name} under ${[keys].flat().join(', ')}\n`);
  const rows = p.fields.map((f) => {
    const { kind, part, label, unit, names } = f.spec;
    const place = f.distance < 0 ? '' : String(f.distance);
    const type = part === undefined ? kind.name : `0x${part.mask.toString(16)} of ${part.of}`;
    return [f.name, place, type, unit === undefined ? label : `${label} (${unit})`, values(names)];
  });
  const head = ['field', 'at', 'type', 'meaning', 'values'];
  return `${p.name}: ${p.title} (${p.source})\n${places.join('')}\n${columns([head, ...rows])}`;
}
const SHOWN = 4;
function values(names: Readonly<Record<number, string>> | undefined): string {
  if (names === undefined) return '';
  const all = Object.entries(names);
  const some = all.slice(0, SHOWN).map(([value, name]) => `${value} ${name}`);
  return all.length > SHOWN ? `${some.join(', ')}, … (${all.length})` : some.join(', ');
}
function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, i) => cell.padEnd(widths[i]!))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
