import type { CaptureSource } from '../../src/capture/source.ts';
import type { FrameBatch } from '../../src/frame/batch.ts';
import { LogSource } from './log-source.ts';
import { SEGMENT_BYTES, SEGMENT_ROWS, Segment } from './segment.ts';
import { SpillFile } from './spill.ts';
import { type FillingStore, type Place, type Reader, SourceStore, type StoredSource } from './store.ts';

export interface LogOptions {
  /** Bytes of memory; what is more goes to the disk. */
  readonly memory?: number;
  /** Bytes of the disk; what is more goes, the oldest first. */
  readonly disk?: number;
  /** Opens what is read once more, if it is a file. */
  readonly again?: () => Promise<CaptureSource>;
}
const MEMORY = 256 << 20;
const DISK = 1 << 30;
/** A segment on the disk takes no more. */
const SLOT = SEGMENT_BYTES + SEGMENT_ROWS * 32;
/** So much above its bound may memory be while the disk is at work. */
const SLACK = 64 << 20;
/** Written at the same time: as many as the pool that does it has threads. */
const WRITERS = 4;
/** Segments from the disk that are looked at. */
const LOOKED_AT = 4;
/** Segments whose packets went to the disk or are gone, kept to be filled again. */
const SPARE = 4;

/** A segment and where it is. */
interface Entry {
  /** Its first packet. */
  readonly first: number;
  readonly blocks: Segment['blocks'];
  /** In memory. */
  segment: Segment | undefined;
  /** On the disk; -1: it is not there. */
  slot: number;
  /** It is on its way there. */
  writing: boolean;
  /** Somebody goes through it, who may hold it yet. */
  lent: boolean;
  /** Of what is on the disk: packets and bytes. */
  count: number;
  length: number;
}

/** The packets of a source that cannot be read again: copied into memory, in bounds, then onto the disk, then gone. */
export class LogStore extends SourceStore implements FillingStore {
  first = 0;
  /** Bytes of segments in memory. */
  memoryUsed = 0;
  /** Of these, bytes on their way to the disk. */
  private leaving = 0;
  private readonly entries: Entry[] = [];
  private readonly bound: number;
  private readonly spill: SpillFile;
  /** The entries before are on the disk, or on their way there. */
  private spilled = 0;
  /** Segments read back, the one used last at the end. */
  private readonly lookedAt: { entry: Entry; segment: Segment }[] = [];
  /** Where the packet was that was looked for last. */
  private last: Entry | undefined;
  /** Memory that is in use already: new one costs a fault of every page, and a look of the collector at all there is. */
  private readonly spare: Segment[] = [];

  constructor(origin: CaptureSource, { memory = MEMORY, disk = DISK, again }: LogOptions = {}) {
    super(origin, again);
    this.bound = memory;
    this.spill = new SpillFile(disk, SLOT);
  }
  append(batch: FrameBatch): void {
    for (let from = 0; from < batch.count; ) {
      let segment = this.entries.at(-1)?.segment;
      const to = segment?.take(batch, from) ?? from;
      this.count += to - from;
      if (to < batch.count) {
        segment = Segment.for(batch, to, this.spare.pop());
        this.memoryUsed += segment.size;
        this.entries.push({
          first: this.count,
          blocks: segment.blocks,
          segment,
          slot: -1,
          writing: false,
          lent: false,
          count: 0,
          length: 0,
        });
      }
      from = to;
    }
    if (batch.count > 0) this.version++;
    this.keepBounds();
  }

  /** The segment that is being filled stays where it is. */
  private keepBounds(): void {
    const { spill, entries, bound } = this;
    while (this.memoryUsed - this.leaving > bound && entries.length > 1) {
      // What a disk refused stands between others that it took.
      while (this.spilled < entries.length - 1 && entries[this.spilled]!.segment === undefined) this.spilled++;
      const next = this.spilled < entries.length - 1 ? entries[this.spilled]! : undefined;
      const ready = next !== undefined && spill.takes(next.segment!.length) && spill.writing < WRITERS;
      const makesRoom = ready && entries[0]!.slot >= 0;
      if (ready && !spill.isFull) this.write(next);
      // A disk that is too slow is as good as none.
      else if (!makesRoom && spill.writing > 0 && this.memoryUsed <= bound + SLACK) return;
      else this.drop();
    }
  }
  private write(entry: Entry): void {
    const segment = entry.segment!;
    this.spilled++;
    this.leaving += segment.size;
    entry.writing = true;
    this.spill.write(segment.parts(), (slot) => {
      this.arrived(entry);
      if (entry.segment === undefined) this.spill.release(slot);
      else if (slot >= 0) this.moved(entry, segment, slot);
      else this.spilled = Math.min(this.spilled, this.entries.indexOf(entry));
      this.keepBounds();
    });
  }
  /** It is not on its way to the disk any more. */
  private arrived(entry: Entry): void {
    if (entry.writing) this.leaving -= entry.segment!.size;
    entry.writing = false;
  }
  private moved(entry: Entry, segment: Segment, slot: number): void {
    entry.slot = slot;
    entry.count = segment.count;
    entry.length = segment.length;
    entry.segment = undefined;
    this.memoryUsed -= segment.size;
    this.keep(entry, segment);
  }
  /** What nobody looks at any more, nor the disk, can be filled again. */
  private keep({ lent }: Entry, segment: Segment): void {
    if (!lent && this.spare.length < SPARE) this.spare.push(segment);
  }
  /** The oldest goes. */
  private drop(): void {
    const entry = this.entries.shift()!;
    this.last = undefined;
    this.first = this.entries[0]!.first;
    this.version++;
    this.spilled = Math.max(0, this.spilled - 1);
    this.spill.release(entry.slot);
    const { segment, writing } = entry;
    this.arrived(entry);
    entry.segment = undefined;
    if (segment === undefined) return;
    this.memoryUsed -= segment.size;
    if (!writing) this.keep(entry, segment);
  }

  seconds(i: number): number {
    return this.segmentOf(i)?.seconds[i - this.last!.first] ?? 0;
  }
  nanos(i: number): number {
    return this.segmentOf(i)?.nanos[i - this.last!.first] ?? 0;
  }
  wire(i: number): number {
    return this.segmentOf(i)?.wire[i - this.last!.first] ?? 0;
  }
  captured(i: number): number {
    return this.segmentOf(i)?.captured[i - this.last!.first] ?? 0;
  }
  port(i: number): number {
    return this.segmentOf(i)?.port[i - this.last!.first] ?? 0;
  }
  direction(i: number): number {
    return this.segmentOf(i)?.direction[i - this.last!.first] ?? 0;
  }
  batch(i: number): Place | undefined {
    const batch = this.segmentOf(i);
    return batch === undefined ? undefined : { batch, row: i - this.last!.first };
  }
  reader(): Reader {
    return {
      from: (i) => {
        const place = this.batch(i);
        if (place !== undefined) this.last!.lent = true;
        return place;
      },
    };
  }
  source(): Promise<StoredSource> {
    return this.again?.() ?? Promise.resolve(new LogSource(this.origin, this));
  }
  /** Where packet i is: {@link last} is its entry then. */
  private segmentOf(i: number): Segment | undefined {
    if (!(i >= this.first && i < this.count)) return undefined;
    const { last } = this;
    if (last?.segment === undefined || i < last.first || i >= last.first + last.segment.count)
      this.last = this.entryOf(i);
    return this.last!.segment ?? this.readBack(this.last!);
  }
  private entryOf(i: number): Entry {
    const { entries } = this;
    let [from, to] = [0, entries.length];
    while (from + 1 < to) {
      const middle = (from + to) >> 1;
      if (entries[middle]!.first <= i) from = middle;
      else to = middle;
    }
    return entries[from]!;
  }
  private readBack(entry: Entry): Segment | undefined {
    const { lookedAt } = this;
    const at = lookedAt.findIndex((each) => each.entry === entry);
    if (at >= 0 && at === lookedAt.length - 1) return lookedAt[at]!.segment;
    const known = at < 0 ? undefined : lookedAt.splice(at, 1)[0]!;
    const memory = known === undefined ? this.spill.read(entry.slot, entry.length) : undefined;
    if (known === undefined && memory === undefined) return undefined;
    const found = known ?? { entry, segment: Segment.from(memory!, entry.count, entry.blocks) };
    if (lookedAt.length >= LOOKED_AT) lookedAt.shift();
    lookedAt.push(found);
    return found.segment;
  }
  override async [Symbol.asyncDispose](): Promise<void> {
    this.spill.close();
    await super[Symbol.asyncDispose]();
  }
}
