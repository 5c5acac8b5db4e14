import type { CaptureSource, Port } from '../../src/capture/source.ts';
import type { ToolError } from '../../src/error.ts';
import type { FrameBatch } from '../../src/frame/batch.ts';

/** Where a packet is: its row in a batch. */
export interface Place {
  readonly batch: FrameBatch;
  readonly row: number;
}
/** Where the packets are that were seen. They have numbers from 0, in the order of the source. */
export interface PacketStore extends AsyncDisposable {
  /** May grow. */
  readonly ports: readonly Port[];
  /** Changes when something was added or went. */
  readonly version: number;
  /** Packets seen so far: packet i is `0 <= i < count`. */
  readonly count: number;
  /** The oldest that is still there: those before had to go. */
  readonly first: number;
  /** `filling`: a file or a pipe is being read. `ended`: no more comes from what was live. */
  readonly state: 'filling' | 'complete' | 'live' | 'ended';
  /** How much of a file was read, 0 to 1; undefined when that is not known, or all of it. */
  readonly progress: number | undefined;
  /** What ended the source after its packets: damage in the file, a device that went. */
  readonly failure: ToolError | undefined;
  /** Packets that the source knows it lost. */
  readonly lost: number;

  // Of packet i, `first <= i < count`, without its bytes.
  /** Since 1970. */
  seconds(i: number): number;
  /** Within the second. */
  nanos(i: number): number;
  /** Bytes on the wire. */
  wire(i: number): number;
  /** Bytes that are there. */
  captured(i: number): number;
  /** Index into {@link ports}. */
  port(i: number): number;
  /** See `DIRECTION`. */
  direction(i: number): number;

  /** Packet i for a look at it; valid until the next call. Undefined: it is gone. */
  batch(i: number): Place | undefined;
  /** For whoever goes through many. */
  reader(): Reader;
  /** All packets once more, for `run` and for copies; of a file from the file, with all that is in it beside packets. */
  source(): Promise<StoredSource>;
}
export interface StoredSource extends CaptureSource {
  /** The number of the first packet in the batch handed out last; unless given, they are counted from 0. */
  readonly first?: number;
}
/** Reads packets one after the other. */
export interface Reader {
  /** A batch in which packet i is at `row`, and the packets after it follow; valid until the next call. Undefined: it is gone. */
  from(i: number): Place | undefined;
}
/** A store as whoever fills it sees it. */
export interface FillingStore extends PacketStore {
  append(batch: FrameBatch): void;
  /** Nothing will be added any more. */
  end(failure?: ToolError): void;
}

/** What stores have in common: they know the source that fills them, and close it. */
export abstract class SourceStore {
  version = 0;
  count = 0;
  failure: ToolError | undefined;
  private ended = false;

  /** `again` opens what the source reads once more, where that can be done. */
  constructor(
    protected readonly origin: CaptureSource,
    protected readonly again: (() => Promise<CaptureSource>) | undefined,
  ) {}
  get ports(): readonly Port[] {
    return this.origin.ports;
  }
  get state(): PacketStore['state'] {
    if (this.origin.format === 'live') return this.ended ? 'ended' : 'live';
    return this.ended ? 'complete' : 'filling';
  }
  get progress(): number | undefined {
    const { size, position } = this.origin;
    return this.ended || size === undefined || size === 0 ? undefined : Math.min(1, position / size);
  }
  get lost(): number {
    return this.origin.counts().dropped;
  }
  end(failure?: ToolError): void {
    this.ended = true;
    this.failure = failure;
    this.version++;
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.origin[Symbol.asyncDispose]();
  }
}
