import type { Conversation } from '../../src/flow/conversation.ts';
import type { ConversationKind, Conversations } from '../../src/flow/conversations.ts';
import type { Shares } from '../../src/flow/shares.ts';
import type { Traffic } from '../../src/flow/traffic.ts';
import type { Chart, Curve, Style } from './pane.ts';
import { safe } from './safe-text.ts';
import { sparkline } from './sparkline.ts';
import type { PacketStore } from './store.ts';
import { short } from './times.ts';

export type Unit = 'bits' | 'packets';
/** What the overview is made of. */
export interface SummaryParts {
  readonly store: PacketStore;
  readonly traffic: Traffic;
  readonly shares: Shares;
  readonly conversations: Conversations;
  readonly live: boolean;
  readonly unicode: boolean;
}
/** Curves that one can tell apart. */
const CURVES = 5;
const CURVE_STYLES: readonly Style[] = ['title', 'good', 'warning', 'marked', 'bad'];
/** Of what is live. */
const LEAST_SECONDS = 60;
const TOP = 100;
export const SPARKS = 20;

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
export interface Moment {
  readonly chart: Chart;
  readonly protocols: readonly Share[];
  readonly talk: readonly Talk[];
}

/** Works out what the overview shows. */
export class OverviewSummary {
  private readonly start = Math.floor(Date.now() / 1000);

  constructor(private readonly parts: SummaryParts) {}
  now(unit: Unit): Moment {
    return { chart: this.chart(unit), protocols: this.parts.shares.top(TOP, 'bytes'), talk: this.talk() };
  }
  private chart(unit: Unit): Chart {
    const { traffic, store, live } = this.parts;
    const now = live ? Math.floor(Date.now() / 1000) - 1 : undefined;
    const whole = traffic.series(undefined, now);
    const since = now === undefined ? 0 : Math.max(0, whole.packets.length - Math.max(LEAST_SECONDS, now - this.start));
    const values = ({ packets, bytes, width }: typeof whole): number[] =>
      unit === 'packets'
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
}
export const bytesOf = ({ bytesAB, bytesBA }: Conversation): number => bytesAB + bytesBA;
function lasting(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
