import { Worker } from 'node:worker_threads';
import { builtFile } from '../../src/capture/built-file.ts';
import { ToolError } from '../../src/error.ts';
import type { Namespace } from '../../src/linux/namespace.ts';
import type { Obstacle } from '../../src/topology/topology.ts';
import type { DropNews } from './drop.ts';
import { type Entry, type JourneyFeed, Journeys } from './journey-feed.ts';
import type { TraceNews, TraceOrder, TraceTold } from './trace-worker.ts';

export interface JourneyLogOptions {
  /** How many journeys are kept. */
  readonly most?: number;
  /** Only journeys that came through one of these namespaces, by their inodes. */
  readonly netns?: ReadonlySet<number>;
  readonly namespaces?: readonly Namespace[];
  /** Is told of every packet that was dropped, also of those whose journeys are not kept. */
  readonly hear?: (news: readonly DropNews[]) => void;
  /** Is told when what was seen before is forgotten. */
  readonly begin?: () => void;
}
const MOST = 2000;

/** Follows packets through the kernel while it is asked to, in a thread of its own. */
export class JourneyLog implements JourneyFeed, AsyncDisposable {
  version = 0;
  state: JourneyFeed['state'] = 'off';
  expression = '';
  lost = 0;
  behind = false;
  notices: readonly string[] = [];
  obstacle: Obstacle | undefined;
  private journeys: Journeys;
  private readonly names = new Map<number, string>();
  private worker: Worker | undefined;
  private turn: Promise<void> = Promise.resolve();
  private readonly nameOf = (netns: number): string => this.names.get(netns) ?? String(netns);

  constructor(private readonly options: JourneyLogOptions = {}) {
    this.journeys = new Journeys(options.most ?? MOST);
  }
  get entries(): readonly Entry[] {
    return this.journeys.entries;
  }
  get counts(): JourneyFeed['counts'] {
    return this.journeys.counts;
  }
  /** Begins anew, with packets that match in tcpdump's language; what was seen before is forgotten. */
  start(expression: string): Promise<void> {
    return this.inTurn(async () => {
      await this.end();
      this.journeys = new Journeys(this.options.most ?? MOST);
      const nothing = { lost: 0, behind: false, notices: [], obstacle: undefined };
      Object.assign(this, { ...nothing, expression, state: 'starting' });
      this.version++;
      this.options.begin?.();
      await this.begin();
    });
  }
  /** Ends when all is let go of; what was seen stays. */
  stop(): Promise<void> {
    return this.inTurn(() => this.end());
  }
  /** Who asks while another is being started or ended waits: no thread is forgotten. */
  private inTurn(work: () => Promise<void>): Promise<void> {
    this.turn = this.turn.then(work);
    return this.turn;
  }
  private async begin(): Promise<void> {
    const { namespaces, netns } = this.options;
    const plain = namespaces?.map(({ label, path }) => ({ label, path }));
    const workerData: TraceOrder = { expression: this.expression, namespaces: plain, netns };
    let worker: Worker;
    try {
      // Its descriptors belong to the process: the thread lets go of them itself.
      worker = new Worker(builtFile('trace-worker.js'), { workerData, trackUnmanagedFds: false });
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      this.refuse({ why: error.message, remedy: error.hint ?? 'hooktap doctor' });
      return;
    }
    this.worker = worker;
    worker.on('message', (told: TraceTold) => this.hear(told));
    worker.on('error', ({ message }) => this.refuse({ why: message, remedy: 'hooktap doctor' }));
    await new Promise<void>((resolve) => {
      worker.once('message', () => resolve());
      worker.once('exit', () => resolve());
    });
    // Nobody stays for its sake.
    worker.unref();
  }
  private hear(told: TraceTold): void {
    if (told.type === 'refused') this.refuse(told.obstacle);
    else if (told.type === 'news') this.take(told.news);
    else Object.assign(this, { state: 'tracing', notices: told.notices });
    this.version++;
  }
  private take({ journeys, counts, drops, names, epoch, lost, behind }: TraceNews): void {
    for (const [netns, name] of names) this.names.set(netns, name);
    const { nameOf } = this;
    this.journeys.add(
      journeys.map((journey) => ({ journey, nameOf, epoch })),
      counts,
    );
    Object.assign(this, { lost, behind });
    if (drops.length > 0) this.options.hear?.(drops);
  }
  private refuse(obstacle: Obstacle): void {
    this.state = 'refused';
    this.obstacle = obstacle;
    this.version++;
  }
  private async end(): Promise<void> {
    const { worker } = this;
    this.worker = undefined;
    if (worker === undefined) return;
    if (this.state !== 'refused') {
      worker.ref();
      const gone = new Promise((resolve) => worker.once('exit', resolve));
      worker.postMessage('end');
      await gone;
      this.state = 'over';
    }
    this.version++;
  }
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}
