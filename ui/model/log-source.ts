import type { CaptureSource, Port, PortCounts, SourceCounts } from '../../src/capture/source.ts';
import type { FrameBatch } from '../../src/frame/batch.ts';
import type { PacketStore, StoredSource } from './store.ts';

/** The packets that a store holds at the moment, once more as a source; what comes while it is read is left out. */
export class LogSource implements StoredSource {
  readonly format: CaptureSource['format'];
  readonly size = undefined;
  readonly position = 0;
  readonly machine?: NonNullable<CaptureSource['machine']>;
  first = 0;
  /** Packets handed out. */
  private captured = 0;

  constructor(
    private readonly origin: CaptureSource,
    private readonly store: PacketStore,
  ) {
    this.format = origin.format;
    if (origin.machine !== undefined) this.machine = origin.machine;
  }
  get name(): string {
    return this.origin.name;
  }
  get ports(): readonly Port[] {
    return this.origin.ports;
  }
  counts(): SourceCounts {
    return { captured: this.captured, dropped: this.store.lost };
  }
  portCounts(): readonly PortCounts[] {
    return this.origin.portCounts?.() ?? [];
  }
  async *batches(signal?: AbortSignal): AsyncGenerator<FrameBatch> {
    const { store } = this;
    const reader = store.reader();
    const end = store.count;
    for (let i = store.first; i < end && !signal?.aborted; ) {
      // Packets that went meanwhile cannot be had any more.
      i = Math.max(i, store.first);
      const place = reader.from(i);
      if (place === undefined) return;
      const { batch, row } = place;
      const count = Math.min(batch.count - row, end - i);
      this.captured += count;
      this.first = i;
      yield part(batch, row, row + count);
      i += count;
    }
  }
  async [Symbol.asyncDispose](): Promise<void> {}
}
/** The rows `[from, to)` of a batch, which may get more of them while they are used. */
function part(batch: FrameBatch, from: number, to: number): FrameBatch {
  const { bytes, options } = batch;
  return {
    bytes,
    count: to - from,
    offset: batch.offset.subarray(from, to),
    captured: batch.captured.subarray(from, to),
    wire: batch.wire.subarray(from, to),
    seconds: batch.seconds.subarray(from, to),
    nanos: batch.nanos.subarray(from, to),
    port: batch.port.subarray(from, to),
    direction: batch.direction.subarray(from, to),
    flags: batch.flags.subarray(from, to),
    envelope: undefined,
    ...(options === undefined ? {} : { options: (i: number) => options.call(batch, from + i) }),
    release() {},
  };
}
