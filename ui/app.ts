import { ToolError } from '../src/error.ts';
import { type Action, keyRow } from './keys.ts';
import { Canvas } from './model/canvas.ts';
import { chartLines, legend } from './model/chart-lines.ts';
import { helpLength, helpPane, keyHints } from './model/help.ts';
import type { Line, Pane, Size } from './model/pane.ts';
import { span } from './model/pane.ts';
import { Prompt, type PromptOptions } from './model/prompt.ts';
import { columnsOf, safe, shortened } from './model/safe-text.ts';
import { tabAt, tabsLine } from './model/tabs.ts';
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
  /** The filter of the packets. */
  readonly filtered: string;
  /** Somebody leads to a view with a filter of the packets. */
  filter(text: string): void;
}
/** At most so many pictures in a second: for keys; for what changes by itself; and while a file is read. */
const PICTURES = 20;
const PICTURES_ALONE = 10;
const PICTURES_BUSY = 4;
const MESSAGE_MS = 4000;
const TWICE_MS = 400;
/** Views that `back` leads through. */
const MOST_BEFORE = 50;

/** Where somebody came from. */
interface Step {
  readonly view: ViewName;
  /** The filter that led on, and the one that it took the place of. */
  readonly filter: readonly [ahead: string, before: string];
}

/** The frame around the views: keys, mouse, what is on top, and when to draw. */
export class App {
  private view: View;
  private readonly before: Step[] = [];
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
  /** Counts keys, and the end: what goes on for long can tell by it that somebody wants something else. */
  interruptions = 0;
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
      resize: () => this.soon(),
    });
    this.ticker = setInterval(() => this.tick(), 1000 / PICTURES);
    this.draw();
  }
  /** Draws when there is something new to see. */
  private tick(): void {
    if (this.message !== '' && performance.now() > this.messageUntil) this.message = '';
    const rate = this.deeds.busy ? PICTURES_BUSY : PICTURES_ALONE;
    if (this.versionNow() !== this.drawnVersion && performance.now() - this.lastDraw >= 900 / rate) this.soon();
  }
  private versionNow(): string {
    return `${this.view.name} ${this.view.version} ${this.deeds.version} ${this.message}`;
  }
  /** As soon as the last picture is old enough: a key that repeats, or a window that is pulled, asks oftener. */
  private soon(): void {
    if (this.timer !== undefined || this.ended) return;
    const wait = Math.max(0, this.lastDraw + 1000 / PICTURES - performance.now());
    this.timer = setTimeout(() => this.draw(), wait);
  }
  /** What the view shows now: keys and clicks go by it. */
  private layOut(): Size {
    const { columns, rows } = this.terminal.size;
    const body = { columns, rows: Math.max(0, rows - 2) };
    this.panes = this.view.panes(body).map((pane) => ({ ...pane, top: pane.top + 1 }));
    return body;
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
    const body = this.layOut();
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
  private pane(canvas: Canvas, pane: Pane, charts: PlacedChart[], covered: boolean) {
    const { chart, id } = pane;
    const columns = pane.columns - 2;
    // Its first line is the legend.
    const rows = pane.rows - 3;
    if (chart === undefined || columns < 10 || rows < 4) return canvas.pane(pane);
    const drawn = this.terminal.unicode && !covered;
    canvas.pane({ ...pane, lines: [legend(chart), ...(drawn ? [] : chartLines(chart, { columns, rows }))] });
    if (drawn) charts.push({ id, chart, left: pane.left + 1, top: pane.top + 2, columns, rows });
  }
  private head(columns: number): Line {
    const tabs = tabsLine(this.views, this.view, columns);
    const width = (line: Line) => line.reduce((sum, { text }) => sum + columnsOf(text), 0);
    const status = this.deeds.status();
    const gap = columns - width(tabs) - width(status) - 1;
    return [...tabs, span(' '.repeat(gap >= 1 ? gap : 2)), ...status];
  }
  private foot(canvas: Canvas, { columns, rows }: Size): { column: number; row: number } | undefined {
    const row = rows - 1;
    if (this.prompt !== undefined) {
      const { line, cursor } = this.prompt.show(columns);
      canvas.line(line, row, 0, columns);
      return { column: Math.min(cursor, columns - 1), row };
    }
    if (this.message !== '') canvas.line([span(shortened(` ${this.message}`, columns), 'warning')], row, 0, columns);
    else canvas.line(keyHints(this.view.name, columns), row, 0, columns);
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
    const { filtered } = this.deeds;
    if (target.filter !== undefined) this.deeds.filter(target.filter);
    if (next !== this.view) this.before.push({ view: this.view.name, filter: [this.deeds.filtered, filtered] });
    if (this.before.length > MOST_BEFORE) this.before.shift();
    this.view = next;
    next.open?.(target);
    this.soon();
  }
  /** Does what a key does; `letter` is what it types, if it does. */
  key(name: string, letter: string | undefined): void {
    if (this.ended) return;
    this.interruptions++;
    // The key before may have changed what this one is about.
    if (this.timer !== undefined) this.layOut();
    this.message = '';
    this.told(() => this.keyIn(name, letter));
    this.soon();
  }
  /** What cannot be done is said, and nothing ends. */
  private told(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      this.say(error.hint === undefined ? error.message : `${error.message}: try ${error.hint}`);
    }
  }
  private keyIn(name: string, letter: string | undefined): void {
    if (this.prompt !== undefined) {
      const { prompt } = this;
      if (prompt.key(name, letter) !== 'open' && this.prompt === prompt) this.prompt = undefined;
      return;
    }
    const row = keyRow(name, this.view.name);
    if (this.help !== undefined) this.inHelp(row?.action as Action | undefined);
    else if (row !== undefined) this.act(row.action as Action);
  }
  private act(action: Action): void {
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
  /** Keys that scroll do so; any other one closes it, and does nothing else. */
  private inHelp(action: Action | undefined): void {
    const by = { up: -1, down: 1, 'page-up': -10, 'page-down': 10 }[action as 'up'];
    if (by === undefined) this.help = undefined;
    else this.scrollHelp(by);
  }
  private scrollHelp(by: number): void {
    const rows = this.terminal.size.rows - 2;
    this.help = Math.max(0, Math.min(this.help! + by, helpLength(this.view) + 2 - rows));
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
  /** The filter that led here goes, unless there is another one by now. */
  private goBack(): void {
    const step = this.before.pop();
    if (step === undefined) return;
    this.view = this.views.find(({ name }) => name === step.view)!;
    const [ahead, before] = step.filter;
    if (ahead !== before && this.deeds.filtered === ahead) this.deeds.filter(before);
  }
  /** The view that is in front. */
  get current(): View {
    return this.view;
  }
  private mouse({ what, column, row }: Mouse): void {
    if (this.ended || this.prompt !== undefined) return;
    if (this.help !== undefined) {
      if (what === 'press') this.help = undefined;
      else this.scrollHelp(what === 'wheel-up' ? -3 : 3);
    } else if (row > 0) this.told(() => this.mouseIn(what, column, row));
    else if (what === 'press') this.clickTab(column);
    this.soon();
  }
  private mouseIn(what: Mouse['what'], column: number, row: number): void {
    const pane = this.panes.findLast(
      ({ left, top, columns, rows }) =>
        column > left && column < left + columns - 1 && row > top && row < top + rows - 1,
    );
    if (pane === undefined) return;
    if (what !== 'press') this.view.wheel?.(pane.id, what === 'wheel-up' ? -3 : 3);
    else {
      this.view.click?.(pane.id, row - pane.top - 1, column - pane.left - 1);
      if (this.isTwice(column, row) && this.isSelected(pane.id, row)) this.act('enter');
    }
  }
  /** Nothing opens that the click did not select: a title, the room below a list. */
  private isSelected(id: string, row: number): boolean {
    this.layOut();
    const pane = this.panes.find((each) => each.id === id);
    return pane?.focused === true && (pane.selected === undefined || pane.selected === row - pane.top - 1);
  }
  /** A third press begins anew. */
  private isTwice(column: number, row: number): boolean {
    const now = performance.now();
    const { at, row: before, column: left } = this.pressed;
    const twice = before === row && Math.abs(left - column) < 2 && now - at < TWICE_MS;
    this.pressed = { at: twice ? 0 : now, row, column };
    return twice;
  }
  private clickTab(column: number): void {
    const view = tabAt(column, this.views, this.view, this.terminal.size.columns);
    if (view !== undefined) this.go({ view: view.name });
  }
  /** Leaves, and gives the terminal back. May be called twice. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.interruptions++;
    clearInterval(this.ticker);
    clearTimeout(this.timer);
    this.terminal.close();
    this.whenDone();
  }
}
