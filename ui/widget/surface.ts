import type { Widgets } from 'blessed';
import { type Canvas, LOOK } from '../model/canvas.ts';
import type { Style } from '../model/pane.ts';
import type { PlacedChart } from '../model/terminal.ts';
import type { Theme } from '../theme.ts';

/** A cell as the library has it: flags (from bit 18), foreground (from bit 9) and background; and what stands there. */
type Cell = [attribute: number, letter: string];
/** Lines that are not dirty are not compared with what the terminal shows. */
type Line = Cell[] & { dirty?: boolean };
/** What the library does not declare of itself. */
type Cells = Widgets.Screen & {
  readonly lines: readonly Line[];
  readonly dattr: number;
  attrCode(code: string, current: number, plain: number): number;
};

/**
 * Puts the cells of a canvas straight into those of the screen. As the content of a box they would be written as text
 * with escapes, which the library would read again: that takes several times as long.
 */
export class Surface {
  private readonly screen: Cells;
  /** By style and look, of one theme. */
  private readonly attributes = new Map<string, number>();
  private theme: Theme | undefined;

  constructor(screen: Widgets.Screen) {
    this.screen = screen as Cells;
  }
  /** Others when nothing that was drawn is there any more. */
  get cells(): readonly Line[] {
    return this.screen.lines;
  }
  /** All but where charts are, which draw themselves. */
  paint(canvas: Canvas, theme: Theme, charts: readonly PlacedChart[]): void {
    if (this.theme !== theme) this.attributes.clear();
    this.theme = theme;
    const attributes = canvas.looks.map(({ style, look }) => this.attribute(style, look, theme));
    const inOrder = charts.toSorted((a, b) => a.left - b.left);
    const rows = Math.min(this.cells.length, canvas.size.rows);
    for (let row = 0; row < rows; row++) {
      let from = 0;
      for (const { left, top, columns, rows: high } of inOrder) {
        if (row < top || row >= top + high) continue;
        this.run(canvas, row, from, left, attributes);
        from = left + columns;
      }
      this.run(canvas, row, from, canvas.size.columns, attributes);
    }
  }
  private run({ letters, codes, size }: Canvas, row: number, from: number, to: number, attributes: readonly number[]) {
    const line = this.cells[row]!;
    const end = Math.min(to, line.length);
    for (let x = from, at = row * size.columns + from; x < end; x++, at++) {
      const cell = line[x]!;
      const attribute = attributes[codes[at]!]!;
      // The library passes over what stands behind a wide letter.
      const letter = letters[at] || ' ';
      if (cell[0] === attribute && cell[1] === letter) continue;
      cell[0] = attribute;
      cell[1] = letter;
      line.dirty = true;
    }
  }
  private attribute(style: Style, look: number, theme: Theme): number {
    const name = `${style} ${look}`;
    const known = this.attributes.get(name);
    if (known !== undefined) return known;
    const { dattr } = this.screen;
    const selection = look === LOOK.selected ? theme.selected : look === LOOK.none ? '' : theme.selectedAway;
    const code = [theme.styles[style], selection].filter((each) => each !== '').join(';');
    const made = code === '' ? dattr : this.screen.attrCode(`\x1b[${code}m`, dattr, dattr);
    this.attributes.set(name, made);
    return made;
  }
}
