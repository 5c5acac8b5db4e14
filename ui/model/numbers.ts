const ROWS = 1 << 12;

/** Whole numbers, each greater than the one before, of which the oldest may go. They may be greater than 32 bits. */
export class RisingNumbers {
  length = 0;
  private chunks: Float64Array[] = [];
  /** Chunks that went. */
  private gone = 0;

  /** The first that is still there. */
  get first(): number {
    return this.gone * ROWS;
  }
  add(value: number): void {
    const at = this.length % ROWS;
    if (at === 0) this.chunks.push(new Float64Array(ROWS));
    this.chunks.at(-1)![at] = value;
    this.length++;
  }
  /** Number n, `first <= n < length`. */
  at(n: number): number {
    return this.chunks[Math.floor(n / ROWS) - this.gone]![n % ROWS]!;
  }
  /** How many are less than `value`: where it is, if it is there. */
  rank(value: number): number {
    let [from, to] = [this.first, this.length];
    while (from < to) {
      const middle = Math.floor((from + to) / 2);
      if (this.at(middle) < value) from = middle + 1;
      else to = middle;
    }
    return from;
  }
  /** Nobody asks any more for those that are less than `value`. */
  forget(value: number): void {
    const old = Math.floor(this.rank(value) / ROWS) - this.gone;
    if (old <= 0) return;
    this.chunks = this.chunks.slice(old);
    this.gone += old;
  }
}
