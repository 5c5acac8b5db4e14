/** So far back the rates of a watched conversation go, in seconds. */
export const MINUTE = 60;
/** What is counted in each second. */
const COUNTS = { packets: 0, bytes: 1 } as const;

/** The packets and the bytes of each of the last sixty seconds. */
export class LastMinute {
  private readonly seconds = new Float64Array(MINUTE * 2);
  /** The second that was counted last, since 1970. */
  private latest = Number.NEGATIVE_INFINITY;

  add(second: number, bytes: number): void {
    const { seconds } = this;
    if (second > this.latest) this.goOn(second);
    else if (second <= this.latest - MINUTE) return;
    const at = (second % MINUTE) * 2;
    seconds[at + COUNTS.packets]! += 1;
    seconds[at + COUNTS.bytes]! += bytes;
  }
  /** The minute that ends with the second `now`, the oldest second first. */
  read(what: keyof typeof COUNTS, now: number): Float64Array {
    const read = new Float64Array(MINUTE);
    for (let i = 0; i < MINUTE; i++) {
      const second = now - MINUTE + 1 + i;
      if (second <= this.latest && second > this.latest - MINUTE && second >= 0)
        read[i] = this.seconds[(second % MINUTE) * 2 + COUNTS[what]]!;
    }
    return read;
  }
  /** The seconds between the latest and this one saw nothing. */
  private goOn(second: number): void {
    const first = Math.max(this.latest + 1, second - MINUTE + 1);
    for (let empty = first; empty <= second; empty++) {
      const at = (empty % MINUTE) * 2;
      this.seconds[at] = 0;
      this.seconds[at + 1] = 0;
    }
    this.latest = second;
  }
}
