import type { Theme } from '../theme.ts';
import type { Canvas, Strokes } from './canvas.ts';
import type { Chart, Size } from './pane.ts';

/** A chart, and where on the screen it is drawn. */
export interface PlacedChart extends Size {
  readonly id: string;
  readonly left: number;
  readonly top: number;
  readonly chart: Chart;
}
/** All that is on the screen. */
export interface Picture {
  readonly canvas: Canvas;
  readonly charts: readonly PlacedChart[];
  /** Where the cursor blinks; hidden unless given. */
  readonly cursor?: { readonly column: number; readonly row: number };
}
export interface Mouse {
  readonly what: 'press' | 'wheel-up' | 'wheel-down';
  readonly column: number;
  readonly row: number;
}
export interface TerminalEvents {
  /** `name` as in the key table; `letter` is what was typed, if it is one. */
  key(name: string, letter: string | undefined): void;
  mouse(event: Mouse): void;
  resize(): void;
}
/** What the dashboard needs of a terminal. */
export interface Terminal {
  readonly size: Size;
  readonly strokes: Strokes;
  /** Can it show lines, blocks and dots beyond ASCII? */
  readonly unicode: boolean;
  listen(events: TerminalEvents): void;
  draw(picture: Picture, theme: Theme): void;
  /** The next {@link draw} draws all of it, whatever the terminal showed. */
  forget(): void;
  /** Puts a text into the clipboard of the terminal, where it allows that. */
  copy(text: string): void;
  /** Stops the process as ctrl-Z does; comes back with the screen. */
  suspend(): void;
  /** Gives the screen back as it was. May be called twice. */
  close(): void;
}
