/** Cells of the terminal. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}
/** Named by what it means; each theme (ui/theme.ts) says how it looks. */
export type Style =
  | 'plain'
  | 'dim'
  | 'strong'
  | 'title'
  /** What is fine: delivered, established, a filter that holds. */
  | 'good'
  | 'warning'
  /** What is wrong: dropped, reset, lost. */
  | 'bad'
  | 'address'
  | 'protocol'
  | 'number'
  /** Bytes or a field that are meant at the moment. */
  | 'place'
  | 'marked';
export interface Span {
  /** Safe to print: see safe-text.ts. */
  readonly text: string;
  readonly style: Style;
}
export type Line = readonly Span[];

export interface Curve {
  readonly label: string;
  readonly style: Style;
  /** Oldest first; all curves of a chart have equally many. */
  readonly values: readonly number[];
}
/** Curves over the same time. */
export interface Chart {
  readonly curves: readonly Curve[];
  /** At the first and the last value: `-5 min`, `now`. */
  readonly from: string;
  readonly to: string;
  /** How the values of the axis read: `12k`. */
  readonly format: (value: number) => string;
}
/** A framed part of the screen: what is seen of it now, and nothing that is scrolled away. */
export interface Pane {
  /** Unique in its view. */
  readonly id: string;
  readonly title: string;
  /** Stands in the lower edge: `12/3,456`. */
  readonly note?: string;
  /** Of its frame, from the left and the top of the view. */
  readonly left: number;
  readonly top: number;
  readonly columns: number;
  readonly rows: number;
  readonly focused: boolean;
  /** At most {@link rows} less two; longer ones are cut. */
  readonly lines: readonly Line[];
  /** Of {@link lines}, the one that is selected. */
  readonly selected?: number;
  /** Drawn instead of lines. */
  readonly chart?: Chart;
}
/** Inside its frame. */
export const inside = (pane: Size): Size => ({
  columns: Math.max(0, pane.columns - 2),
  rows: Math.max(0, pane.rows - 2),
});

export const span = (text: string, style: Style = 'plain'): Span => ({ text, style });
