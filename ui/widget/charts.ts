import type { Widgets } from 'blessed';
import line from 'blessed-contrib/lib/widget/charts/line.js';
import type { Chart } from '../model/pane.ts';
import type { PlacedChart } from '../model/terminal.ts';
import type { Theme } from '../theme.ts';

interface Shown {
  readonly element: ReturnType<typeof line>;
  readonly place: string;
  chart: Chart | undefined;
}
/** The library makes its canvas so much smaller than its box; of the rows below the axis nothing is shown. */
const UNUSED = { columns: 6, rows: 4 } as const;

/** Line charts, made anew when they move and drawn anew when their numbers change. */
export class Charts {
  private readonly shown = new Map<string, Shown>();
  private drawnIn: unknown;

  constructor(private readonly screen: Widgets.Screen) {}

  /** `cells`: where they are drawn. Into others all of them are drawn again. */
  show(charts: readonly PlacedChart[], theme: Theme, cells: unknown): void {
    const isNew = this.drawnIn !== cells;
    this.drawnIn = cells;
    for (const [id, { element }] of this.shown) {
      const wanted = charts.find((each) => each.id === id);
      if (wanted !== undefined && placeOf(wanted, theme) === this.shown.get(id)!.place) continue;
      element.detach();
      this.shown.delete(id);
    }
    for (const placed of charts) this.one(placed, theme, isNew);
  }
  private one(placed: PlacedChart, theme: Theme, isNew: boolean): void {
    const { id, chart } = placed;
    let shown = this.shown.get(id);
    const isMade = shown === undefined;
    if (shown === undefined) {
      shown = { element: this.make(placed, theme), place: placeOf(placed, theme), chart: undefined };
      this.shown.set(id, shown);
    }
    const isOld = shown.chart === chart || chart.curves.length === 0;
    if (!isOld) this.fill(shown, chart, theme);
    if (isNew || isMade || !isOld) shown.element.render();
  }
  private fill(shown: Shown, chart: Chart, theme: Theme): void {
    shown.chart = chart;
    const count = Math.max(2, ...chart.curves.map(({ values }) => values.length));
    const x = new Array<string>(count).fill(' ');
    const most = Math.max(0, ...chart.curves.flatMap(({ values }) => values));
    // Where nothing passes, zero is at the bottom.
    shown.element.options.maxY = most === 0 ? 1 : most * 1.1;
    shown.element.setData(
      chart.curves.map(({ label, values }, i) => ({
        title: label,
        x,
        // A moment alone is a line, too.
        y: [...values, ...new Array<number>(count - values.length).fill(values.at(-1) ?? 0)],
        style: { line: theme.curves[i % theme.curves.length]! },
      })),
    );
  }
  private make({ left, top, columns, rows }: PlacedChart, theme: Theme): ReturnType<typeof line> {
    const element = line({
      left,
      top,
      width: columns + UNUSED.columns,
      height: rows + UNUSED.rows,
      abbreviate: true,
      // Room for four letters, in dots.
      xLabelPadding: 9,
      xPadding: 12,
      numYLabels: Math.max(1, Math.min(5, rows >> 1)),
      style: { text: theme.curves[0], baseline: 8 },
    });
    this.screen.append(element);
    // Its canvas was made by now: of that size it fills the box that is meant.
    element.width = columns;
    element.height = rows;
    return element;
  }
}
const placeOf = ({ left, top, columns, rows }: PlacedChart, { name }: Theme): string =>
  [left, top, columns, rows, name].join(' ');
