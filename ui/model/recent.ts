const SECONDS = 60;
/** A rate is that of the last few seconds: so short that it is of now, so long that it does not flicker. */
const RATE_SECONDS = 5;

/** How often something happened in each of the last seconds. */
export class Recent {
  private readonly counts = new Float64Array(SECONDS);
  /** The second that was counted in last. */
  private last = Number.NEGATIVE_INFINITY;

  /** `second`: by a clock that does not go back. */
  add(second: number, count: number): void {
    this.forward(second);
    this.counts[second % SECONDS]! += count;
  }
  private forward(second: number): void {
    for (let each = Math.max(this.last + 1, second - SECONDS + 1); each <= second; each++)
      this.counts[each % SECONDS] = 0;
    this.last = Math.max(this.last, second);
  }
  /** In a second. */
  rate(second: number): number {
    return this.values(second, RATE_SECONDS).reduce((sum, each) => sum + each, 0) / RATE_SECONDS;
  }
  /** The last so many seconds, the oldest first. */
  values(second: number, seconds = SECONDS): number[] {
    this.forward(second);
    return Array.from({ length: seconds }, (_, i) => this.counts[(second - seconds + 1 + i + SECONDS) % SECONDS]!);
  }
}
