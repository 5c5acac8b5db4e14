import { summary } from '../../../src/trace/describe.ts';
import { outcomeOf } from '../../../src/trace/text.ts';
import { dropsOf } from '../drop.ts';
import type { Entry, JourneyFeed } from '../journey-feed.ts';
import { delayOf, type Order, searched } from './cells.ts';

/** Which journeys are listed, and in which order. */
export interface Choice {
  /** Only those that have this text in them. */
  readonly text: string;
  /** Only those that ended so: the key of a drop. */
  readonly drop: string | undefined;
  readonly order: Order;
  readonly reversed: boolean;
}
const KEYS: Readonly<Record<Exclude<Order, 'time'>, (entry: Entry) => string | number>> = {
  outcome: ({ journey }) => outcomeOf(journey),
  packet: ({ journey }) => summary(journey.first),
  delay: delayOf,
};
/** Chooses anew only when there is something new. */
export class Chosen {
  private known = '';
  private entries: readonly Entry[] = [];
  /** What was worked out once of journeys that do not change. */
  private readonly texts = new WeakMap<Entry, string>();
  private readonly drops = new WeakMap<Entry, readonly string[]>();

  of(feed: JourneyFeed, choice: Choice): readonly Entry[] {
    const key = `${feed.version} ${JSON.stringify(choice)}`;
    if (key !== this.known) this.entries = this.ordered(feed.entries.filter(this.fits(choice)), choice);
    this.known = key;
    return this.entries;
  }
  private fits({ text, drop }: Choice): (entry: Entry) => boolean {
    const wanted = text.toLowerCase();
    return (entry) =>
      (wanted === '' || this.once(this.texts, entry, searched).includes(wanted)) &&
      (drop === undefined || this.once(this.drops, entry, keysOf).includes(drop));
  }
  private once<T>(known: WeakMap<Entry, T>, entry: Entry, work: (entry: Entry) => T): T {
    const before = known.get(entry);
    if (before !== undefined) return before;
    const value = work(entry);
    known.set(entry, value);
    return value;
  }
  private ordered(entries: Entry[], { order, reversed }: Choice): readonly Entry[] {
    if (order !== 'time') {
      const keys = new Map(entries.map((entry) => [entry, KEYS[order](entry)]));
      entries.sort((a, b) => (keys.get(a)! < keys.get(b)! ? -1 : keys.get(a)! > keys.get(b)! ? 1 : 0));
    }
    return reversed ? entries.reverse() : entries;
  }
}
const keysOf = (entry: Entry): string[] => dropsOf(entry).map(({ key }) => key);
