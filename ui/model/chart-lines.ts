import { type Chart, type Line, type Size, span } from './pane.ts';
import { filled } from './safe-text.ts';

const AXIS = 7;

/** A chart in letters of ASCII, the sum of its curves as columns: for terminals that have no dots to draw with. */
export function chartLines({ curves, from, to, format }: Chart, { columns, rows }: Size): Line[] {
  const width = Math.max(1, columns - AXIS - 1);
  const count = Math.max(0, ...curves.map(({ values }) => values.length));
  // Each column stands for the greatest of its moments.
  const sums = Array.from({ length: count === 0 ? 0 : width }, (_, column) => {
    const from = Math.floor((column * count) / width);
    const to = Math.max(from + 1, Math.floor(((column + 1) * count) / width));
    let most = 0;
    for (let i = from; i < to; i++)
      most = Math.max(
        most,
        curves.reduce((sum, { values }) => sum + (values[i] ?? 0), 0),
      );
    return most;
  });
  const most = Math.max(1, ...sums);
  const height = Math.max(1, rows - 1);
  const lines: Line[] = [];
  for (let row = 0; row < height; row++) {
    const least = (most * (height - row - 0.5)) / height;
    const label = row === 0 ? format(most) : row === height - 1 ? format(0) : '';
    const bars = sums.map((sum) => (sum >= least ? '#' : ' ')).join('');
    lines.push([span(`${filled(label, AXIS, 'right')}|`, 'dim'), span(bars, 'good')]);
  }
  const axis = from + ' '.repeat(Math.max(1, width - from.length - to.length)) + to;
  return [...lines, [span(`${' '.repeat(AXIS + 1)}${axis}`, 'dim')]];
}

/** Each curve's name and last value, in its colour. */
export const legend = ({ curves, format }: Chart): Line =>
  curves.flatMap(({ label, style, values }) => [span(`${label} ${format(values.at(-1) ?? 0)}`, style), span('  ')]);
