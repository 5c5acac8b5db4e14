/** The thread that traces: to load its programs, and to join what they tell, takes longer than a screen may wait. */
import { parentPort, workerData } from 'node:worker_threads';
import { ToolError } from '../../src/error.ts';
import type { Namespace } from '../../src/linux/namespace.ts';
import type { Obstacle } from '../../src/topology/topology.ts';
import type { Headers } from '../../src/trace/headers.ts';
import type { Journey, Outcome, Step } from '../../src/trace/journey.ts';
import { outcomeOf } from '../../src/trace/text.ts';
import { Tracer } from '../../src/trace/tracer.ts';
import { type DropNews, dropNews } from './drop.ts';

export interface TraceOrder {
  /** In tcpdump's language; empty: every packet. */
  readonly expression: string;
  readonly namespaces?: readonly Namespace[] | undefined;
  /** Only journeys that came through one of these, by their inodes. */
  readonly netns?: ReadonlySet<number> | undefined;
}
/** What was seen since the last time. */
export interface TraceNews {
  /** The last ones: nobody reads a thousand in a second. */
  readonly journeys: readonly Journey[];
  /** Of all that there were. */
  readonly counts: Readonly<Record<Outcome, number>>;
  readonly drops: readonly DropNews[];
  /** What the namespaces of all this are called. */
  readonly names: ReadonlyMap<number, string>;
  readonly epoch: bigint;
  /** Events that came too fast, since tracing began. */
  readonly lost: number;
  /** Is there more that was seen, but not looked at yet? */
  readonly behind: boolean;
}
export type TraceTold =
  | { readonly type: 'tracing'; readonly notices: readonly string[] }
  | { readonly type: 'news'; readonly news: TraceNews }
  | { readonly type: 'refused'; readonly obstacle: Obstacle };

const EVERY_MS = 20;
const TELL_MS = 100;
const GRACE_MS = 200;
/** Journeys that are told at a time. */
const MOST = 50;
/** Of a packet that is needed to know it again, and to tell what it is. */
const WINDOW = 192;

class Tracing {
  private told = performance.now();
  private toldLost = 0;
  private journeys: Journey[] = [];
  private ended = false;

  constructor(
    private readonly tracer: Tracer,
    private readonly netns: ReadonlySet<number> | undefined,
  ) {
    this.look();
  }
  private look(): void {
    if (this.ended) return;
    this.take(false);
    if (performance.now() - this.told >= TELL_MS) this.tell();
    if (this.tracer.behind) setImmediate(() => this.look());
    else setTimeout(() => this.look(), EVERY_MS);
  }
  private take(all: boolean): void {
    for (const journey of this.tracer.take(all)) if (this.isWanted(journey)) this.journeys.push(journey);
  }
  private isWanted({ steps }: Journey): boolean {
    const { netns } = this;
    return netns === undefined || steps.some((step) => netns.has(step.netns));
  }
  private tell(): void {
    this.told = performance.now();
    const { tracer, journeys } = this;
    const { lost } = tracer.counts();
    const { behind } = tracer;
    if (journeys.length === 0 && lost === this.toldLost) return;
    const names = new Map<number, string>();
    const nameOf = (inode: number): string => {
      const name = names.get(inode) ?? nameIn(tracer, inode);
      names.set(inode, name);
      return name;
    };
    const drops = dropNews(journeys.map((journey) => ({ journey, nameOf, epoch: tracer.epoch })));
    const last = journeys.slice(-MOST).map(plain);
    for (const each of last) for (const inode of inodesOf(each)) nameOf(inode);
    const news = { journeys: last, counts: countsOf(journeys), drops, names, epoch: tracer.epoch, lost, behind };
    say({ type: 'news', news });
    this.journeys = [];
    this.toldLost = lost;
  }
  end(): void {
    this.ended = true;
    // What waits may take longer than anybody wants to wait for the end.
    for (const until = performance.now() + GRACE_MS; this.tracer.behind && performance.now() < until; )
      this.take(false);
    if (!this.tracer.behind) this.take(true);
    this.tell();
    this.tracer[Symbol.dispose]();
  }
}
function nameIn({ namespaces }: Tracer, netns: number): string {
  if (netns === 0) return '?';
  return netns === namespaces.own ? 'here' : namespaces.name(netns);
}
function countsOf(journeys: readonly Journey[]): Record<Outcome, number> {
  const counts = { delivered: 0, sent: 0, dropped: 0, consumed: 0, unknown: 0 };
  for (const journey of journeys) counts[outcomeOf(journey)]++;
  return counts;
}
const inodesOf = ({ steps, endings, ending, deliveries }: Journey): number[] => [
  ...steps.map(({ netns }) => netns),
  ...[...endings, ending, ...deliveries].map(({ where }) => where.netns),
];
/** As one thread may give it to another: without what works something out when it is asked for. */
function plain(journey: Journey): Journey {
  const { steps, first, last } = journey;
  return { ...journey, steps: steps.map(plainStep), first: plainHeaders(first), last: plainHeaders(last) };
}
const plainStep = ({ event: { bytes, tag, length }, ...step }: Step): Step => ({
  ...step,
  event: { bytes: bytes.slice(), tag, length },
});
function plainHeaders(headers: Headers): Headers {
  const { sourceMac, destinationMac, etherType, vlan, version, source, destination, protocol, ttl, id } = headers;
  const { mayFragment, fragment, sourcePort, destinationPort, tcp, icmp, tunnel, bytes, payload } = headers;
  return {
    ...{ sourceMac, destinationMac, etherType, vlan, version, source, destination, protocol, ttl, id },
    ...{ mayFragment, fragment, sourcePort, destinationPort, tcp, icmp },
    ...{ bytes: bytes.slice(), payload: payload.slice() },
    tunnel: tunnel === undefined ? undefined : { ...tunnel, inner: plainHeaders(tunnel.inner) },
  };
}
const say = (told: TraceTold): void => parentPort!.postMessage(told);

/** Traces until any message comes, and leaves when all is let go of: what a thread holds does not go with it. */
async function trace({ expression, namespaces, netns }: TraceOrder): Promise<void> {
  const notices: string[] = [];
  const notice = (text: string) => notices.push(text);
  const options = { expression, window: WINDOW, notice };
  const tracer = await Tracer.open(namespaces === undefined ? options : { ...options, namespaces });
  try {
    tracer.attach();
  } catch (error) {
    tracer[Symbol.dispose]();
    throw error;
  }
  const tracing = new Tracing(tracer, netns);
  parentPort!.once('message', () => tracing.end());
  say({ type: 'tracing', notices });
}
try {
  await trace(workerData as TraceOrder);
} catch (error) {
  if (!(error instanceof ToolError)) throw error;
  say({ type: 'refused', obstacle: { why: error.message, remedy: error.hint ?? 'hooktap doctor' } });
}
