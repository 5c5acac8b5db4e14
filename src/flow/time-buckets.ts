/** What each bucket counts. */
const COUNTS = 2;
const PACKETS = 0;
const BYTES = 1;

/** What happens in bucket after bucket of equal width. */
export interface Series {
  /** When the first bucket begins, in seconds since 1970. */
  readonly from: number;
  /** Of each bucket, in seconds. */
  readonly width: number;
  readonly packets: Float64Array;
  readonly bytes: Float64Array;
}

/**
 * Packets and bytes over time, in no more than `count` buckets. What does not fit into as many seconds either makes
 * every bucket twice as wide (`widen`), or pushes the oldest seconds out (`slide`). All rows share one axis.
 */
export class TimeBuckets {
  /** In seconds. */
  width = 1;
  /** Bucket `b`, which begins at `b * width`, lies at `b % count`. What is not in `[low, high]` is zero. */
  private low = 0;
  private high = -1;
  private readonly rows: Float64Array[] = [];
  /** The second that came last, and where its bucket lies in a row: most packets come in the same one. */
  private lastSecond = Number.NaN;
  private lastAt = 0;

  constructor(
    private readonly count: number,
    private readonly whenFull: 'widen' | 'slide',
  ) {}
  /** One packet. Rows are numbers from 0, without gaps. */
  add(row: number, second: number, bytes: number): void {
    if (second !== this.lastSecond) this.enter(second);
    const counts = (this.rows[row] ??= new Float64Array(this.count * COUNTS));
    const at = this.lastAt;
    counts[at + PACKETS]! += 1;
    counts[at + BYTES]! += bytes;
  }
  private enter(second: number): void {
    let bucket = Math.floor(second / this.width);
    if (bucket < this.low || bucket > this.high) bucket = this.reach(bucket, second);
    this.lastSecond = second;
    this.lastAt = (bucket % this.count) * COUNTS;
  }
  /** All of a row, or as many buckets as there can be that end with the one of the second `now`. */
  read(row: number, now?: number): Series {
    const { count, low, high, width } = this;
    const last = now === undefined ? high : Math.floor(now / width);
    const first = now === undefined ? low : last - count + 1;
    const length = last - first + 1;
    const series = { from: first * width, width, packets: new Float64Array(length), bytes: new Float64Array(length) };
    const counts = this.rows[row];
    if (counts === undefined) return series;
    for (let bucket = Math.max(first, low); bucket <= Math.min(last, high); bucket++) {
      const at = (bucket % count) * COUNTS;
      series.packets[bucket - first] = counts[at + PACKETS]!;
      series.bytes[bucket - first] = counts[at + BYTES]!;
    }
    return series;
  }
  /** Makes a bucket part of the axis; returns its number, which is another when buckets became wider. */
  private reach(bucket: number, second: number): number {
    if (this.high < this.low) {
      this.low = bucket;
      this.high = bucket;
    } else if (this.whenFull === 'slide') this.slide(bucket);
    else {
      while (
        Math.max(this.high, Math.floor(second / this.width)) - Math.min(this.low, Math.floor(second / this.width)) >=
        this.count
      )
        this.widen();
      const wider = Math.floor(second / this.width);
      this.low = Math.min(this.low, wider);
      this.high = Math.max(this.high, wider);
      return wider;
    }
    return bucket;
  }
  private slide(bucket: number): void {
    const { count } = this;
    if (bucket < this.low) {
      // Packets come in order; one from before all that is kept comes when the clock was set back.
      if (this.high - bucket >= count) {
        for (const counts of this.rows) counts.fill(0);
        this.high = bucket;
      }
      this.low = bucket;
      return;
    }
    const low = Math.max(this.low, bucket - count + 1);
    for (let gone = this.low; gone < Math.min(low, this.low + count); gone++) {
      const at = (gone % count) * COUNTS;
      for (const counts of this.rows) counts.fill(0, at, at + COUNTS);
    }
    this.low = low;
    this.high = bucket;
  }
  private widen(): void {
    const { count, low, high } = this;
    for (const [row, counts] of this.rows.entries()) {
      const wider = new Float64Array(count * COUNTS);
      for (let bucket = low; bucket <= high; bucket++) {
        const from = (bucket % count) * COUNTS;
        const to = (Math.floor(bucket / 2) % count) * COUNTS;
        wider[to + PACKETS]! += counts[from + PACKETS]!;
        wider[to + BYTES]! += counts[from + BYTES]!;
      }
      this.rows[row] = wider;
    }
    this.width *= 2;
    this.low = Math.floor(low / 2);
    this.high = Math.floor(high / 2);
  }
}
