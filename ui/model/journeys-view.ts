import { summary } from '../../src/trace/describe.ts';
import type { Action } from '../keys.ts';
import type { Entry, JourneyFeed } from './journey-feed.ts';
import { headLine, ORDERS, type Order, rowLine } from './journeys/cells.ts';
import { Chosen } from './journeys/chosen.ts';
import { type StepLines, stepLines } from './journeys/step-lines.ts';
import { ListPlace } from './list.ts';
import { filterOf } from './packet-filter.ts';
import { inside, type Line, type Pane, type Size, span } from './pane.ts';
import { safe } from './safe-text.ts';
import { short } from './times.ts';
import type { Subject, Target, View } from './view.ts';
import { wrapped } from './wrapped.ts';

/** From here on, the steps stand beside the list. */
const WIDE = 200;
/** Of the height, where the steps stand below. */
const LIST_SHARE = 0.5;
/** Lines above the first row of the list. */
const HEAD = 1;

/** The ways of packets through the kernel: a list, and the one that is selected step by step. */
export class JourneysView implements View {
  readonly name = 'journeys';
  readonly title = 'Journeys';
  private readonly place = new ListPlace();
  private readonly steps = new ListPlace();
  private readonly chosen = new Chosen();
  /** Lines of the pane with the steps. */
  private stepCount = 0;
  /** Lines above the list, of what tracing lacks. */
  private noticeCount = 0;
  private inSteps = false;
  private wanted = '';
  private drop: string | undefined;
  private order: Order = 'time';
  private reversed = false;
  private changes = 0;
  /** The one that is selected, also when its place in the list changes. */
  private entry: Entry | undefined;
  private shown: readonly Entry[] = [];

  /** `live`: what comes last is what people look at. */
  constructor(
    private readonly feed: JourneyFeed,
    private readonly live: boolean,
  ) {
    this.place.following = live;
  }
  get version(): number {
    return this.feed.version + this.changes;
  }
  panes(size: Size): readonly Pane[] {
    this.choose();
    const beside = size.columns >= WIDE;
    const list: Size = beside
      ? { columns: Math.floor(size.columns / 2), rows: size.rows }
      : { columns: size.columns, rows: Math.max(5, Math.floor(size.rows * LIST_SHARE)) };
    const rest: Size = beside
      ? { columns: size.columns - list.columns, rows: size.rows }
      : { columns: size.columns, rows: size.rows - list.rows };
    const at = beside ? { left: list.columns, top: 0 } : { left: 0, top: list.rows };
    return [this.listPane(list), this.stepsPane(rest, at)];
  }
  /** Finds the selected journey again: others come before it, or go. */
  private choose(): void {
    const { wanted: text, drop, order, reversed, place } = this;
    const before = this.shown;
    this.shown = this.chosen.of(this.feed, { text, drop, order, reversed });
    if (this.shown === before || place.following || this.entry === undefined) return;
    const at = this.shown.indexOf(this.entry);
    if (at >= 0) {
      place.top += at - place.selected;
      place.selected = at;
    }
  }
  private listPane(size: Size): Pane {
    const { columns, rows } = inside(size);
    const { shown, place } = this;
    const notices = this.notices(columns);
    this.noticeCount = notices.length;
    place.fit(shown.length, rows - HEAD - notices.length);
    const seen = shown.slice(place.top, place.top + Math.max(0, rows - HEAD - notices.length));
    this.select(shown[place.selected]);
    const lines =
      shown.length === 0 ? this.absence() : [headLine(columns), ...seen.map((each) => rowLine(each, columns))];
    const selected = shown.length === 0 ? {} : { selected: notices.length + HEAD + place.selected - place.top };
    const title = `Journeys${this.narrowing()}`;
    return {
      ...{ id: 'journeys', title, note: this.note(), left: 0, top: 0, ...size },
      ...{ focused: !this.inSteps, lines: [...notices, ...lines].slice(0, rows), ...selected },
    };
  }
  private select(entry: Entry | undefined): void {
    if (entry === this.entry) return;
    this.entry = entry;
    this.steps.to(0, 1);
  }
  private notices(columns: number): Line[] {
    const { notices } = this.feed;
    if (notices.length === 0) return [];
    return wrapped(safe(notices.join('; ')), columns, '').map((line) => [span(line, 'warning')]);
  }
  private narrowing(): string {
    const { expression, state } = this.feed;
    const traced = state === 'tracing' ? `: tracing ${expression === '' ? 'everything' : safe(expression)}` : '';
    const text = this.wanted === '' ? '' : `, with "${safe(this.wanted)}"`;
    return `${traced}${text}${this.drop === undefined ? '' : ', of one drop'}`;
  }
  private note(): string {
    const { counts, lost, behind, state } = this.feed;
    const { shown, place } = this;
    const parts = [shown.length === 0 ? '' : `${place.selected + 1}/${shown.length.toLocaleString('en')}`];
    for (const outcome of ['delivered', 'sent', 'dropped', 'unknown'] as const)
      if (counts[outcome] > 0) parts.push(`${short(counts[outcome])} ${outcome}`);
    if (lost > 0) parts.push(`${short(lost)} events lost: trace fewer packets`);
    else if (behind) parts.push('lagging: trace fewer packets');
    if (this.order !== 'time') parts.push(`by ${this.order}`);
    if (state === 'reading') parts.push('reading');
    return parts.filter((part) => part !== '').join(', ');
  }
  private absence(): Line[] {
    const { state, obstacle, entries } = this.feed;
    if (obstacle !== undefined)
      return [[span(safe(obstacle.why.replaceAll('\n', ' ')), 'warning')], [span(`try: ${safe(obstacle.remedy)}`)]];
    if (entries.length > 0) return [[span('no journey is like that: F shows all again', 'dim')]];
    if (state === 'starting') return [[span('loading what traces ...', 'dim')]];
    if (state === 'tracing') return [[span('no packet went anywhere yet', 'dim')]];
    if (state === 'reading') return [[span('reading ...', 'dim')]];
    if (!this.live) return [[span('Journeys are looked for when all packets have been read.', 'dim')]];
    return [[span('Nothing is traced. t traces all packets, or those of what is selected in another view.', 'dim')]];
  }
  private stepsPane(size: Size, at: { left: number; top: number }): Pane {
    const { columns, rows } = inside(size);
    const { entry, steps } = this;
    const { lines, starts }: StepLines = entry === undefined ? { lines: [], starts: [] } : stepLines(entry, columns);
    // The place is among lines, so that what comes behind the last step can be read, too.
    this.stepCount = lines.length;
    steps.fit(lines.length, rows);
    const seen = lines.slice(steps.top, steps.top + rows);
    const title = entry === undefined ? 'Steps' : `Steps of #${entry.journey.number}`;
    const note = starts.length === 0 ? '' : `${starts.length} steps`;
    const selected = this.inSteps ? { selected: steps.selected - steps.top } : {};
    return { id: 'steps', title, note, ...at, ...size, focused: this.inSteps, lines: seen, ...selected };
  }
  act(action: Action): boolean {
    const handled = this.moved(action) || this.turned(action);
    if (handled) this.changes++;
    return handled;
  }
  private moved(action: Action): boolean {
    if (this.inSteps) return this.steps.act(action, this.stepCount);
    return this.place.act(action, this.shown.length);
  }
  private turned(action: Action): boolean {
    switch (action) {
      case 'next-pane':
      case 'previous-pane':
        return this.focus(!this.inSteps);
      case 'enter':
        return !this.inSteps && this.entry !== undefined && this.focus(true);
      case 'back':
        return this.inSteps && this.focus(false);
      case 'sort':
        this.order = ORDERS[(ORDERS.indexOf(this.order) + 1) % ORDERS.length]!;
        return this.unfollowed();
      case 'reverse':
        this.reversed = !this.reversed;
        return this.unfollowed();
      case 'clear-filter':
        return this.narrow('', undefined);
      default:
        return false;
    }
  }
  private focus(inSteps: boolean): true {
    this.inSteps = inSteps;
    return true;
  }
  /** In another order, the last one is not the newest. */
  private unfollowed(): true {
    this.place.following = false;
    return true;
  }
  private narrow(text: string, drop: string | undefined): boolean {
    const changed = text !== this.wanted || drop !== this.drop;
    [this.wanted, this.drop] = [text, drop];
    this.changes++;
    return changed;
  }
  search(text: string): boolean {
    this.narrow(text, this.drop);
    this.choose();
    return this.shown.length > 0;
  }
  click(pane: string, row: number): void {
    this.changes++;
    this.inSteps = pane === 'steps';
    if (this.inSteps) this.steps.to(this.steps.top + row, this.stepCount);
    else this.place.to(this.place.top + row - HEAD - this.noticeCount, this.shown.length);
  }
  wheel(pane: string, lines: number): void {
    this.changes++;
    if (pane === 'steps') this.steps.wheel(lines, this.stepCount);
    else this.place.wheel(lines, this.shown.length);
  }
  open({ journey, drop }: Target): void {
    if (drop !== undefined) this.narrow('', drop);
    if (journey !== undefined) this.show(journey);
  }
  private show(number: number): void {
    this.choose();
    const at = this.shown.findIndex((entry) => entry.journey.number === number);
    if (at < 0) return;
    this.place.show(at, this.shown.length);
    this.inSteps = false;
    this.changes++;
  }
  get subject(): Subject | undefined {
    const headers = this.entry?.journey.first;
    if (headers === undefined) return undefined;
    const { filter, expression } = filterOf(headers);
    return { title: safe(summary(headers)), filter, expression, target: { view: 'packets', filter } };
  }
}
