import type { Conversation } from '../../src/flow/conversation.ts';
import type { ConversationKind, Conversations } from '../../src/flow/conversations.ts';
import type { Shares } from '../../src/flow/shares.ts';
import type { Traffic } from '../../src/flow/traffic.ts';
import type { Action } from '../keys.ts';
import { subjectOf } from './conversation-subject.ts';
import { ListPlace } from './list.ts';
import type { Losses } from './losses.ts';
import { type Chart, type Curve, type Line, type Pane, type Size, type Style, span } from './pane.ts';
import { filled, safe } from './safe-text.ts';
import { sparkline } from './sparkline.ts';
import type { PacketStore } from './store.ts';
import { short } from './times.ts';
import type { Subject, View } from './view.ts';

export interface OverviewParts {
  readonly store: PacketStore;
  readonly traffic: Traffic;
  readonly shares: Shares;
  readonly conversations: Conversations;
  readonly losses: Losses;
  readonly live: boolean;
  readonly unicode: boolean;
}
/** Everything is worked out at most this often. */
const EVERY_MS = 1000;
/** Curves that one can tell apart. */
const CURVES = 5;
const CURVE_STYLES: readonly Style[] = ['title', 'good', 'warning', 'marked', 'bad'];
/** Of what is live. */
const LEAST_SECONDS = 60;
const TOP = 100;
const SPARKS = 20;
const PANES = ['protocols', 'talk'] as const;

interface Talk {
  readonly kind: ConversationKind;
  readonly row: Conversation;
  readonly spark: string;
}
interface Share {
  readonly protocol: string;
  readonly packets: number;
  readonly bytes: number;
}
/** What the overview shows of one moment. */
interface Moment {
  readonly chart: Chart;
  readonly protocols: readonly Share[];
  readonly talk: readonly Talk[];
}

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
  private readonly start = Math.floor(Date.now() / 1000);

  constructor(private readonly parts: OverviewParts) {}
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
      this.moment = { chart: this.chart(), protocols: this.parts.shares.top(TOP, 'bytes'), talk: this.talk() };
      this.madeAt = performance.now();
      this.madeOf = store.version;
      if (!live) this.changes++;
    }
    return this.moment;
  }
  private chart(): Chart {
    const { traffic, store, live } = this.parts;
    const now = live ? Math.floor(Date.now() / 1000) - 1 : undefined;
    const whole = traffic.series(undefined, now);
    const since = now === undefined ? 0 : Math.max(0, whole.packets.length - Math.max(LEAST_SECONDS, now - this.start));
    const values = ({ packets, bytes, width }: typeof whole): number[] =>
      this.unit === 'packets'
        ? Array.from(packets.subarray(since), (count) => count / width)
        : Array.from(bytes.subarray(since), (count) => (count * 8) / width);
    const byPort = traffic.ports.map((port) => ({ port, values: values(traffic.series(port, now)) }));
    const sum = (list: readonly number[]) => list.reduce((all, value) => all + value, 0);
    byPort.sort((a, b) => sum(b.values) - sum(a.values));
    const curves: Curve[] = byPort.slice(0, CURVES).map((curve, i) => ({
      label: safe(store.ports[curve.port]?.name ?? 'all'),
      style: CURVE_STYLES[i]!,
      values: curve.values,
    }));
    const seconds = whole.width * (whole.packets.length - since);
    return { curves, from: live ? `-${lasting(seconds)}` : '0', to: live ? 'now' : lasting(seconds), format: short };
  }
  private talk(): Talk[] {
    const { conversations, live, unicode } = this.parts;
    const now = Math.floor(Date.now() / 1000) - 1;
    const kinds = (['tcp', 'udp'] as const).filter((kind) => conversations.of(kind).length > 0);
    const chosen =
      kinds.length > 0
        ? kinds
        : (['ip', 'ipv6', 'eth'] as const).filter((kind) => conversations.of(kind).length > 0).slice(0, 1);
    return chosen
      .flatMap((kind) => {
        const table = conversations.of(kind);
        const rows = table.top(TOP, 'bytes');
        if (live) table.watch(rows);
        return rows.map((row) => {
          const rates = live ? table.rates(row, 'bytes', now) : undefined;
          return { kind, row: table.row(row), spark: rates === undefined ? '' : sparkline(rates, SPARKS, unicode) };
        });
      })
      .sort((a, b) => bytesOf(b.row) - bytesOf(a.row))
      .slice(0, TOP);
  }
  panes(size: Size): readonly Pane[] {
    const { chart } = this.now();
    const { columns, rows } = size;
    const upper = Math.max(8, Math.floor(rows * 0.45));
    const right = Math.max(26, Math.floor(columns * 0.3));
    const losses = this.losses();
    const below = Math.min(losses.length + 2, Math.max(3, Math.floor((rows - upper) * 0.4)));
    const title = `${this.unit === 'bits' ? 'Bits' : 'Packets'} in a second: ${legend(chart)}`;
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
          span(filled(endsOf(row), ends), 'address'),
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
const bytesOf = ({ bytesAB, bytesBA }: Conversation): number => bytesAB + bytesBA;
function endsOf({ a, b, portA, portB }: Conversation): string {
  const end = (address: string, port: number | undefined) =>
    port === undefined ? address : `${address.includes(':') ? `[${address}]` : address}:${port}`;
  return `${end(a, portA)} <-> ${end(b, portB)}`;
}
const legend = ({ curves }: Chart): string =>
  curves.map(({ label, values }) => `${label} ${short(values.at(-1) ?? 0)}`).join(', ');
function lasting(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
