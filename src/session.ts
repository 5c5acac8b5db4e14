import type { CaptureSource } from './capture/source.ts';
import { Frame } from './dissect/frame.ts';
import { NONE } from './dissect/protocol.ts';
import type { Registry } from './dissect/registry.ts';
import { SequenceTable } from './flow/sequence.ts';
import type { FrameBatch } from './frame/batch.ts';
import { NEEDS, type Sink } from './sink/sink.ts';

export interface SessionOptions {
  readonly source: CaptureSource;
  readonly registry: Registry;
  readonly sinks: readonly Sink[];
  /** Stop after so many packets. */
  readonly count?: number;
  readonly signal?: AbortSignal;
  /** Connections that ICMP errors quote count as seen, too. */
  readonly quoted?: boolean;
  /** Called after each batch: for progress. */
  readonly progress?: (packets: number) => void;
}
export interface Summary {
  /** Packets that reached the sinks. */
  readonly packets: number;
  /** Connections forgotten for want of room: their numbers started over. */
  readonly forgotten: number;
}

/** The one loop: source → batch → frame → flow → sinks. The sinks are ended whatever happens. */
export async function run(options: SessionOptions): Promise<Summary> {
  const loop = new Loop(options);
  for (const sink of options.sinks) await sink.begin(options.source);
  try {
    for await (const batch of options.source.batches(options.signal)) {
      for (let next = 0; next < batch.count && !loop.done; ) {
        next = loop.take(batch, next);
        for (const sink of options.sinks) await sink.flush();
      }
      batch.release();
      options.progress?.(loop.packets);
      if (loop.done || options.signal?.aborted) break;
    }
  } finally {
    for (const sink of options.sinks) await sink.end();
  }
  return { packets: loop.packets, forgotten: loop.forgotten };
}

class Loop {
  packets = 0;
  private readonly frame: Frame;
  private readonly sequences: SequenceTable | undefined;
  private readonly frameSinks: Sink[];
  private readonly rowSinks: Sink[];
  private readonly first: number[] = [];

  constructor(private readonly options: SessionOptions) {
    const needs = Math.max(NEEDS.bytes, ...options.sinks.map((s) => s.needs));
    this.frame = new Frame(options.registry);
    this.frameSinks = options.sinks.filter((s) => s.frame !== undefined);
    this.rowSinks = options.sinks.filter((s) => s.rows !== undefined);
    if (needs >= NEEDS.sequences) this.sequences = new SequenceTable(options.registry, options.quoted ?? false);
  }
  get done(): boolean {
    return this.options.count !== undefined && this.packets >= this.options.count;
  }
  get forgotten(): number {
    return this.sequences?.evicted ?? 0;
  }
  /** Hands the packets from row `from` on to the sinks, until one of them asks for a flush; returns the row after them. */
  take(batch: FrameBatch, from: number): number {
    const { count } = this.options;
    const end = count === undefined ? batch.count : Math.min(batch.count, from + count - this.packets);
    const to = this.frameSinks.length > 0 ? this.frames(batch, from, end) : end;
    this.packets += to - from;
    for (const sink of this.rowSinks) sink.rows!(batch, from, to);
    return to;
  }
  private frames(batch: FrameBatch, from: number, end: number): number {
    const { frame, sequences, frameSinks, packets } = this;
    const sink = frameSinks[0]!;
    for (let i = from; i < end; i++) {
      frame.load(batch, i);
      frame.number = packets + i - from + 1;
      frame.dissect(this.firstOf(frame.port));
      if (sequences !== undefined) sequences.see(frame);
      sink.frame!(frame);
      for (let s = 1; s < frameSinks.length; s++) frameSinks[s]!.frame!(frame);
      if (sink.full === true) return i + 1;
    }
    return end;
  }
  /** The protocol that reads frames of a port. */
  private firstOf(port: number): number {
    const known = this.first[port];
    if (known !== undefined) return known;
    const described = this.options.source.ports[port];
    return (this.first[port] = described === undefined ? NONE : this.options.registry.linkLayer(described.linkType));
  }
}
