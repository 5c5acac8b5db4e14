import { scaled } from '../../../src/topology/scaled.ts';
import { type Line, span } from '../pane.ts';
import { columnsOf, filled, safe } from '../safe-text.ts';
import type { FilePorts } from '../topology-feed.ts';

const HEAD = ['INTERFACE', 'LINK TYPE', 'PACKETS', 'BYTES'] as const;
/** Lines in front of the first interface. */
export const PORTS_FROM = 3;
const WIDEST = 60;

/** The interfaces of a file: who was joined with whom, it does not tell. */
export function portLines({ ports }: FilePorts): Line[] {
  const rows = ports.map(({ name, linkType, packets, bytes }) => [
    safe(name === '' ? '(no name)' : name),
    safe(linkType),
    packets.toLocaleString('en'),
    `${scaled(bytes)}B`,
  ]);
  const widths = HEAD.map((head, i) =>
    Math.min(WIDEST, Math.max(head.length, ...rows.map((row) => columnsOf(row[i]!)))),
  );
  const cells = (row: readonly string[]) => row.map((cell, i) => filled(cell, widths[i]!, i < 2 ? 'left' : 'right'));
  const styles = ['strong', 'dim', 'number', 'number'] as const;
  return [
    [
      span(
        'A file does not tell how devices hang together: these are the interfaces that its packets came from.',
        'dim',
      ),
    ],
    [],
    [span(cells(HEAD).join('  '), 'title')],
    ...rows.map((row) => cells(row).map((cell, i) => span(i === 0 ? cell : `  ${cell}`, styles[i]!))),
  ];
}
