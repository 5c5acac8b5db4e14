import type { FrameBatch, PacketOptions } from '../frame/batch.ts';
import { Rows } from '../frame/rows.ts';
import type { CaptureSource, Port, PortCounts, SourceCounts } from './source.ts';

const ROWS = 4096;
const ROOM = 1 << 20;
/** So long the packets of others wait for a live source that is silent: it may have an earlier one on its way. */
const PATIENCE_MS = 100;

/** One of the sources, and how far its packets were taken. */
class Branch {
  batch: FrameBatch | undefined;
  row = 0;
  ended = false;
  failure: unknown;
  /** Its next batch is asked for. */
  pending: Promise<void> | undefined;
  private readonly iterator: AsyncIterator<FrameBatch>;

  constructor(
    readonly source: CaptureSource,
    /** What its ports are called where they are joined with others. */
    readonly ports: number[],
    signal: AbortSignal,
  ) {
    this.iterator = source.batches(signal)[Symbol.asyncIterator]();
  }
  get isWaiting(): boolean {
    return this.batch === undefined && !this.ended;
  }
  /** Asks for the next batch, unless it is asked for already. */
  ask(): Promise<void> {
    return (this.pending ??= this.next().finally(() => (this.pending = undefined)));
  }
  private async next(): Promise<void> {
    try {
      const { done, value } = await this.iterator.next();
      if (done === true) this.ended = true;
      else if (value.count === 0) value.release();
      else {
        this.batch = value;
        this.row = 0;
      }
    } catch (error) {
      this.ended = true;
      this.failure = error;
    }
  }
  /** Is its packet before us earlier than the other's? */
  isBefore({ batch: other, row }: Branch): boolean {
    const mine = this.batch!.seconds[this.row]! - other!.seconds[row]!;
    return mine < 0 || (mine === 0 && this.batch!.nanos[this.row]! < other!.nanos[row]!);
  }
  advance(): void {
    if (++this.row < this.batch!.count) return;
    this.batch!.release();
    this.batch = undefined;
  }
  async leave(): Promise<void> {
    this.batch?.release();
    this.batch = undefined;
    await this.iterator.return?.();
  }
}

/**
 * Joins sources into one, their packets in order of time; those of one source stay in their own order. A source that fails
 * does not keep the others from their end; then it is thrown. Closing it closes them all.
 */
export function merge(sources: readonly CaptureSource[]): CaptureSource {
  return new Merged(sources);
}
class Merged implements CaptureSource {
  readonly ports: Port[] = [];
  readonly format: 'pcapng' | 'live';
  private readonly known: number[][];
  private captured = 0;

  constructor(private readonly sources: readonly CaptureSource[]) {
    this.format = sources.some(({ format }) => format === 'live') ? 'live' : 'pcapng';
    this.known = sources.map(() => []);
    for (const [i, source] of sources.entries()) this.meet(source, this.known[i]!);
  }
  get name(): string {
    return this.sources.map(({ name }) => name).join(',');
  }
  get size(): number | undefined {
    return this.sources.reduce<number | undefined>(
      (sum, { size }) => (sum === undefined || size === undefined ? undefined : sum + size),
      0,
    );
  }
  get position(): number {
    return this.sources.reduce((sum, { position }) => sum + position, 0);
  }
  counts(): SourceCounts {
    return { captured: this.captured, dropped: this.sources.reduce((sum, each) => sum + each.counts().dropped, 0) };
  }
  portCounts(): readonly PortCounts[] {
    return this.sources.flatMap((source, i) => {
      this.meet(source, this.known[i]!);
      return (source.portCounts?.() ?? []).map((counts) => ({ ...counts, port: this.known[i]![counts.port]! }));
    });
  }
  /** Takes over the ports that a source has by now. */
  private meet(source: CaptureSource, known: number[]): void {
    for (let i = known.length; i < source.ports.length; i++) {
      known.push(this.ports.length);
      // What a file called it is of no use beside other files.
      const { section: _, id: __, block: ___, ...port } = source.ports[i]!;
      this.ports.push(port);
    }
  }

  async *batches(signal?: AbortSignal): AsyncGenerator<FrameBatch> {
    // Of our own: who leaves in the middle does not wait for sources that are silent.
    const controller = new AbortController();
    const stop = () => controller.abort();
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop);
    const branches = this.sources.map((source, i) => new Branch(source, this.known[i]!, controller.signal));
    try {
      yield* this.join(branches, controller.signal);
    } finally {
      signal?.removeEventListener('abort', stop);
      stop();
      for (const branch of branches) await branch.leave();
    }
  }
  private async *join(branches: readonly Branch[], signal: AbortSignal): AsyncGenerator<FrameBatch> {
    let joined = new Joined();
    while (!signal.aborted) {
      await allAsked(branches);
      if (signal.aborted) return;
      for (const { source, ports } of branches) this.meet(source, ports);
      if (joined.leased) joined = new Joined();
      joined.empty();
      take(branches, joined);
      if (joined.count > 0) {
        joined.leased = true;
        this.captured += joined.count;
        yield joined;
      } else if (branches.every(({ ended }) => ended)) break;
      // As a live source does when it has nothing: sinks come to do what they put off.
      else if (this.format === 'live') yield new Rows(0);
    }
    const failed = branches.find(({ failure }) => failure !== undefined);
    if (failed !== undefined && !signal.aborted) throw failed.failure;
  }
  async [Symbol.asyncDispose](): Promise<void> {
    for (const source of this.sources) await source[Symbol.asyncDispose]();
  }
}
/** Copies packets, the earliest first, until a source has to be asked for more, or there is no room. */
function take(branches: readonly Branch[], joined: Joined): void {
  // A live source that is not among them was waited for long enough.
  const ready = branches.filter(({ batch }) => batch !== undefined);
  while (ready.every(({ batch }) => batch !== undefined) && ready.length > 0) {
    const first = ready.reduce((best, each) => (each.isBefore(best) ? each : best));
    if (!joined.add(first.batch!, first.row, first.ports)) return;
    first.advance();
  }
}
/** Has every source say what comes next. Files are waited for, live sources for a while if another has something. */
async function allAsked(branches: readonly Branch[]): Promise<void> {
  const waiting = branches.filter(({ isWaiting }) => isWaiting);
  if (waiting.length === 0) return;
  const asked = waiting.map((branch) => ({ branch, answer: branch.ask() }));
  const files = asked.filter(({ branch }) => branch.source.format !== 'live').map(({ answer }) => answer);
  await Promise.all(files);
  const live = asked.filter(({ branch }) => branch.source.format === 'live').map(({ answer }) => answer);
  if (live.length === 0) return;
  if (branches.every(({ batch }) => batch === undefined)) await Promise.race(live);
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, PATIENCE_MS)));
  await Promise.race([Promise.all(live), patience]);
  clearTimeout(timer);
}

/** Packets of several sources, copied into one buffer. */
class Joined extends Rows {
  private used = 0;
  private readonly said: (PacketOptions | undefined)[] = [];

  constructor() {
    super(ROWS);
    this.over(new Uint8Array(ROOM), this.view);
  }
  empty(): void {
    this.count = 0;
    this.used = 0;
    this.said.length = 0;
  }
  /** False when there is no room; a packet that is longer than all the room gets a buffer of its own. */
  add(batch: FrameBatch, row: number, ports: readonly number[]): boolean {
    const length = batch.captured[row]!;
    if (this.count === this.capacity || this.used + length > this.bytes.length) {
      if (this.count > 0) return false;
      this.bytes = new Uint8Array(length);
    }
    const i = this.count++;
    const from = batch.offset[row]!;
    this.bytes.set(batch.bytes.subarray(from, from + length), this.used);
    this.offset[i] = this.used;
    this.captured[i] = length;
    this.wire[i] = batch.wire[row]!;
    this.seconds[i] = batch.seconds[row]!;
    this.nanos[i] = batch.nanos[row]!;
    this.port[i] = ports[batch.port[row]!]!;
    this.direction[i] = batch.direction[row]!;
    this.flags[i] = batch.flags[row]!;
    // Now, as the batch that it comes from may be gone when somebody asks.
    if (batch.options !== undefined) this.said[i] = batch.options(row);
    this.used += length;
    return true;
  }
  override options = (i: number): PacketOptions | undefined => this.said[i];
}
