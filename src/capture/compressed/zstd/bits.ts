/** What is no zstd data. Thrown and caught within this folder. */
export class Nonsense extends Error {}
export function demand(condition: boolean): void {
  if (!condition) throw new Nonsense();
}

/**
 * Bits that are read from the end of `[from, end)` to its beginning (RFC 8878, section 4.1): a one marks where they begin.
 * The bytes before and behind have to be readable: up to eight are looked at, and what is taken from before is no sense.
 */
export class BackwardBits {
  /** The bit behind the next ones. */
  at: number;
  /** The first bit that there is. */
  readonly first: number;

  constructor(
    private readonly view: DataView,
    from: number,
    end: number,
  ) {
    demand(end > from);
    const last = view.getUint8(end - 1);
    demand(last !== 0);
    this.first = from * 8;
    this.at = end * 8 - 1 - Math.clz32(last << 24);
  }
  /** Up to 25 bits. */
  take(count: number): number {
    const at = this.at - count;
    this.at = at;
    return (this.view.getUint32(at >>> 3, true) >>> (at & 7)) & ((1 << count) - 1);
  }
}
