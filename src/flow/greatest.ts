/** What a row is ordered by; NaN: it has none, and stands last whichever way. */
export type Key = (slot: number) => number;
export type Wanted = (slot: number) => boolean;

/**
 * The rows of the `most` greatest keys (`ascending`: the least), the first of them first; of equal keys the lower row.
 * Keeps a heap of no more than `most`, so that a long table costs little more than a look at each row.
 */
export function greatest(length: number, most: number, key: Key, ascending = false, wanted?: Wanted): number[] {
  const sign = ascending ? -1 : 1;
  const heap = new Heap(most);
  for (let slot = 0; slot < length; slot++) {
    if (wanted !== undefined && !wanted(slot)) continue;
    const value = key(slot);
    heap.offer(slot, Number.isNaN(value) ? Number.NEGATIVE_INFINITY : sign * value);
  }
  return heap.sorted();
}

/** The least stands first. */
class Heap {
  private readonly slots: number[] = [];
  private readonly values: number[] = [];

  constructor(private readonly most: number) {}
  offer(slot: number, value: number): void {
    const { slots, values, most } = this;
    if (slots.length < most) {
      slots.push(slot);
      values.push(value);
      this.rise(slots.length - 1);
    } else if (most > 0 && value > values[0]!) {
      slots[0] = slot;
      values[0] = value;
      this.sink();
    }
  }
  sorted(): number[] {
    const { slots, values } = this;
    const order = slots.map((_, i) => i).sort((x, y) => values[y]! - values[x]! || slots[x]! - slots[y]!);
    return order.map((i) => slots[i]!);
  }
  /** Rows come in ascending order: of two equal ones the later makes room first. */
  private isLess(x: number, y: number): boolean {
    const { slots, values } = this;
    return values[x]! < values[y]! || (values[x] === values[y] && slots[x]! > slots[y]!);
  }
  private rise(from: number): void {
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!this.isLess(at, parent)) return;
      this.swap(at, parent);
      at = parent;
    }
  }
  private sink(): void {
    for (let at = 0; ; ) {
      let least = at;
      for (let child = 2 * at + 1; child <= 2 * at + 2 && child < this.slots.length; child++)
        if (this.isLess(child, least)) least = child;
      if (least === at) return;
      this.swap(at, least);
      at = least;
    }
  }
  private swap(x: number, y: number): void {
    const { slots, values } = this;
    [slots[x], slots[y]] = [slots[y]!, slots[x]!];
    [values[x], values[y]] = [values[y]!, values[x]!];
  }
}
