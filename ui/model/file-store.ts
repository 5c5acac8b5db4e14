import type { CaptureSource } from '../../src/capture/source.ts';
import { ToolError } from '../../src/error.ts';
import { PACKET_HEADER } from '../../src/format/packet-blocks.ts';
import { readPacketOptions } from '../../src/format/packet-options.ts';
import { columns, type FrameBatch, type PacketOptions } from '../../src/frame/batch.ts';
import { FileIndex } from './file-index.ts';
import { type FillingStore, type Place, type Reader, SourceStore, type StoredSource } from './store.ts';

/** Read at once by who goes through the file: more leaves the cache. */
const STRETCH = 256 << 10;
/** Packets in that, at most. */
const ROWS = 4096;
/** A block without a packet, and what a block may be longer than its packet. */
const LEAST = PACKET_HEADER + 4;
const MOST_OPTIONS = 32 << 20;

/** The packets of a file that can be read anywhere: only where they are is kept, and they are read again when asked for. */
export class FileStore extends SourceStore implements FillingStore {
  readonly first = 0;
  private readonly index = new FileIndex();
  private readonly one: Reader;

  constructor(origin: CaptureSource, again: () => Promise<CaptureSource>) {
    super(origin, again);
    this.one = new FileReader(origin, this.index, 1, 0);
  }
  append(batch: FrameBatch): void {
    this.index.append(batch);
    this.count = this.index.count;
    this.version++;
  }
  seconds(i: number): number {
    return this.index.seconds(i);
  }
  nanos(i: number): number {
    return this.index.nanos(i);
  }
  wire(i: number): number {
    return this.index.wire(i);
  }
  captured(i: number): number {
    return this.index.captured(i);
  }
  port(i: number): number {
    return this.index.port(i);
  }
  direction(i: number): number {
    return this.index.direction(i);
  }
  batch(i: number): Place | undefined {
    return this.one.from(i);
  }
  reader(): Reader {
    return new FileReader(this.origin, this.index, ROWS, STRETCH);
  }
  source(): Promise<StoredSource> {
    return this.again!();
  }
}

/** Reads the file again where packet i is, and as many of those behind it as fit. It is its own batch. */
class FileReader implements Reader, FrameBatch {
  count = 0;
  bytes: Uint8Array = new Uint8Array(0);
  readonly offset: Uint32Array;
  readonly captured: Uint32Array;
  readonly wire: Uint32Array;
  readonly seconds: Float64Array;
  readonly nanos: Uint32Array;
  readonly port: Uint16Array;
  readonly direction: Uint8Array;
  readonly flags: Uint8Array;
  readonly envelope = undefined;
  readonly options?: (row: number) => PacketOptions | undefined;
  /** The packet in row 0. */
  private at = 0;

  constructor(
    private readonly origin: CaptureSource,
    private readonly index: FileIndex,
    private readonly capacity: number,
    private readonly stretch: number,
  ) {
    const made = columns(capacity);
    this.offset = made.offset;
    this.captured = made.captured;
    this.wire = made.wire;
    this.seconds = made.seconds;
    this.nanos = made.nanos;
    this.port = made.port;
    this.direction = made.direction;
    this.flags = made.flags;
    if (origin.format === 'pcapng') this.options = (row) => this.optionsOf(this.at + row);
  }
  from(i: number): Place | undefined {
    const { index } = this;
    if (!(i >= 0 && i < index.count)) return undefined;
    const length = Math.max(this.stretch, index.captured(i));
    if (this.bytes.length < length) this.bytes = new Uint8Array(length);
    const got = this.readAt(this.bytes.subarray(0, length), index.position(i));
    this.fill(i, got);
    // Somebody made the file shorter.
    return this.count === 0 ? undefined : { batch: this, row: 0 };
  }
  /** Rows for the packets from i on that lie in the first `got` bytes. */
  private fill(i: number, got: number): void {
    const { index } = this;
    const base = index.position(i);
    const most = Math.min(this.capacity, index.count - i);
    let row = 0;
    for (; row < most; row++) {
      const packet = i + row;
      const offset = index.position(packet) - base;
      const captured = index.captured(packet);
      if (offset + captured > got) break;
      this.offset[row] = offset;
      this.captured[row] = captured;
      this.wire[row] = index.wire(packet);
      this.seconds[row] = index.seconds(packet);
      this.nanos[row] = index.nanos(packet);
      this.port[row] = index.port(packet);
      this.direction[row] = index.direction(packet);
      this.flags[row] = index.flags(packet);
    }
    this.at = i;
    this.count = row;
  }
  /** What the block around packet i says beside it. */
  private optionsOf(i: number): PacketOptions | undefined {
    if (this.index.isSimple(i)) return undefined;
    const littleEndian = this.origin.ports[this.index.port(i)]!.block?.[0] === 1;
    const position = this.index.position(i) - PACKET_HEADER;
    const head = new DataView(new ArrayBuffer(8));
    if (this.readAt(new Uint8Array(head.buffer), position) < 8) return undefined;
    const length = head.getUint32(4, littleEndian);
    // Then the file is not any more what it was.
    if (length < LEAST || length > this.index.captured(i) + MOST_OPTIONS) return undefined;
    const bytes = new Uint8Array(length);
    if (this.readAt(bytes, position) < length) return undefined;
    const blocks = { view: new DataView(bytes.buffer), start: START, offset: DATA };
    return readPacketOptions(blocks, 0, littleEndian);
  }
  /** The bytes that can be had: none of what is not there any more. */
  private readAt(into: Uint8Array, position: number): number {
    try {
      return this.origin.readAt!(into, position);
    } catch (error) {
      if (error instanceof ToolError) return 0;
      throw error;
    }
  }
  release(): void {}
}
/** Of the one block that was read: where it starts, and where its packet does. */
const START = Uint32Array.of(0);
const DATA = Uint32Array.of(PACKET_HEADER);
