import type { Frame } from '../dissect/frame.ts';
import { type Series, TimeBuckets } from './time-buckets.ts';

/** Buckets, and so seconds as long as they are a second wide. */
const BUCKETS = 300;
/** Ports beyond these count only in the sum. */
const MOST_PORTS = 256;
const SUM = 0;
const NO_ROW = -1;

/** How many packets and bytes came over time, in all and by port (device). */
export class Traffic {
  packets = 0;
  /** On the wire. */
  bytes = 0;
  private readonly buckets: TimeBuckets;
  /** By port: its row; 0: it has none yet. */
  private readonly rows: number[] = [];
  private used = 1;

  /** `latest`: of the last five minutes, second by second, for what is captured now; `whole`: of all of a file, in buckets as wide as they must be. */
  constructor(span: 'latest' | 'whole', buckets = BUCKETS) {
    this.buckets = new TimeBuckets(buckets, span === 'latest' ? 'slide' : 'widen');
  }
  see(frame: Frame): void {
    const { wireLength, seconds, port } = frame;
    this.packets++;
    this.bytes += wireLength;
    this.buckets.add(SUM, seconds, wireLength);
    const row = this.rows[port] ?? this.rowFor(port);
    if (row !== SUM) this.buckets.add(row, seconds, wireLength);
  }
  /** The ports that packets came from. */
  get ports(): number[] {
    return [...this.rows.keys()].filter((port) => (this.rows[port] ?? SUM) !== SUM);
  }
  /**
   * Of a port, or of all. With `now` as many buckets as there can be, ending with that second; all of the same axis, so
   * that series can be drawn above each other.
   */
  series(port?: number, now?: number): Series {
    const row = port === undefined ? SUM : this.rows[port] || NO_ROW;
    return this.buckets.read(row, now);
  }
  private rowFor(port: number): number {
    return (this.rows[port] = this.used <= MOST_PORTS ? this.used++ : SUM);
  }
}
