/** What a row is ordered by; NaN: it has none, and stands last whichever way. */
export type Key = (slot: number) => number;
export type Wanted = (slot: number) => boolean;

/** The rows of the `most` greatest keys (`ascending`: the least), the first of them first; of equal keys the lower row. */
export function greatest(length: number, most: number, key: Key, ascending = false, wanted?: Wanted): number[] {
  const sign = ascending ? 1 : -1;
  const found = most < length ? new Lowest(most) : new Ranked();
  for (let slot = 0; slot < length; slot++) {
    if (wanted !== undefined && !wanted(slot)) continue;
    const value = key(slot);
    found.offer(slot, Number.isNaN(value) ? Number.POSITIVE_INFINITY : sign * value);
  }
  return found.inOrder();
}

/** Rows and their ranks. They come in ascending order of their slots. */
class Ranked {
  protected readonly slots: number[] = [];
  protected readonly ranks: number[] = [];

  offer(slot: number, rank: number): void {
    this.slots.push(slot);
    this.ranks.push(rank);
  }
  /** The lowest rank first. To sort by a function takes several times as long. */
  inOrder(): number[] {
    const { slots, ranks } = this;
    const sorted = Float64Array.from(ranks).sort();
    /** By the first place of a rank: how many rows with that rank are there already. */
    const placed = new Uint32Array(slots.length);
    const order = new Array<number>(slots.length);
    for (let i = 0; i < slots.length; i++) {
      const place = firstPlace(sorted, ranks[i]!);
      order[place + placed[place]!++] = slots[i]!;
    }
    return order;
  }
}
function firstPlace(sorted: Float64Array, rank: number): number {
  let low = 0;
  for (let high = sorted.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < rank) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The rows of the lowest ranks, as a heap: a long table costs little more than a look at each row. */
class Lowest extends Ranked {
  constructor(private readonly most: number) {
    super();
  }
  override offer(slot: number, rank: number): void {
    const { slots, ranks, most } = this;
    if (slots.length < most) {
      super.offer(slot, rank);
      this.rise(slots.length - 1);
    } else if (most > 0 && rank < ranks[0]!) {
      slots[0] = slot;
      ranks[0] = rank;
      this.sink();
    }
  }
  override inOrder(): number[] {
    const { slots, ranks } = this;
    const order = slots.map((_, i) => i).sort((x, y) => ranks[x]! - ranks[y]! || slots[x]! - slots[y]!);
    return order.map((i) => slots[i]!);
  }
  /** The highest rank makes room first, of equal ones the later row. */
  private isBehind(x: number, y: number): boolean {
    const { slots, ranks } = this;
    return ranks[x]! > ranks[y]! || (ranks[x] === ranks[y] && slots[x]! > slots[y]!);
  }
  private rise(from: number): void {
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!this.isBehind(at, parent)) return;
      this.swap(at, parent);
      at = parent;
    }
  }
  private sink(): void {
    for (let at = 0; ; ) {
      let last = at;
      for (let child = 2 * at + 1; child <= 2 * at + 2 && child < this.slots.length; child++)
        if (this.isBehind(child, last)) last = child;
      if (last === at) return;
      this.swap(at, last);
      at = last;
    }
  }
  private swap(x: number, y: number): void {
    const { slots, ranks } = this;
    [slots[x], slots[y]] = [slots[y]!, slots[x]!];
    [ranks[x], ranks[y]] = [ranks[y]!, ranks[x]!];
  }
}
