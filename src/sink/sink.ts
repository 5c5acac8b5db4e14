import type { CaptureSource } from '../capture/source.ts';
import type { Sequences } from '../dissect/express.ts';
import type { Frame } from '../dissect/frame.ts';
import type { Registry } from '../dissect/registry.ts';
import type { FrameBatch } from '../frame/batch.ts';

/** What a sink needs done to a packet before it comes: tcpdump's relative numbers, or Wireshark's streams. */
export const NEEDS = { bytes: 0, layers: 1, sequences: 2, streams: 3 } as const;

/** Where packets end up. All of them come in order, between one `begin` and one `end`. */
export interface Sink {
  /** One of {@link NEEDS}: the session does no more than its sinks ask. */
  readonly needs: number;
  /** Wants fragments put together before it gets the packet that completes them. */
  readonly whole?: boolean;
  /** The registry may be missing where no sink takes frames. */
  begin(source: CaptureSource, registry: Registry): void | Promise<void>;
  /** One packet, under the lens; for sinks that need more than bytes. */
  frame?(frame: Frame): void;
  /**
   * The packets from `from` on without a frame, up to the first that needs one or until the sink is full: the row to go
   * on with. Asked first, of a sink that is alone in needing frames.
   */
  express?(batch: FrameBatch, from: number, to: number, sequences: Sequences): number;
  /**
   * The packets `[from, to)` of a batch, of which there may be none; for sinks that need bytes only. Returns the row that
   * it came to: before `to`, it asks for a flush before the others.
   */
  rows?(batch: FrameBatch, from: number, to: number): number;
  /** So many further packets, instead of {@link rows}, where all sinks want no more than that. */
  tally?(packets: number): void;
  /** It wants no more packets. */
  readonly done?: boolean;
  /** Has copied of a packet what it needs of it: no batch must be flushed for it unless it is full. */
  readonly copies?: boolean;
  /** Asks for a flush before the next packet. */
  readonly full?: boolean;
  /** Nothing of the packets so far is needed any more once this is done. Back-pressure lives here. */
  flush(): void | Promise<void>;
  /** Everything is written. Also called after a failure of the source: what came before it is kept. */
  end(): void | Promise<void>;
}
