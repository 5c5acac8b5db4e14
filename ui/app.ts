import { type Action, KEYS, type KeyRow } from './keys.ts';
import { Canvas } from './model/canvas.ts';
import { chartLines } from './model/chart-lines.ts';
import { helpPane } from './model/help.ts';
import type { Line, Pane, Size } from './model/pane.ts';
import { span } from './model/pane.ts';
import { Prompt, type PromptOptions } from './model/prompt.ts';
import { columnsOf, safe, shortened } from './model/safe-text.ts';
import type { Mouse, PlacedChart, Terminal } from './model/terminal.ts';
import type { Subject, Target, View, ViewName } from './model/view.ts';
import { THEMES } from './theme.ts';

/** What the dashboard does beside moving around: it is told what is selected. */
export interface Deeds {
  /** Said in the upper line: what is looked at, how many packets there are, what was lost. */
  status(): Line;
  /** Changes when {@link status} does. */
  readonly version: number;
  /** Much changes at once, and nothing that somebody waits for: fewer pictures leave more time for the work. */
  readonly busy: boolean;
  /** Does what the views do not; the text is shown for a while. False: it means nothing. */
  act(action: Action, subject: Subject | undefined, app: App): string | boolean;
  /** Somebody leads to a view with a filter of the packets. */
  filter(text: string): void;
}
/** At most so many pictures in a second; while a file is read fewer, but for keys. */
const PICTURES = 20;
const PICTURES_BUSY = 4;
const MESSAGE_MS = 4000;
const TWICE_MS = 400;

/** The frame around the views: keys, mouse, what is on top, and when to draw. */
export class App {
  private view: View;
  private readonly before: ViewName[] = [];
  private prompt: Prompt | undefined;
  private help: number | undefined;
  private message = '';
  private messageUntil = 0;
  private theme = 0;
  private drawnVersion = '';
  private lastDraw = 0;
  private timer: NodeJS.Timeout | undefined;
  private readonly ticker: NodeJS.Timeout;
  private panes: readonly Pane[] = [];
  private pressed = { at: 0, row: -1, column: -1 };
  private ended = false;
  /** Milliseconds that the last pictures took, and how many there were: for benchmarks. */
  readonly drawTimes: number[] = [];
  pictures = 0;
  private readonly whenDone: () => void;
  /** Resolves when the user leaves. */
  readonly done: Promise<void>;

  constructor(
    private readonly terminal: Terminal,
    private readonly views: readonly View[],
    private readonly deeds: Deeds,
    first: ViewName,
    theme: string,
  ) {
    let done = () => {};
    this.done = new Promise((resolve) => (done = resolve));
    this.whenDone = done;
    this.view = views.find(({ name }) => name === first) ?? views[0]!;
    this.theme = Math.max(
      0,
      THEMES.findIndex(({ name }) => name === theme),
    );
    terminal.listen({
      key: (name, letter) => this.key(name, letter),
      mouse: (event) => this.mouse(event),
      resize: () => this.draw(),
    });
    this.ticker = setInterval(() => this.tick(), 1000 / PICTURES);
    this.draw();
  }
  /** Draws when there is something new to see. */
  private tick(): void {
    if (this.message !== '' && performance.now() > this.messageUntil) this.message = '';
    const rate = this.deeds.busy ? PICTURES_BUSY : PICTURES;
    if (this.versionNow() !== this.drawnVersion && performance.now() - this.lastDraw >= 900 / rate) this.soon();
  }
  private versionNow(): string {
    return `${this.view.name} ${this.view.version} ${this.deeds.version} ${this.message}`;
  }
  /** At once, unless there was a picture a moment ago. */
  private soon(): void {
    if (this.timer !== undefined || this.ended) return;
    const wait = Math.max(0, this.lastDraw + 1000 / PICTURES - performance.now());
    this.timer = setTimeout(() => this.draw(), wait);
  }
  draw(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.ended) return;
    const started = performance.now();
    this.drawnVersion = this.versionNow();
    const { terminal } = this;
    const { size } = terminal;
    const canvas = new Canvas(size, terminal.strokes);
    const charts: PlacedChart[] = [];
    canvas.line(this.head(size.columns), 0, 0, size.columns);
    const body = { columns: size.columns, rows: Math.max(0, size.rows - 2) };
    this.panes = this.view.panes(body).map((pane) => ({ ...pane, top: pane.top + 1 }));
    const overlay = this.help === undefined ? undefined : helpPane(this.view, this.help, body);
    for (const pane of this.panes) this.pane(canvas, pane, charts, overlay !== undefined);
    if (overlay !== undefined) canvas.pane({ ...overlay, top: overlay.top + 1 });
    const cursor = this.foot(canvas, size);
    terminal.draw({ canvas, charts, ...(cursor === undefined ? {} : { cursor }) }, THEMES[this.theme]!);
    this.lastDraw = performance.now();
    this.pictures++;
    this.drawTimes.push(this.lastDraw - started);
    if (this.drawTimes.length > 1000) this.drawTimes.shift();
  }
  private pane(canvas: Canvas, pane: Pane, charts: PlacedChart[], covered: boolean): void {
    const { chart, id, left, top, columns, rows } = pane;
    if (chart === undefined || columns < 12 || rows < 6) canvas.pane(pane);
    else if (this.terminal.unicode && !covered) {
      canvas.pane({ ...pane, lines: [] });
      charts.push({ id, chart, left: left + 1, top: top + 1, columns: columns - 2, rows: rows - 2 });
    } else canvas.pane({ ...pane, lines: chartLines(chart, { columns: columns - 2, rows: rows - 2 }) });
  }
  private head(columns: number): Line {
    const tabs = this.views.flatMap(({ name, title }) => {
      const key = KEYS.find(({ action }) => action === name)!.keys[0]!;
      const here = name === this.view.name;
      return [span(` ${key} `, 'dim'), span(tabTitle(name, title, here, columns), here ? 'title' : 'plain')];
    });
    const used = tabs.reduce((sum, { text }) => sum + columnsOf(text), 0);
    const status = this.deeds.status();
    const length = status.reduce((sum, { text }) => sum + columnsOf(text), 0);
    const gap = columns - used - length - 1;
    return gap >= 1 ? [...tabs, span(' '.repeat(gap)), ...status] : [...tabs, span('  '), ...status];
  }
  private foot(canvas: Canvas, { columns, rows }: Size): { column: number; row: number } | undefined {
    const row = rows - 1;
    if (this.prompt !== undefined) {
      const { line, cursor } = this.prompt.show(columns);
      canvas.line(line, row, 0, columns);
      return { column: Math.min(cursor, columns - 1), row };
    }
    if (this.message !== '') canvas.line([span(shortened(` ${this.message}`, columns), 'warning')], row, 0, columns);
    else canvas.line(keyHints(this.view.name), row, 0, columns);
    return undefined;
  }
  /** Says something in the lower line. */
  say(text: string): void {
    this.message = safe(text);
    this.messageUntil = performance.now() + MESSAGE_MS;
    this.soon();
  }
  /** Opens the line that asks for something. */
  ask(options: PromptOptions): void {
    this.prompt = new Prompt(options);
    this.soon();
  }
  /** Puts a text into the terminal's clipboard. */
  copy(text: string): void {
    this.terminal.copy(text);
  }
  /** Brings a view to the front; `back` comes back from it. */
  go(target: Target): void {
    const next = this.views.find(({ name }) => name === target.view);
    if (next === undefined) return;
    if (next !== this.view) this.before.push(this.view.name);
    this.view = next;
    if (target.filter !== undefined) this.deeds.filter(target.filter);
    next.open?.(target);
    this.soon();
  }
  /** Does what a key does; `letter` is what it types, if it does. */
  key(name: string, letter: string | undefined): void {
    if (this.ended) return;
    this.message = '';
    if (this.prompt !== undefined) {
      if (this.prompt.key(name, letter) !== 'open') this.prompt = undefined;
    } else {
      const row = keyRow(name, this.view.name);
      if (row !== undefined) this.act(row.action as Action);
      else this.help = undefined;
    }
    this.draw();
  }
  private act(action: Action): void {
    if (this.help !== undefined && this.inHelp(action)) return;
    const asView = this.views.find(({ name }) => name === action);
    if (asView !== undefined) this.go({ view: asView.name });
    else if (!this.own(action) && !this.view.act(action)) this.others(action);
  }
  private own(action: Action): boolean {
    switch (action) {
      case 'quit':
        this.end();
        return true;
      case 'help':
        this.help = 0;
        return true;
      case 'theme':
        this.theme = (this.theme + 1) % THEMES.length;
        this.say(`theme: ${THEMES[this.theme]!.name}`);
        return true;
      case 'redraw':
        this.terminal.forget();
        return true;
      case 'suspend':
        this.terminal.suspend();
        return true;
      default:
        return false;
    }
  }
  private inHelp(action: Action): boolean {
    const by = { up: -1, down: 1, 'page-up': -10, 'page-down': 10 }[action as 'up'];
    if (by !== undefined) this.help = Math.max(0, this.help! + by);
    else if (action === 'quit') this.end();
    else this.help = undefined;
    return true;
  }
  /** What no view does by itself. */
  private others(action: Action): void {
    const { subject } = this.view;
    if (action === 'enter') {
      if (subject?.target !== undefined) this.go(subject.target);
    } else if (action === 'back') this.goBack();
    else {
      const answer = this.deeds.act(action, subject, this);
      if (typeof answer === 'string') this.say(answer);
    }
  }
  private goBack(): void {
    const name = this.before.pop();
    const view = this.views.find((each) => each.name === name);
    if (view !== undefined) this.view = view;
  }
  /** The view that is in front. */
  get current(): View {
    return this.view;
  }
  private mouse({ what, column, row }: Mouse): void {
    if (this.ended || this.prompt !== undefined) return;
    if (row === 0) {
      if (what === 'press') this.clickTab(column);
      return;
    }
    const pane = this.panes.findLast(
      ({ left, top, columns, rows }) =>
        column > left && column < left + columns - 1 && row > top && row < top + rows - 1,
    );
    if (pane === undefined) return;
    if (what !== 'press') this.view.wheel?.(pane.id, what === 'wheel-up' ? -3 : 3);
    else {
      const now = performance.now();
      const { pressed } = this;
      const twice = pressed.row === row && Math.abs(pressed.column - column) < 2 && now - pressed.at < TWICE_MS;
      this.pressed = { at: now, row, column };
      this.view.click?.(pane.id, row - pane.top - 1, column - pane.left - 1, twice);
    }
    this.soon();
  }
  private clickTab(column: number): void {
    let left = 0;
    for (const { name, title } of this.views) {
      const width = 3 + tabTitle(name, title, name === this.view.name, this.terminal.size.columns).length;
      if (column >= left && column < left + width) this.go({ view: name });
      left += width;
    }
  }
  /** Leaves, and gives the terminal back. May be called twice. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    clearInterval(this.ticker);
    clearTimeout(this.timer);
    this.terminal.close();
    this.whenDone();
  }
}
/** On narrow screens only the view in front has room for its name. */
const BRIEF: Readonly<Record<ViewName, string>> = {
  overview: 'Over',
  packets: 'Pkts',
  conversations: 'Conv',
  topology: 'Topo',
  journeys: 'Ways',
  drops: 'Drops',
};
const tabTitle = (name: ViewName, title: string, here: boolean, columns: number): string =>
  here || columns >= 100 ? title : BRIEF[name];
/** What a key means in a view. */
function keyRow(name: string, view: ViewName): KeyRow | undefined {
  const rows: readonly KeyRow[] = KEYS;
  return rows.find(({ keys, views }) => keys.includes(name) && (views === undefined || views.includes(view)));
}
function keyHints(view: ViewName): Line {
  const rows: readonly KeyRow[] = KEYS;
  return rows
    .filter(({ short, views }) => short !== undefined && (views === undefined || views.includes(view)))
    .flatMap(({ keys, short }) => [span(` ${keys[0]} `, 'title'), span(`${short} `, 'dim')]);
}
