import { inside, type Line, type Pane, type Size } from '../../ui/model/pane.ts';
import { columnsOf, filled } from '../../ui/model/safe-text.ts';

export const SIZES: readonly Size[] = [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 300, rows: 100 },
];
export const text = (line: Line): string => line.map((span) => span.text).join('');

/** Panes as a terminal would show them, without colours. */
export function screen(panes: readonly Pane[], { columns, rows }: Size): string {
  const canvas = Array.from({ length: rows }, () => ' '.repeat(columns));
  const put = (row: number, column: number, piece: string) => {
    const line = canvas[row]!;
    canvas[row] = columnsUpTo(line, column) + piece + columnsFrom(line, column + columnsOf(piece));
  };
  for (const pane of panes) {
    const { left, top } = pane;
    const room = inside(pane);
    const edge = (label: string) =>
      `${label === '' ? '' : ` ${label} `}`.padEnd(room.columns, '─').slice(0, room.columns);
    put(top, left, `╭${edge(pane.title)}╮`);
    for (let i = 0; i < room.rows; i++) {
      const mark = pane.selected === i ? '▐' : '│';
      put(top + 1 + i, left, `${mark}${filled(text(pane.lines[i] ?? []), room.columns)}│`);
    }
    put(top + pane.rows - 1, left, `╰${edge(pane.note ?? '')}╯`);
  }
  return `${canvas.map((line) => line.trimEnd()).join('\n')}\n`;
}
/** The same for a file: what only repeats the line before is counted. */
export function golden(panes: readonly Pane[], size: Size): string {
  const lines: string[] = [];
  let times = 1;
  for (const line of [...screen(panes, size).trimEnd().split('\n'), '']) {
    if (line === lines.at(-1)) times++;
    else {
      if (times > 1) lines.push(`... ${times} times`);
      lines.push(line);
      times = 1;
    }
  }
  return lines.join('\n');
}
function columnsUpTo(line: string, columns: number): string {
  let kept = '';
  for (const letter of line) {
    if (columnsOf(kept + letter) > columns) break;
    kept += letter;
  }
  return kept;
}
const columnsFrom = (line: string, columns: number): string => line.slice(columnsUpTo(line, columns).length);

/** The words of the screen that have a style. */
export const styled = (panes: readonly Pane[], style: string): string[] =>
  panes.flatMap(({ lines }) =>
    lines.flatMap((line) => line.filter((span) => span.style === style).map((span) => span.text)),
  );
