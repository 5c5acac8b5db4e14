import { columnsOf } from '../safe-text.ts';
import type { Box } from './boxes.ts';

/** Where a box stands: its upper left corner, and its outer size. */
export interface Placed {
  readonly box: Box;
  row: number;
  column: number;
  columns: number;
  readonly rows: number;
}
/** Corners, and a space on both sides of what stands in the border. */
const AROUND_TITLE = 4;
/** Borders, and a space before what stands in the box; behind it, it has its own. */
const AROUND_ROW = 3;

export function place(box: Box): Placed {
  const columns = Math.max(
    ...[box.title, foldedText(box)].map((text) => columnsOf(text) + AROUND_TITLE),
    ...box.rows.map(({ spans }) => spans.reduce((sum, { text }) => sum + columnsOf(text), AROUND_ROW)),
  );
  return { box, row: 0, column: 0, columns, rows: box.rows.length + 2 };
}
/** The devices that have no line of their own. */
export const foldedText = ({ folded }: Box): string => (folded.length === 0 ? '' : `+${folded.length} quiet`);
