import { rowsOf } from '../keys.ts';
import { type Line, type Pane, type Size, span } from './pane.ts';
import { filled } from './safe-text.ts';
import type { View, ViewName } from './view.ts';

/** The keys of a view, on top of it: made of the key table. */
export function helpPane(view: View, top: number, size: Size): Pane {
  const lines: Line[] = rowsOf(view.name).map(({ keys, about, views }) => [
    span(` ${filled(keys.join(', '), 18)}`, views === undefined ? 'strong' : 'title'),
    span(about),
  ]);
  const columns = Math.min(size.columns, 80);
  const height = Math.min(size.rows, lines.length + 2);
  const first = Math.max(0, Math.min(top, lines.length - height + 2));
  return {
    id: 'help',
    title: `Keys: ${view.title}`,
    note: height < lines.length + 2 ? 'arrows scroll, any other key closes' : 'any key closes',
    left: (size.columns - columns) >> 1,
    top: (size.rows - height) >> 1,
    columns,
    rows: height,
    focused: true,
    lines: lines.slice(first, first + height - 2),
  };
}
/** Lines of it, when there is room for all. */
export const helpLength = ({ name }: View): number => rowsOf(name).length;

/** The lower line: the keys that one needs first, as many as there is room for. */
export function keyHints(view: ViewName, columns: number): Line {
  let left = columns;
  return rowsOf(view).flatMap(({ keys, short }) => {
    const hint = [span(` ${keys[0]} `, 'title'), span(`${short} `, 'dim')];
    const width = hint.reduce((sum, { text }) => sum + text.length, 0);
    if (short === undefined || width > left) return [];
    left -= width;
    return hint;
  });
}
