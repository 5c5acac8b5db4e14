import { rmSync } from 'node:fs';
import type { FrameBatch } from '../../src/frame/batch.ts';
import { CopySink } from '../../src/sink/copy.ts';
import type { Matches } from './matches.ts';
import { Slice } from './slice.ts';
import type { PacketStore } from './store.ts';

export interface SaveOptions {
  readonly path: string;
  /** Only these; all packets unless given. */
  readonly matches?: Matches | undefined;
  readonly signal?: AbortSignal;
  /** Told after each piece how many packets were gone through. */
  readonly progress?: (packets: number) => void;
}

/**
 * Writes the packets that there are, or those of them that match, as pcapng into a file that is not there yet, in slices;
 * returns how many. Of a file it is what `read -Y FILTER -w` writes. Aborted, it leaves no file.
 */
export async function save(store: PacketStore, { path, matches, signal, progress }: SaveOptions): Promise<number> {
  // What is being read is looked at to its end; of what is live the packets that were found until now are meant.
  if (store.state !== 'live') await matches?.done;
  const writer = new Writer(new CopySink({ path, format: 'pcapng', force: false }), matches);
  await using source = await store.source();
  const slice = new Slice();
  await writer.sink.begin(source);
  try {
    let seen = 0;
    for await (const batch of source.batches(signal)) {
      const first = source.first ?? seen;
      writer.write(batch, first);
      await writer.sink.flush();
      batch.release();
      seen = first + batch.count;
      progress?.(seen);
      if (slice.isOver) await slice.next();
    }
  } finally {
    await writer.sink.end();
    if (signal?.aborted) rmSync(path, { force: true });
  }
  return writer.packets;
}
class Writer {
  packets = 0;
  /** Matches that come later are not written. */
  private readonly end: number;

  constructor(
    readonly sink: CopySink,
    private readonly matches: Matches | undefined,
  ) {
    this.end = matches?.length ?? 0;
  }
  /** Writes what is wanted of a batch, whose first packet has the number `first`. */
  write(batch: FrameBatch, first: number): void {
    const { count } = batch;
    if (this.matches === undefined) this.rows(batch, 0, count);
    else this.found(this.matches, batch, first);
    // What stands behind the last packet is copied, too.
    this.sink.rows(batch, count, count);
  }
  private found(matches: Matches, batch: FrameBatch, first: number): void {
    for (let n = matches.rank(first); n < this.end; ) {
      const row = matches.at(n) - first;
      if (row >= batch.count) return;
      let to = row;
      while (to < batch.count && n < this.end && matches.at(n) - first === to) {
        to++;
        n++;
      }
      this.rows(batch, row, to);
    }
  }
  private rows(batch: FrameBatch, from: number, to: number): void {
    this.sink.rows(batch, from, to);
    this.packets += to - from;
  }
}
