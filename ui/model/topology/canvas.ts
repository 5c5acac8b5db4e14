import type { Glyphs } from '../glyphs.ts';
import type { Line, Style } from '../pane.ts';
import { columnsOf } from '../safe-text.ts';

/** Which ways a line leaves a cell: bits. */
export const WAY = { up: 1, right: 2, down: 4, left: 8 } as const;
const UPRIGHT = WAY.up | WAY.down;
const LEVEL = WAY.left | WAY.right;

interface Cell {
  /** A letter; empty behind one that takes two columns. */
  text: string;
  style: Style;
  ways: number;
  /** The line that it is part of: others pass it without touching. */
  net: string;
  dashed: boolean;
}
/** How a line looks. */
export interface Pen {
  /** Lines of the same net join where they meet; others pass each other. */
  readonly net: string;
  readonly style: Style;
  readonly dashed?: boolean;
}
/** Cells that boxes, lines and texts are drawn on; it grows downwards. */
export class Canvas {
  /** Most cells stay empty. */
  private readonly rows: (Cell | undefined)[][] = [];

  constructor(
    readonly columns: number,
    private readonly glyphs: Glyphs,
  ) {}
  get height(): number {
    return this.rows.length;
  }
  private at(row: number, column: number): Cell {
    while (this.rows.length <= row) this.rows.push([]);
    const cells = this.rows[row]!;
    return (cells[column] ??= { text: ' ', style: 'plain', ways: 0, net: '', dashed: false });
  }
  /** A text that is safe to print. */
  write(row: number, column: number, spans: Line): void {
    let at = column;
    for (const { text, style } of spans) {
      for (const letter of text) {
        Object.assign(this.at(row, at++), { text: letter, style, ways: 0 });
        if (columnsOf(letter) === 2) Object.assign(this.at(row, at++), { text: '', style, ways: 0 });
      }
    }
  }
  /** A line from the middle of one cell to that of another one in the same row or column. */
  line(fromRow: number, fromColumn: number, toRow: number, toColumn: number, pen: Pen): void {
    const [down, right] = [Math.sign(toRow - fromRow), Math.sign(toColumn - fromColumn)];
    const [ahead, back] =
      down === 0
        ? right > 0
          ? [WAY.right, WAY.left]
          : [WAY.left, WAY.right]
        : down > 0
          ? [WAY.down, WAY.up]
          : [WAY.up, WAY.down];
    let [row, column] = [fromRow, fromColumn];
    while (row !== toRow || column !== toColumn) {
      this.leave(row, column, ahead, pen);
      row += down;
      column += right;
      this.leave(row, column, back, pen);
    }
  }
  private leave(row: number, column: number, way: number, { net, style, dashed = false }: Pen): void {
    const cell = this.at(row, column);
    // Two lines that have nothing to do with each other: the upright one is seen to pass over the other.
    if (cell.ways !== 0 && cell.net !== net && way !== 0) {
      if (cell.ways === UPRIGHT && (way & LEVEL) !== 0) return;
      if (cell.ways === LEVEL && (way & UPRIGHT) !== 0) cell.ways = 0;
    }
    cell.text = '';
    cell.ways |= way;
    cell.net = net;
    cell.style = style;
    cell.dashed = dashed;
  }
  /** A line begins at the border of a box, which is in the column before or behind it. */
  pin(row: number, border: number, way: number, pen: Pen): void {
    const cell = this.at(row, border);
    cell.ways |= way;
    if (pen.style === 'bad') cell.style = pen.style;
    if (way === WAY.right) this.leave(row, border + 1, WAY.left, pen);
    else this.leave(row, border - 1, WAY.right, pen);
  }
  box(row: number, column: number, rows: number, columns: number, style: Style): void {
    const pen: Pen = { net: `box ${row} ${column}`, style };
    const [bottom, right] = [row + rows - 1, column + columns - 1];
    this.line(row, column, row, right, pen);
    this.line(row, right, bottom, right, pen);
    this.line(bottom, right, bottom, column, pen);
    this.line(bottom, column, row, column, pen);
  }
  lines(): Line[] {
    return this.rows.map((row) => {
      const spans: { text: string; style: Style }[] = [];
      for (let column = 0; column < Math.min(row.length, this.columns); column++) {
        const cell = row[column];
        const [text, style] = cell === undefined ? ([' ', 'plain'] as const) : [this.letter(cell), cell.style];
        const last = spans.at(-1);
        if (last?.style === style) last.text += text;
        else spans.push({ text, style });
      }
      return spans;
    });
  }
  private letter({ text, ways, dashed }: Cell): string {
    if (ways === 0) return text;
    const letter = this.glyphs.lines[ways]!;
    return dashed ? (this.glyphs.dashes[letter] ?? letter) : letter;
  }
}
