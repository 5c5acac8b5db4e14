import type { Conversation } from '../../src/flow/conversation.ts';
import type { Action } from '../keys.ts';
import type { AddressNames } from './address-names.ts';
import { subjectOf } from './conversation-subject.ts';
import { ListPlace } from './list.ts';
import type { Losses } from './losses.ts';
import { bytesOf, type Moment, OverviewSummary, SPARKS, type SummaryParts } from './overview-summary.ts';
import { type Line, type Pane, type Size, span } from './pane.ts';
import { filled } from './safe-text.ts';
import { short } from './times.ts';
import type { Subject, View } from './view.ts';

export interface OverviewParts extends SummaryParts {
  readonly losses: Losses;
  readonly names: AddressNames;
}
/** Everything is worked out at most this often. */
const EVERY_MS = 1000;
const PANES = ['protocols', 'talk'] as const;

/** Rates of devices, what the traffic is made of, who talks most, and what was lost. */
export class OverviewView implements View {
  readonly name = 'overview';
  readonly title = 'Overview';
  private unit: 'bits' | 'packets' = 'bits';
  private focus: (typeof PANES)[number] = 'talk';
  private readonly places = { protocols: new ListPlace(), talk: new ListPlace() };
  private changes = 0;
  private moment: Moment | undefined;
  private madeAt = Number.NEGATIVE_INFINITY;
  private madeOf = -1;
  private readonly summary: OverviewSummary;

  constructor(private readonly parts: OverviewParts) {
    this.summary = new OverviewSummary(parts);
  }
  get version(): number {
    // A curve goes on also when nothing comes.
    const { live, store, losses } = this.parts;
    const data = live ? Math.floor(performance.now() / EVERY_MS) : this.madeOf === store.version ? 0 : this.due ? 1 : 0;
    return data + this.changes + losses.version;
  }
  private get due(): boolean {
    return performance.now() - this.madeAt >= EVERY_MS;
  }
  private now(): Moment {
    const { store, live } = this.parts;
    if (this.moment === undefined || (this.due && (live || this.madeOf !== store.version))) {
      const { moment: before } = this;
      this.moment = this.summary.now(this.unit);
      if (before !== undefined) this.stay(before, this.moment);
      this.madeAt = performance.now();
      this.madeOf = store.version;
      if (!live) this.changes++;
    }
    return this.moment;
  }
  /** What was chosen stays so wherever it went; whoever has chosen none looks at the first, whatever that is. */
  private stay(before: Moment, now: Moment): void {
    const { talk, protocols } = this.places;
    const spoke = before.talk[talk.selected];
    const at = now.talk.findIndex(({ kind, row }) => kind === spoke?.kind && row.id === spoke.row.id);
    if (talk.selected > 0 && at >= 0) talk.moveTo(at);
    const protocol = before.protocols[protocols.selected]?.protocol;
    const line = now.protocols.findIndex((each) => each.protocol === protocol);
    if (protocols.selected > 0 && line >= 0) protocols.moveTo(line);
  }
  panes(size: Size): readonly Pane[] {
    const { chart } = this.now();
    const { columns, rows } = size;
    const upper = Math.max(8, Math.floor(rows * 0.45));
    const right = Math.max(26, Math.floor(columns * 0.3));
    const losses = this.losses();
    const below = Math.min(losses.length + 2, Math.max(3, Math.floor((rows - upper) * 0.4)));
    const title = this.unit === 'bits' ? 'Bits per second' : 'Packets per second';
    const rates: Pane = {
      id: 'rates',
      title,
      left: 0,
      top: 0,
      columns: columns - right,
      rows: upper,
      focused: false,
      lines: [],
      note: `${chart.from} to ${chart.to}`,
      chart,
    };
    const talkRows = Math.max(3, rows - upper - below);
    return [
      rates,
      this.protocols({ left: columns - right, top: 0, columns: right, rows: upper }),
      this.conversations({ left: 0, top: upper, columns, rows: talkRows }),
      {
        id: 'losses',
        title: 'Lost',
        left: 0,
        top: upper + talkRows,
        columns,
        rows: below,
        focused: false,
        lines: losses,
      },
    ];
  }
  private protocols(place: Pick<Pane, 'left' | 'top' | 'columns' | 'rows'>): Pane {
    const { protocols } = this.now();
    const all = protocols.reduce((sum, { bytes }) => sum + bytes, 0);
    const list = this.places.protocols;
    list.fit(protocols.length, place.rows - 2);
    const bar = Math.max(3, place.columns - 2 - 10 - 7 - 8);
    const lines = protocols.slice(list.top, list.top + place.rows - 2).map(({ protocol, packets, bytes }): Line => {
      const part = all === 0 ? 0 : bytes / all;
      const full = Math.round(part * bar);
      const mark = this.parts.unicode ? '█' : '#';
      return [
        span(filled(protocol, 10), 'protocol'),
        span(`${(part * 100).toFixed(1).padStart(5)}% `, 'number'),
        span(filled(short(packets), 7, 'right'), 'dim'),
        span(' '),
        span(mark.repeat(full), 'good'),
      ];
    });
    const selected = protocols.length === 0 ? {} : { selected: list.selected - list.top };
    const note = `${protocols.length} by bytes`;
    return {
      id: 'protocols',
      title: 'Protocols',
      note,
      ...place,
      focused: this.focus === 'protocols',
      lines,
      ...selected,
    };
  }
  private conversations(place: Pick<Pane, 'left' | 'top' | 'columns' | 'rows'>): Pane {
    const { talk } = this.now();
    const list = this.places.talk;
    list.fit(talk.length, place.rows - 2);
    const ends = Math.max(20, place.columns - 2 - 5 - 9 - 9 - 14 - (this.parts.live ? SPARKS + 1 : 0));
    const lines = talk
      .slice(list.top, list.top + place.rows - 2)
      .map(
        ({ kind, row, spark }): Line => [
          span(filled(kind, 5), 'protocol'),
          span(filled(this.ends(row), ends), 'address'),
          span(filled(`${short(bytesOf(row))}B`, 9, 'right'), 'number'),
          span(filled(short(row.packetsAB + row.packetsBA), 9, 'right'), 'dim'),
          span(filled(` ${row.tcp?.state ?? ''}`, 14), row.tcp?.state === 'reset' ? 'bad' : 'plain'),
          ...(this.parts.live ? [span(` ${spark}`, 'good')] : []),
        ],
      );
    const selected = talk.length === 0 ? {} : { selected: list.selected - list.top };
    const title = this.parts.live
      ? 'Who talks most: bytes, packets, the last seconds'
      : 'Who talks most: bytes, packets';
    return { id: 'talk', title, ...place, focused: this.focus === 'talk', lines, ...selected };
  }
  private ends({ a, b, portA, portB }: Conversation): string {
    const { names } = this.parts;
    return `${names.withPort(a, portA)} <-> ${names.withPort(b, portB)}`;
  }
  private losses(): Line[] {
    const told = this.parts.losses.lines();
    return told.length === 0 ? [[span(' nothing that is known of', 'good')]] : [...told];
  }
  act(action: Action): boolean {
    this.changes++;
    const { protocols, talk } = this.now();
    if (this.places[this.focus].act(action, this.focus === 'talk' ? talk.length : protocols.length)) {
      this.places[this.focus].following = false;
      return true;
    }
    if (action === 'next-pane' || action === 'previous-pane') this.focus = this.focus === 'talk' ? 'protocols' : 'talk';
    else if (action === 'unit') {
      this.unit = this.unit === 'bits' ? 'packets' : 'bits';
      this.moment = undefined;
    } else return false;
    return true;
  }
  click(pane: string, row: number): void {
    this.changes++;
    if (pane !== 'talk' && pane !== 'protocols') return;
    this.focus = pane;
    const list = this.places[pane];
    list.to(list.top + row, this.now()[pane].length);
  }
  wheel(pane: string, lines: number): void {
    this.changes++;
    if (pane === 'talk' || pane === 'protocols') this.places[pane].wheel(lines, this.now()[pane].length);
  }
  get subject(): Subject | undefined {
    const { protocols, talk } = this.now();
    const at = this.places[this.focus].selected;
    if (this.focus === 'talk') {
      const chosen = talk[at];
      return chosen === undefined ? undefined : subjectOf(chosen.kind, chosen.row);
    }
    const protocol = protocols[at]?.protocol;
    if (protocol === undefined) return undefined;
    return { title: protocol, filter: protocol, target: { view: 'packets', filter: protocol } };
  }
}
