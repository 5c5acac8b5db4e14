import { summary } from '../../src/trace/describe.ts';
import type { Ending, Journey, Rule } from '../../src/trace/journey.ts';
import { placeText, ruleText } from '../../src/trace/text.ts';
import type { PacketFilter } from './conversation-subject.ts';
import type { Entry } from './journey-feed.ts';
import { filterOf } from './packet-filter.ts';

/** How and where packets ended: those that agree in all of it are one row. */
export interface Drop {
  readonly key: string;
  /** The kernel's name for it: `NO_SOCKET`. */
  readonly reason: string;
  readonly meaning: string;
  /** `router/lan forward`. */
  readonly place: string;
  readonly netns: number;
  readonly device: string;
  /** Empty where no rule did it. */
  readonly rule: string;
}
/** Every way in which a packet was dropped; most are in one. */
export function dropsOf({ journey, nameOf }: Entry): Drop[] {
  const dropped = journey.endings.filter(({ outcome }) => outcome === 'dropped');
  // That a flood of a bridge reached others, too, or that a copy found no socket, is no loss when somebody got the packet.
  const losses = isDropped(journey) ? dropped : dropped.filter(({ reason }) => !EXPECTED.has(reason));
  return losses.map((ending) => dropOf(ending, nameOf));
}
const EXPECTED: ReadonlySet<string | undefined> = new Set(['OTHERHOST', 'NO_SOCKET']);
export const isDropped = ({ ending }: Journey): boolean => ending.outcome === 'dropped';

export function dropOf({ where, reason, meaning, rule }: Ending, nameOf: Entry['nameOf']): Drop {
  const { netns, device, hook } = where;
  return {
    key: JSON.stringify([reason, netns, device, hook, rule === undefined ? '' : ruleKey(rule)]),
    reason: reason ?? 'dropped',
    meaning: meaning ?? '',
    place: placeText(where, nameOf),
    netns,
    device,
    rule: rule === undefined ? '' : ruleText(rule),
  };
}
const ruleKey = ({ family, table, chain, handle }: Rule): string => `${family} ${table} ${chain} ${handle}`;

/** Packets that ended in one way since the last time. */
export interface DropNews {
  readonly drop: Drop;
  readonly count: number;
  /** Of the last one: when, in ms since 1970; the number of its journey; what it was; and its conversation. */
  readonly at: number;
  readonly journey: number;
  readonly packet: string;
  readonly flow: PacketFilter;
}
export function dropNews(entries: readonly Entry[]): DropNews[] {
  const news = new Map<string, DropNews>();
  for (const entry of entries) {
    const { journey, epoch } = entry;
    const at = Number(epoch / 1000n) / 1000 + journey.ending.at / 1e6;
    for (const drop of dropsOf(entry)) {
      const count = (news.get(drop.key)?.count ?? 0) + 1;
      const { number, first } = journey;
      news.set(drop.key, { drop, count, at, journey: number, packet: summary(first), flow: filterOf(first) });
    }
  }
  return [...news.values()];
}
