import type { FrameBatch } from '../frame/batch.ts';
import type { CaptureSource, Port, PortCounts, SourceCounts } from './source.ts';

type Next = IteratorResult<FrameBatch, undefined>;

/**
 * Makes several sources of one, each with every packet. They go on together, batch by batch, at the pace of the slowest; one
 * that is left or closed holds up nobody. The source is closed when all of them are.
 */
export function tee(source: CaptureSource, count = 2): CaptureSource[] {
  const split = new Split(source);
  return Array.from({ length: count }, () => new Branch(split));
}

/** The one source, and who reads from it. */
class Split {
  /** Those who may still want batches. */
  private readonly readers = new Set<Branch>();
  private readonly open = new Set<Branch>();
  private readonly asking = new Map<Branch, { give: (next: Next) => void; fail: (error: unknown) => void }>();
  private readonly controller = new AbortController();
  private iterator: AsyncIterator<FrameBatch, undefined> | undefined;
  private fetching = false;

  constructor(readonly source: CaptureSource) {}
  join(branch: Branch): void {
    this.readers.add(branch);
    this.open.add(branch);
  }
  /** The next batch, once everybody has asked for it. */
  next(branch: Branch): Promise<Next> {
    const answer = new Promise<Next>((give, fail) => this.asking.set(branch, { give, fail }));
    this.fetch();
    return answer;
  }
  /** It wants no more; an answer that it waits for is the end. */
  leave(branch: Branch): void {
    this.readers.delete(branch);
    this.asking.get(branch)?.give({ done: true, value: undefined });
    this.asking.delete(branch);
    if (this.readers.size === 0) this.controller.abort();
    this.fetch();
  }
  private fetch(): void {
    if (this.fetching || this.asking.size === 0 || this.asking.size < this.readers.size) return;
    this.fetching = true;
    this.iterator ??= this.source.batches(this.controller.signal)[Symbol.asyncIterator]() as AsyncIterator<
      FrameBatch,
      undefined
    >;
    this.iterator.next().then(
      (next) => this.answer(({ give }, lease) => give(next.done === true ? next : { value: lease(next.value) }), next),
      (error: unknown) => this.answer(({ fail }) => fail(error)),
    );
  }
  private answer(
    tell: (
      asker: { give: (next: Next) => void; fail: (error: unknown) => void },
      lease: (batch: FrameBatch) => FrameBatch,
    ) => void,
    next?: Next,
  ): void {
    this.fetching = false;
    const askers = [...this.asking];
    this.asking.clear();
    const leases = new Leases(askers.length);
    for (const [branch, asker] of askers) tell(asker, (batch) => branch.took(leases.of(batch)));
    // All of them left in the meantime.
    if (askers.length === 0 && next?.done !== true) next?.value.release();
  }
  async close(branch: Branch): Promise<void> {
    this.leave(branch);
    this.open.delete(branch);
    if (this.open.size === 0) await this.source[Symbol.asyncDispose]();
  }
}
/** Who still has a batch. */
class Leases {
  constructor(private held: number) {}
  of(batch: FrameBatch): FrameBatch {
    let released = false;
    const release = () => {
      if (released) return;
      released = true;
      if (--this.held === 0) batch.release();
    };
    // The columns are the batch's own: nothing is copied.
    return Object.create(batch, { release: { value: release } }) as FrameBatch;
  }
}

class Branch implements CaptureSource {
  readonly machine?: NonNullable<CaptureSource['machine']>;
  readonly portCounts?: () => readonly PortCounts[];
  private captured = 0;

  constructor(private readonly split: Split) {
    const { source } = split;
    if (source.machine !== undefined) this.machine = source.machine;
    if (source.portCounts !== undefined) this.portCounts = () => source.portCounts!();
    split.join(this);
  }
  private get source(): CaptureSource {
    return this.split.source;
  }
  get name(): string {
    return this.source.name;
  }
  get ports(): readonly Port[] {
    return this.source.ports;
  }
  get format(): CaptureSource['format'] {
    return this.source.format;
  }
  get size(): number | undefined {
    return this.source.size;
  }
  get position(): number {
    return this.source.position;
  }
  counts(): SourceCounts {
    return { captured: this.captured, dropped: this.source.counts().dropped };
  }
  took(batch: FrameBatch): FrameBatch {
    this.captured += batch.count;
    return batch;
  }
  async *batches(signal?: AbortSignal): AsyncGenerator<FrameBatch> {
    const stop = () => this.split.leave(this);
    if (signal?.aborted) return stop();
    signal?.addEventListener('abort', stop);
    try {
      for (;;) {
        const next = await this.split.next(this);
        if (next.done === true) return;
        yield next.value;
        if (signal?.aborted) return;
      }
    } finally {
      signal?.removeEventListener('abort', stop);
      stop();
    }
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.split.close(this);
  }
}
