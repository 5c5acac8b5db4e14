import { readPacketOptions } from '../../src/format/packet-options.ts';
import { columns, type FrameBatch, type PacketOptions } from '../../src/frame/batch.ts';

/** Bytes of packets in a segment, unless one packet is longer. */
export const SEGMENT_BYTES = 2 << 20;
/** Packets in a segment: going through one takes few milliseconds. */
export const SEGMENT_ROWS = 8192;

/** In order of their size, so that each begins where its numbers may be. */
const COLUMNS = ['seconds', 'offset', 'captured', 'wire', 'nanos', 'start', 'port', 'direction', 'flags'] as const;
type Columns = ReturnType<typeof columns> & { readonly start: Uint32Array };
/** Of all columns, for one packet. */
const COLUMN_BYTES = 8 + 5 * 4 + 2 + 1 + 1;

/** Packets that were copied: their bytes one after the other, sometimes with the records around them, and their columns. */
export class Segment implements FrameBatch {
  count = 0;
  /** Bytes in use. */
  used = 0;
  readonly bytes: Uint8Array;
  readonly offset: Uint32Array;
  readonly captured: Uint32Array;
  readonly wire: Uint32Array;
  readonly seconds: Float64Array;
  readonly nanos: Uint32Array;
  readonly port: Uint16Array;
  readonly direction: Uint8Array;
  readonly flags: Uint8Array;
  /** Where the packet's block starts, if {@link blocks}. */
  readonly start: Uint32Array;
  readonly envelope = undefined;
  readonly options?: (row: number) => PacketOptions | undefined;

  /** `blocks`: the packets lie in blocks of pcapng, of this byte order. */
  constructor(
    made: Columns,
    bytes: Uint8Array,
    readonly blocks: 'little' | 'big' | undefined,
  ) {
    this.bytes = bytes;
    this.offset = made.offset;
    this.captured = made.captured;
    this.wire = made.wire;
    this.seconds = made.seconds;
    this.nanos = made.nanos;
    this.port = made.port;
    this.direction = made.direction;
    this.flags = made.flags;
    this.start = made.start;
    if (blocks === undefined) return;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.options = (row) =>
      readPacketOptions({ view, start: made.start, offset: made.offset }, row, blocks === 'little');
  }
  /** An empty one, for packets like those of `batch`, and as long as its packet `row`; if it can be, where `spare` was. */
  static for(batch: FrameBatch, row: number, spare?: Segment): Segment {
    const least = Math.max(SEGMENT_BYTES, stopOf(batch, row) - startOf(batch, row));
    if (spare?.bytes.length === least) return new Segment(spare, spare.bytes, blocksOf(batch));
    const made = { ...columns(SEGMENT_ROWS), start: new Uint32Array(SEGMENT_ROWS) };
    return new Segment(made, new Uint8Array(least), blocksOf(batch));
  }
  /** Bytes of memory. */
  get size(): number {
    return this.bytes.length + this.offset.length * COLUMN_BYTES;
  }
  /** Copies packets of a batch from row `from` on as far as there is room; returns the row that it came to. */
  take(batch: FrameBatch, from: number): number {
    if (blocksOf(batch) !== this.blocks) return from;
    const to = this.reach(batch, from);
    // Records of a file follow each other, and are copied together.
    if (batch.envelope !== undefined) this.copy(batch, from, to);
    else for (let i = from; i < to; i++) this.copy(batch, i, i + 1);
    return to;
  }
  /** The row up to which packets fit. */
  private reach(batch: FrameBatch, from: number): number {
    let room = this.bytes.length - this.used;
    const most = Math.min(batch.count, from + this.offset.length - this.count);
    if (batch.envelope === undefined) {
      let to = from;
      while (to < most && batch.captured[to]! <= room) room -= batch.captured[to++]!;
      return to;
    }
    const end = startOf(batch, from) + room;
    let [fits, fitsNot] = [from, most + 1];
    while (fits + 1 < fitsNot) {
      const middle = (fits + fitsNot) >> 1;
      if (stopOf(batch, middle - 1) <= end) fits = middle;
      else fitsNot = middle;
    }
    return fits;
  }
  private copy(batch: FrameBatch, from: number, to: number): void {
    if (from >= to) return;
    const at = this.count;
    const start = startOf(batch, from);
    const stop = stopOf(batch, to - 1);
    const shift = this.used - start;
    this.bytes.set(batch.bytes.subarray(start, stop), this.used);
    for (let i = from, n = at; i < to; i++, n++) this.offset[n] = batch.offset[i]! + shift;
    if (this.blocks !== undefined)
      for (let i = from, n = at; i < to; i++, n++) this.start[n] = startOf(batch, i) + shift;
    for (const name of PLAIN) this[name].set(batch[name].subarray(from, to), at);
    this.used += stop - start;
    this.count += to - from;
  }
  release(): void {}

  /** What a file is to hold of it. */
  parts(): Uint8Array[] {
    const { count } = this;
    const all = COLUMNS.map((name) => this[name]).map(
      (column) => new Uint8Array(column.buffer, column.byteOffset, count * column.BYTES_PER_ELEMENT),
    );
    return [...all, this.bytes.subarray(0, this.used)];
  }
  /** How long that is. */
  get length(): number {
    return this.count * COLUMN_BYTES + this.used;
  }
  /** Made from what {@link parts} gave, of so many packets. */
  static from(memory: ArrayBuffer, count: number, blocks: Segment['blocks']): Segment {
    let at = 0;
    const next = (size: number) => (at += size * count) - size * count;
    const made: Columns = {
      seconds: new Float64Array(memory, next(8), count),
      offset: new Uint32Array(memory, next(4), count),
      captured: new Uint32Array(memory, next(4), count),
      wire: new Uint32Array(memory, next(4), count),
      nanos: new Uint32Array(memory, next(4), count),
      start: new Uint32Array(memory, next(4), count),
      port: new Uint16Array(memory, next(2), count),
      direction: new Uint8Array(memory, next(1), count),
      flags: new Uint8Array(memory, next(1), count),
    };
    const segment = new Segment(made, new Uint8Array(memory, at), blocks);
    segment.count = count;
    segment.used = segment.bytes.length;
    return segment;
  }
}
/** Columns that are copied as they are. */
const PLAIN = ['captured', 'wire', 'seconds', 'nanos', 'port', 'direction', 'flags'] as const;

/** Do blocks of pcapng say more of the packets? Then they are kept whole. */
function blocksOf({ envelope, options }: FrameBatch): Segment['blocks'] {
  if (envelope?.format !== 'pcapng' || options === undefined) return undefined;
  return envelope.littleEndian ? 'little' : 'big';
}
function startOf(batch: FrameBatch, row: number): number {
  const { envelope } = batch;
  return envelope?.format === 'pcapng' && batch.options !== undefined ? envelope.start[row]! : batch.offset[row]!;
}
function stopOf(batch: FrameBatch, row: number): number {
  const { envelope, bytes } = batch;
  if (envelope?.format !== 'pcapng' || batch.options === undefined) return batch.offset[row]! + batch.captured[row]!;
  const start = envelope.start[row]!;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(start + 4, envelope.littleEndian);
  return start + length;
}
