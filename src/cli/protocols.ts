import { protocols } from '../../dissectors/index.ts';
import type { Protocol } from '../dissect/protocol.ts';
import { ToolError } from '../error.ts';
import { tell } from '../format/destination.ts';
import type { CommandSpec } from './command.ts';
import { FIELD_HEAD, fieldRows, placesOf } from './field-table.ts';

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
    tell(args[0] === undefined ? list() : table(find(args[0])));
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
function table(p: Protocol): string {
  const places = placesOf(p).map((place) => `  found in ${place}\n`);
  return `${p.name}: ${p.title} (${p.source})\n${places.join('')}\n${columns([FIELD_HEAD, ...fieldRows(p)])}`;
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
