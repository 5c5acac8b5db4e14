import type { Obstacle } from '../../src/topology/topology.ts';
import type { Outcome } from '../../src/trace/journey.ts';
import type { Restored } from '../../src/trace/stored.ts';

/** A journey, what its namespaces are called, and from when its times count. */
export type Entry = Restored;

/** Journeys as they come. */
export interface JourneyFeed {
  /** Changes whenever anything below does. */
  readonly version: number;
  /** `off`: nobody asked yet; `refused`: see {@link obstacle}; `over`: nothing more will come. */
  readonly state: 'off' | 'starting' | 'tracing' | 'reading' | 'over' | 'refused';
  /** Which packets, in tcpdump's language; empty: all. */
  readonly expression: string;
  /** The last ones, the oldest first. */
  readonly entries: readonly Entry[];
  /** Of all that there were, also those that are not kept. */
  readonly counts: Readonly<Record<Outcome, number>>;
  /** Events that came too fast: what they would have told is missing. */
  readonly lost: number;
  /** Is there more that was seen, but not joined to journeys yet? */
  readonly behind: boolean;
  /** What cannot be seen here, and why. */
  readonly notices: readonly string[];
  readonly obstacle: Obstacle | undefined;
}
const SLACK = 1.25;

/** The last of what comes: so many at least, if there were. */
export class Journeys {
  private kept: Entry[] = [];
  readonly counts: Record<Outcome, number> = { delivered: 0, sent: 0, dropped: 0, consumed: 0, unknown: 0 };

  constructor(private readonly most: number) {}
  get entries(): readonly Entry[] {
    return this.kept;
  }
  /** `counts`: of all that there were, of which these may be the last. */
  add(entries: readonly Entry[], counts: Readonly<Record<Outcome, number>>): void {
    this.kept.push(...entries);
    for (const outcome of Object.keys(counts) as Outcome[]) this.counts[outcome] += counts[outcome];
    // Not one by one: each time, all that stay are copied.
    if (this.kept.length > this.most * SLACK) this.kept = this.kept.slice(-this.most);
  }
}
