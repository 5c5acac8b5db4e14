import { ToolError } from '../../src/error.ts';
import type { Obstacle } from '../../src/topology/topology.ts';
import { readJourneys } from '../../src/trace/journey-file.ts';
import { outcomeOf } from '../../src/trace/text.ts';
import { type DropNews, dropNews } from './drop.ts';
import { type Entry, type JourneyFeed, Journeys } from './journey-feed.ts';

const MOST = 20_000;
/** `hooktap trace -w` marks every packet: what begins with so many others is another file. */
const PATIENCE_PACKETS = 10_000;
/** Journeys are read as far as the screen can wait for. */
const BUDGET_MS = 8;
const NONE = { delivered: 0, sent: 0, dropped: 0, consumed: 0, unknown: 0 } as const;

/** The journeys of a file that `hooktap trace -w` wrote, which come while it is read. */
export class StoredJourneys implements JourneyFeed {
  version = 0;
  state: JourneyFeed['state'] = 'off';
  readonly expression = '';
  readonly lost = 0;
  readonly behind = false;
  readonly notices: readonly string[] = [];
  obstacle: Obstacle | undefined;
  private readonly journeys = new Journeys(MOST);

  constructor(
    private readonly path: string,
    private readonly hear: (news: readonly DropNews[]) => void = () => {},
  ) {}
  get entries(): readonly Entry[] {
    return this.journeys.entries;
  }
  get counts(): JourneyFeed['counts'] {
    return this.journeys.counts;
  }
  /** Reads to the end, or until `signal` says that nobody waits any more. */
  async read(signal?: AbortSignal): Promise<void> {
    this.state = 'reading';
    this.version++;
    let since = performance.now();
    try {
      for await (const entry of readJourneys(this.path, PATIENCE_PACKETS)) {
        if (signal?.aborted === true) break;
        this.journeys.add([entry], { ...NONE, [outcomeOf(entry.journey)]: 1 });
        this.hear(dropNews([entry]));
        this.version++;
        if (performance.now() - since < BUDGET_MS) continue;
        await new Promise((resolve) => setImmediate(resolve));
        since = performance.now();
      }
      this.state = 'over';
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      this.state = 'refused';
      this.obstacle = { why: error.message, remedy: error.hint ?? 'hooktap trace -w FILE' };
    }
    this.version++;
  }
}
