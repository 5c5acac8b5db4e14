/** At most this part of the slots is used. */
const LOAD = 0.6;
const FIRST_SLOTS = 1 << 10;
/** Per slot: two values, three words of key, and whether it is used. */
const STRIDE = 6;
const KEY = 2;
const USED = 5;

/** One half of the table: open addressing, linear probing, a slot in one cache line. */
interface Generation {
  readonly store: Int32Array;
  readonly mask: number;
  count: number;
}
const generation = (slots: number): Generation => ({
  store: new Int32Array(slots * STRIDE),
  mask: slots - 1,
  count: 0,
});

/**
 * Two numbers for each key of three words, in bounded memory. All of them are 32 bits as integers with a sign (`n | 0`),
 * which V8 passes on without a box.
 *
 * Old and young generation: a key is looked for in both, and moves to the young when it is seen again. When the young one
 * is full it becomes the old one, and the old one's keys, not seen for a whole generation, are forgotten and counted.
 * So no packet pays for more than one probe sequence in each, however many keys there are.
 */
export class PairTable {
  /** Whether the key that was found last was not there before. */
  isNew = false;
  evicted = 0;
  private young = generation(FIRST_SLOTS);
  /** Two numbers of each key, where {@link find} says. Another array once the table grew. */
  values = this.young.store;
  private old: Generation | undefined;
  /** How many keys of the old generation were seen again. */
  private moved = 0;
  /** Unpredictable, so that no capture can be made to fill one probe sequence. */
  private readonly seed = (Math.random() * 0x1_0000_0000) | 0;

  /** `most`: the keys of one generation. */
  constructor(private readonly most: number) {}

  /** Where in {@link values} the key's two numbers are; made, both 0, when it is not there. Valid until the next call. */
  find(a: number, b: number, c: number): number {
    const { store, mask } = this.young;
    // As in `placeOf`, which V8 would compile for itself and once more into here.
    for (let slot = hash(this.seed, a, b, c) & mask; ; slot = (slot + 1) & mask) {
      const at = slot * STRIDE;
      if (store[at + USED] === 0) return this.add(a, b, c);
      if (store[at + KEY] === a && store[at + KEY + 1] === b && store[at + KEY + 2] === c) {
        this.isNew = false;
        return at;
      }
    }
  }

  private add(a: number, b: number, c: number): number {
    if (this.young.count >= (this.young.mask + 1) * LOAD) this.widen();
    const { store } = this.young;
    const at = this.placeOf(this.young, a, b, c);
    store[at + KEY] = a;
    store[at + KEY + 1] = b;
    store[at + KEY + 2] = c;
    store[at + USED] = 1;
    this.young.count++;
    this.isNew = true;
    if (this.old === undefined) return at;
    const before = this.placeOf(this.old, a, b, c);
    if (this.old.store[before + USED] === 0) return at;
    store[at] = this.old.store[before]!;
    store[at + 1] = this.old.store[before + 1]!;
    this.moved++;
    this.isNew = false;
    return at;
  }
  /** Where the key is, or where it belongs. */
  private placeOf({ store, mask }: Generation, a: number, b: number, c: number): number {
    for (let slot = hash(this.seed, a, b, c) & mask; ; slot = (slot + 1) & mask) {
      const at = slot * STRIDE;
      if (store[at + USED] === 0) return at;
      if (store[at + KEY] === a && store[at + KEY + 1] === b && store[at + KEY + 2] === c) return at;
    }
  }
  /** The young generation is full: a bigger one, or, at the bound, the next one. */
  private widen(): void {
    const full = this.young;
    const slots = full.mask + 1;
    if (slots * LOAD >= this.most) {
      if (this.old !== undefined) this.evicted += this.old.count - this.moved;
      this.moved = 0;
      this.old = full;
      this.begin(generation(slots));
      return;
    }
    const bigger = generation(slots * 2);
    const { store } = full;
    for (let at = 0; at < store.length; at += STRIDE) {
      if (store[at + USED] === 0) continue;
      const key = at + KEY;
      const to = this.placeOf(bigger, store[key]!, store[key + 1]!, store[key + 2]!);
      for (let i = 0; i < STRIDE; i++) bigger.store[to + i] = store[at + i]!;
    }
    bigger.count = full.count;
    this.begin(bigger);
  }
  private begin(young: Generation): void {
    this.young = young;
    this.values = young.store;
  }
}
function hash(seed: number, a: number, b: number, c: number): number {
  let h = Math.imul(a ^ seed, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15) ^ b, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13) ^ c, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
