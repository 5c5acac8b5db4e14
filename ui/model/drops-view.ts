import type { Action } from '../keys.ts';
import type { DropRow, DropTable } from './drop-table.ts';
import type { JourneyFeed } from './journey-feed.ts';
import { ListPlace } from './list.ts';
import { inside, type Line, type Pane, type Size, type Style, span } from './pane.ts';
import { filled, safe, shortened } from './safe-text.ts';
import { sparkline } from './sparkline.ts';
import { clock, short } from './times.ts';
import type { Subject, View } from './view.ts';
import { wrapped } from './wrapped.ts';

interface Column {
  readonly title: string;
  readonly columns: number;
  readonly align?: 'right';
  readonly style: Style;
  readonly text: (row: DropRow, table: DropTable) => string;
  /** The greatest comes first. */
  readonly by: (row: DropRow, table: DropTable) => number | string;
}
const COUNT_COLUMNS = 8;
const RATE: Column = {
  ...{ title: '/S', columns: 6, align: 'right', style: 'bad' },
  text: (row, table) => rateText(table.rateOf(row)),
  by: (row, table) => table.rateOf(row),
};
const COLUMNS: readonly Column[] = [
  {
    ...{ title: 'COUNT', columns: COUNT_COLUMNS, align: 'right', style: 'number' },
    text: ({ count }) => short(count),
    by: ({ count }) => count,
  },
  RATE,
  {
    ...{ title: 'LAST', columns: 8, style: 'dim' },
    text: ({ last }) => timeOf(last).slice(0, 8),
    by: ({ last }) => last,
  },
  {
    ...{ title: 'REASON', columns: 22, style: 'strong' },
    text: ({ reason }) => reason,
    by: ({ reason }) => reason,
  },
  {
    ...{ title: 'PLACE', columns: 28, style: 'protocol' },
    text: ({ place }) => place,
    by: ({ place }) => place,
  },
  {
    ...{ title: 'RULE OR MEANING', columns: 0, style: 'plain' },
    text: ({ rule, meaning }) => (rule === '' ? meaning : rule),
    by: ({ rule, meaning }) => (rule === '' ? meaning : rule),
  },
];
/** Below this width, rules are only told of the row that is selected. */
const WIDE = 100;
const DETAIL_ROWS = 9;
const LEAST_ROWS = 16;
const HEAD = 1;
const timeOf = (milliseconds: number): string => clock(Math.floor(milliseconds / 1000), (milliseconds % 1000) * 1e6);
const rateText = (rate: number): string => (rate === 0 ? '' : rate < 10 ? rate.toFixed(1) : short(rate));

export interface DropsViewOptions {
  readonly table: DropTable;
  /** Who traces: without, only counters tell. */
  readonly journeys?: JourneyFeed;
  /** Of a file, that things happen now is not so: there are no rates. */
  readonly live: boolean;
  readonly ascii?: boolean;
}
/** Where packets die, and why: by reason, place and rule. */
export class DropsView implements View {
  readonly name = 'drops';
  readonly title = 'Drops';
  private readonly place = new ListPlace();
  private by = 0;
  private reversed = false;
  private wanted = '';
  private changes = 0;
  private shown: readonly DropRow[] = [];
  private selected: DropRow | undefined;
  /** Did somebody select it? Otherwise the first row is. */
  private chosen = false;

  constructor(private readonly options: DropsViewOptions) {}
  get version(): number {
    const { table, journeys } = this.options;
    return table.version + (journeys?.version ?? 0) + this.changes;
  }
  panes(size: Size): readonly Pane[] {
    this.sort();
    const details = size.rows < LEAST_ROWS || this.shown.length === 0 ? 0 : DETAIL_ROWS;
    const list = this.listPane({ columns: size.columns, rows: size.rows - details });
    if (details === 0 || this.selected === undefined) return [list];
    return [list, this.detailPane(this.selected, { columns: size.columns, rows: details }, size.rows - details)];
  }
  /** In order; what was selected stays so wherever it went. */
  private sort(): void {
    const { table } = this.options;
    const wanted = this.wanted.toLowerCase();
    const keys = new Map(table.rows.map((row) => [row, COLUMNS[this.by]!.by(row, table)]));
    const rows = [...keys.keys()].filter((row) => wanted === '' || textOf(row).includes(wanted));
    const sign = this.reversed ? -1 : 1;
    rows.sort((a, b) => sign * compared(keys.get(a)!, keys.get(b)!));
    const at = this.selected === undefined ? -1 : rows.indexOf(this.selected);
    if (at >= 0 && this.chosen) this.place.selected = at;
    this.shown = rows;
  }
  private listPane(size: Size): Pane {
    const { columns, rows } = inside(size);
    const { place, shown } = this;
    const remarks = this.remarks(shown.length === 0);
    const height = Math.max(0, rows - HEAD - remarks.length);
    place.fit(shown.length, height);
    this.selected = shown[place.selected];
    const cells = this.columns(columns);
    const list = shown.slice(place.top, place.top + height).map((row) => this.line(row, cells, columns));
    const lines = shown.length === 0 ? remarks : [this.header(cells), ...list, ...remarks];
    const selected = shown.length === 0 ? {} : { selected: HEAD + place.selected - place.top };
    const total = shown.reduce((sum, { count }) => sum + count, 0);
    const note = shown.length === 0 ? '' : `${place.selected + 1}/${shown.length}, ${short(total)} packets`;
    const title = `Drops${this.wanted === '' ? '' : `, with "${safe(this.wanted)}"`}`;
    return { id: 'drops', title, note, left: 0, top: 0, ...size, focused: true, lines, ...selected };
  }
  /** Who does not tell, and why. */
  private remarks(alone: boolean): Line[] {
    const { journeys } = this.options;
    const lines: Line[] = alone ? [[span('nothing was dropped that is known of', 'good')]] : [];
    const { state, obstacle } = journeys ?? { state: 'over', obstacle: undefined };
    if (obstacle !== undefined)
      lines.push([
        span(
          safe(
            `${this.options.live ? 'only counters tell: ' : ''}${obstacle.why.split('\n')[0]} (try: ${obstacle.remedy})`,
          ),
          'warning',
        ),
      ]);
    else if (state === 'off' && this.options.live)
      lines.push([span('only counters tell: t traces, and names reasons and rules', 'dim')]);
    return lines;
  }
  private columns(columns: number): readonly Column[] {
    const some = columns < WIDE ? COLUMNS.slice(0, -1) : COLUMNS;
    return this.options.live ? some : some.filter((column) => column !== RATE);
  }
  private header(cells: readonly Column[]): Line {
    return cells.map(({ title, columns, align }) => {
      const chosen = COLUMNS[this.by]!.title === title;
      const text = chosen ? `${this.reversed ? '^' : 'v'}${title}` : title;
      return span(columns === 0 ? text : `${filled(text, columns, align)} `, chosen ? 'strong' : 'dim');
    });
  }
  private line(row: DropRow, cells: readonly Column[], columns: number): Line {
    const { table } = this.options;
    let left = columns;
    return cells.map(({ columns: width, align, style, text }) => {
      const said = safe(text(row, table));
      if (width === 0) return span(shortened(said, Math.max(0, left)), style);
      left -= width + 1;
      return span(`${filled(said, width, align)} `, style);
    });
  }
  private detailPane(row: DropRow, size: Size, top: number): Pane {
    const { columns, rows } = inside(size);
    const { reason, meaning, place, rule, packet, last, count, told } = row;
    const lines: Line[] = [
      [span(safe(reason), 'bad'), span(' at '), span(safe(place), 'protocol'), span(`  ${TOLD[told]}`, 'dim')],
      ...wrapped(safe(meaning), columns, '').map((text) => [span(text)]),
      ...(rule === '' ? [] : wrapped(safe(rule), columns, '').map((text) => [span(text, 'bad')])),
      [
        span(
          `${count === 1 ? 'one packet, at' : `${count.toLocaleString('en')} packets, the last at`} ${timeOf(last)}`,
          'number',
        ),
      ],
      packet === '' ? [] : [span(safe(packet), 'address')],
      this.history(row, columns),
    ];
    return { id: 'drop', title: 'Drop', left: 0, top, ...size, focused: false, lines: lines.slice(0, rows) };
  }
  private history(row: DropRow, columns: number): Line {
    const values = this.options.table.historyOf(row);
    if (!this.options.live || values.every((each) => each === 0)) return [];
    const label = 'in the last minute ';
    const bars = Math.max(0, Math.min(values.length, columns - label.length));
    return [span(label, 'dim'), span(sparkline(values, bars, this.options.ascii !== true), 'bad')];
  }
  act(action: Action): boolean {
    const handled = this.acted(action);
    if (handled) this.changes++;
    return handled;
  }
  private acted(action: Action): boolean {
    if (this.place.act(action, this.shown.length)) return this.choose();
    if (action === 'sort') this.by = COLUMNS.indexOf(this.nextColumn());
    else if (action === 'reverse') this.reversed = !this.reversed;
    else if (action === 'clear-filter' && this.wanted !== '') this.wanted = '';
    else return false;
    return true;
  }
  private nextColumn(): Column {
    const columns = this.columns(WIDE);
    return columns[(columns.indexOf(COLUMNS[this.by]!) + 1) % columns.length]!;
  }
  private choose(): true {
    this.place.following = false;
    this.chosen = true;
    this.selected = this.shown[this.place.selected];
    return true;
  }
  search(text: string): boolean {
    this.wanted = text;
    this.changes++;
    this.sort();
    return this.shown.length > 0;
  }
  click(pane: string, row: number): void {
    if (pane !== 'drops' || row < HEAD) return;
    this.changes++;
    this.place.to(this.place.top + row - HEAD, this.shown.length);
    this.choose();
  }
  wheel(_pane: string, lines: number): void {
    this.changes++;
    this.place.wheel(lines, this.shown.length);
    this.choose();
  }
  get subject(): Subject | undefined {
    const row = this.selected;
    if (row === undefined) return undefined;
    const title = safe(`${row.reason} at ${row.place}`);
    const { key: drop, journey, flow, deviceId } = row;
    if (deviceId !== undefined) return { title, ...flow, target: { view: 'topology', device: deviceId } };
    if (row.told !== 'traced') return { title };
    return { title, ...flow, target: { view: 'journeys', drop, ...(journey === undefined ? {} : { journey }) } };
  }
}
const TOLD = { traced: 'traced', counted: 'by its counters', capture: 'counted by the kernel' } as const;
const textOf = ({ reason, meaning, place, rule, packet }: DropRow): string =>
  [reason, meaning, place, rule, packet].join(' ').toLowerCase();
/** Great numbers first, words in their order. */
function compared(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return b - a;
  return a < b ? -1 : a > b ? 1 : 0;
}
