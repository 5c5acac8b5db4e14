import type { Line, Pane, Size, Style } from './pane.ts';
import { columnsOf, isAscii } from './safe-text.ts';

/** How a cell looks, besides its style. */
export const LOOK = { none: 0, selected: 1, selectedAway: 2 } as const;
const LOOKS = 3;
export interface Look {
  readonly style: Style;
  /** Of {@link LOOK}. */
  readonly look: number;
}

/** With what frames are drawn. */
export interface Strokes {
  readonly horizontal: string;
  readonly vertical: string;
  readonly corners: readonly [topLeft: string, topRight: string, bottomLeft: string, bottomRight: string];
}
export const STROKES: Readonly<Record<'unicode' | 'ascii', Strokes>> = {
  unicode: { horizontal: '─', vertical: '│', corners: ['┌', '┐', '└', '┘'] },
  ascii: { horizontal: '-', vertical: '|', corners: ['+', '+', '+', '+'] },
};

/** The screen as cells: what is drawn last lies on top, and nothing leaves the part that it belongs to. */
export class Canvas {
  /** Row by row, a letter each; empty behind a wide one. */
  readonly letters: string[];
  /** How each cell looks: a place in {@link looks}. */
  readonly codes: Uint8Array;
  private readonly names: Style[] = ['plain'];

  constructor(
    readonly size: Size,
    private readonly strokes: Strokes,
  ) {
    this.letters = new Array<string>(size.columns * size.rows).fill(' ');
    this.codes = new Uint8Array(size.columns * size.rows);
  }
  /** Writes what fits between the columns `left` and `right` of a row. */
  line(line: Line, row: number, left: number, right: number, look: number = LOOK.none): void {
    const { columns, rows } = this.size;
    if (row < 0 || row >= rows) return;
    const start = row * columns;
    const end = start + Math.min(right, columns);
    let at = start + left;
    for (const { text, style } of line) {
      const code = this.codeOf(style, look);
      if (isAscii(text)) at = this.narrow(text, at, end, code);
      else at = this.any(text, at, end, code);
    }
    if (look !== LOOK.none && at < end) this.narrow(' '.repeat(end - at), at, end, this.codeOf('plain', look));
  }
  /** Puts letters of one column each as far as they fit; returns where it ended. */
  private narrow(text: string, at: number, end: number, code: number): number {
    const { letters, codes } = this;
    const count = Math.min(text.length, end - at);
    if (count <= 0) return at;
    // Half of a wide letter would move all that follows.
    if (letters[at] === '') letters[at - 1] = ' ';
    if (letters[at + count] === '') letters[at + count] = ' ';
    for (let i = 0; i < count; i++) letters[at + i] = text[i]!;
    codes.fill(code, at, at + count);
    return at + count;
  }
  private any(text: string, from: number, end: number, code: number): number {
    let at = from;
    for (const letter of text) {
      const width = columnsOf(letter);
      // What follows would stand where the letter should.
      if (at + width > end) return end;
      this.put(at, letter, code);
      if (width === 2) this.put(at + 1, '', code);
      at += width;
    }
    return at;
  }
  private put(at: number, letter: string, code: number): void {
    const { letters, codes } = this;
    // Half of a wide letter would move all that follows.
    if (letters[at] === '' && letter !== '' && at > 0) letters[at - 1] = ' ';
    if (letter !== '' && letters[at + 1] === '' && columnsOf(letters[at]!) === 2) letters[at + 1] = ' ';
    letters[at] = letter;
    codes[at] = code;
  }
  private codeOf(style: Style, look: number): number {
    let index = this.names.indexOf(style);
    if (index < 0) index = this.names.push(style) - 1;
    return index * LOOKS + look;
  }
  /** A frame with its title and its note, and the lines inside, over whatever was there. */
  pane(pane: Pane): void {
    const { left, top, columns, rows, title, note, focused } = pane;
    if (columns < 2 || rows < 2) return;
    const { horizontal, vertical, corners } = this.strokes;
    const style: Style = focused ? 'title' : 'dim';
    const right = left + columns;
    const edge = (row: number, from: string, to: string) =>
      this.line([{ text: from + horizontal.repeat(columns - 2) + to, style }], row, left, right);
    edge(top, corners[0], corners[1]);
    edge(top + rows - 1, corners[2], corners[3]);
    for (let row = top + 1; row < top + rows - 1; row++) {
      this.line([{ text: vertical + ' '.repeat(columns - 2) + vertical, style }], row, left, right);
    }
    if (title !== '') this.line([{ text: ` ${title} `, style: focused ? 'title' : 'plain' }], top, left + 2, right - 1);
    if (note !== undefined && note !== '') {
      const at = Math.max(left + 1, right - 3 - columnsOf(note));
      this.line([{ text: ` ${note} `, style: 'dim' }], top + rows - 1, at, right - 1);
    }
    const look = focused ? LOOK.selected : LOOK.selectedAway;
    for (let i = 0; i < Math.min(pane.lines.length, rows - 2); i++) {
      const selected = pane.selected === i ? look : LOOK.none;
      this.line(pane.lines[i]!, top + 1 + i, left + 1, right - 1, selected);
    }
  }
  /** What {@link codes} stand for. */
  get looks(): readonly Look[] {
    return this.names.flatMap((style) => Object.values(LOOK).map((look) => ({ style, look })));
  }
  /** Each row as runs of one look. */
  *rows(): Generator<(Look & { text: string })[]> {
    const { looks } = this;
    const { columns, rows } = this.size;
    for (let row = 0; row < rows; row++) {
      const runs: (Look & { text: string })[] = [];
      let from = row * columns;
      const end = from + columns;
      while (from < end) {
        const code = this.codes[from]!;
        let to = from;
        while (to < end && this.codes[to] === code) to++;
        const text = this.letters.slice(from, to).join('');
        runs.push({ text, ...looks[code]! });
        from = to;
      }
      yield runs;
    }
  }
  /** As text, without colours: what tests compare. */
  toString(): string {
    return [...this.rows()]
      .map((runs) =>
        runs
          .map(({ text }) => text)
          .join('')
          .trimEnd(),
      )
      .join('\n');
  }
}
