import { KEYS } from '../keys.ts';
import { type Line, span } from './pane.ts';
import { columnsOf } from './safe-text.ts';
import type { View, ViewName } from './view.ts';

/** From here on there is room for the names of all views. */
const WIDE = 100;
const BRIEF: Readonly<Record<ViewName, string>> = {
  overview: 'Over',
  packets: 'Pkts',
  conversations: 'Conv',
  topology: 'Topo',
  journeys: 'Jrny',
  drops: 'Drops',
};
/** The views in the upper line, each behind its key; on narrow screens only the one in front has its name in full. */
export function tabsLine(views: readonly View[], front: View, columns: number): Line {
  return views.flatMap((view) => [
    span(` ${keyOf(view)} `, 'dim'),
    span(titleOf(view, front, columns), view === front ? 'title' : 'plain'),
  ]);
}
/** The view whose name stands at a column. */
export function tabAt(column: number, views: readonly View[], front: View, columns: number): View | undefined {
  let right = 0;
  return views.find((view) => {
    right += columnsOf(` ${keyOf(view)} ${titleOf(view, front, columns)}`);
    return column < right;
  });
}
const keyOf = ({ name }: View): string => KEYS.find(({ action }) => action === name)!.keys[0]!;
const titleOf = (view: View, front: View, columns: number): string =>
  view === front || columns >= WIDE ? view.title : BRIEF[view.name];
