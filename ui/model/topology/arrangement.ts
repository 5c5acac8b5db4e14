import type { Box } from './boxes.ts';
import { Group } from './group.ts';
import { layersOf } from './layers.ts';
import { type Placed, place } from './placed.ts';
import type { Drawn } from './routing.ts';
import type { Wire } from './wires.ts';

/** Boxes in columns, and what runs between them. */
export interface Arrangement {
  readonly placed: readonly Placed[];
  readonly drawn: readonly Drawn[];
  readonly columns: number;
}
/** Groups below each other, then what hangs on nothing, as many in a row as fit. */
export function arrange(boxes: readonly Box[], wires: readonly Wire[], columns: number, labels: boolean): Arrangement {
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const groups = layersOf([...byId.keys()], wires, boxes.find(({ own }) => own)?.id);
  const placed: Placed[] = [];
  const drawn: Drawn[] = [];
  let [bottom, widest] = [0, 0];
  for (const layers of groups.filter((each) => each.length > 1)) {
    const some = layers.map((ids) => ids.map((id) => byId.get(id)!));
    const group = new Group(some, wires, labels, columns);
    for (const each of group.placed) each.row += bottom;
    for (const each of group.drawn) {
      each.fromRow += bottom;
      each.toRow += bottom;
    }
    placed.push(...group.placed);
    drawn.push(...group.drawn);
    bottom = Math.max(...group.placed.map(({ row, rows }) => row + rows));
    widest = Math.max(widest, group.columns);
  }
  const single = groups.filter((each) => each.length === 1).map((layers) => byId.get(layers[0]![0]!)!);
  for (const each of flowed(single, bottom, columns)) {
    placed.push(each);
    widest = Math.max(widest, each.column + each.columns);
  }
  return { placed, drawn, columns: widest };
}
function* flowed(boxes: readonly Box[], from: number, columns: number): Generator<Placed> {
  let [row, column, tallest] = [from, 0, 0];
  for (const box of boxes) {
    const placed = place(box);
    if (column > 0 && column + placed.columns > columns) {
      row += tallest;
      [column, tallest] = [0, 0];
    }
    placed.row = row;
    placed.column = column;
    yield placed;
    column += placed.columns + 1;
    tallest = Math.max(tallest, placed.rows);
  }
}
