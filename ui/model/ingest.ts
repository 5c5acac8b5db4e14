import type { CaptureSource } from '../../src/capture/source.ts';
import type { Frame } from '../../src/dissect/frame.ts';
import { Lens } from '../../src/dissect/lens.ts';
import type { Registry } from '../../src/dissect/registry.ts';
import { ToolError } from '../../src/error.ts';
import { SequenceTable } from '../../src/flow/sequence.ts';
import type { FrameBatch } from '../../src/frame/batch.ts';
import { RelativeNumbers } from './relative.ts';
import { Slice } from './slice.ts';
import type { FillingStore } from './store.ts';

/** Whoever counts, names, or remembers: shown each packet once, in order. */
export interface Observer {
  /** The packet is in the store under `frame.number - 1`. Fragments are not put together. */
  see(frame: Frame): void;
  /** Packets come, and with them what the file says beside them. */
  batch?(batch: FrameBatch): void;
}
/** Packets that are seen between two looks at the clock. */
const BETWEEN = 64;

/** Reads a source into a store, and shows each packet to observers, in slices: the screen never waits. */
export class Ingest {
  /** Packets that were shown to the observers. */
  seen = 0;
  /** Fulfilled when the source ended, damaged or not; rejected when a program is wrong. */
  readonly done: Promise<void>;
  private readonly controller = new AbortController();
  private readonly slice = new Slice();
  private readonly lens: Lens;
  private readonly relatives: RelativeNumbers;

  constructor(
    source: CaptureSource,
    private readonly store: FillingStore,
    registry: Registry,
    private readonly observers: readonly Observer[],
  ) {
    this.lens = new Lens(registry, store.ports);
    this.relatives = new RelativeNumbers(new SequenceTable(registry, false));
    this.done = this.run(source);
  }
  /** Sets the numbers that make those of TCP relative, for packet i, which was dissected in the frame. */
  relative(i: number, frame: Frame): void {
    this.relatives.put(i, frame);
  }
  /** Reads no more. */
  stop(): void {
    this.controller.abort();
  }
  private async run(source: CaptureSource): Promise<void> {
    const { store, slice } = this;
    try {
      for await (const batch of source.batches(this.controller.signal)) {
        // Of what is live the one before was waited for.
        if (source.format === 'live') slice.begin();
        store.append(batch);
        for (const observer of this.observers) observer.batch?.(batch);
        await this.show(batch, store.count - batch.count);
        batch.release();
        this.relatives.forget(store.first);
      }
      store.end();
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      store.end(error);
    }
  }
  /** Shows the packets of a batch, of which the first has the number `first`. */
  private async show(batch: FrameBatch, first: number): Promise<void> {
    const { slice } = this;
    for (let from = 0; from < batch.count; ) {
      const to = Math.min(batch.count, from + BETWEEN);
      this.look(batch, from, to, first);
      from = to;
      if (slice.isOver) await slice.next();
    }
  }
  private look(batch: FrameBatch, from: number, to: number, first: number): void {
    const { lens, observers, relatives } = this;
    const { frame } = lens;
    for (let i = from; i < to; i++) {
      lens.look(batch, i);
      frame.number = first + i + 1;
      relatives.see(first + i, frame);
      for (let o = 0; o < observers.length; o++) observers[o]!.see(frame);
      frame.passed();
    }
    this.seen = first + to;
  }
}
