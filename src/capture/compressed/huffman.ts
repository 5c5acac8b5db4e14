/** Bits that the table is looked up with at once; longer codes take the long way. */
const FAST = 10;
/** The most bits that a code of deflate has. */
const LONGEST = 15;

/** A canonical Huffman code (RFC 1951, section 3.2.2), made anew for each block. */
export class HuffmanCode {
  /** By the next {@link FAST} bits: `symbol << 4 | length`; 0 where the code is longer, or there is none. */
  readonly fast = new Uint16Array(1 << FAST);
  /** How many codes there are of each length, and the symbols in the order of their codes. */
  private readonly counts = new Uint16Array(LONGEST + 1);
  private readonly symbols = new Uint16Array(288);

  /** Takes the code lengths of `count` symbols; false when no such code exists. */
  build(lengths: Uint8Array, from: number, count: number): boolean {
    const { counts } = this;
    counts.fill(0);
    this.fast.fill(0);
    for (let symbol = 0; symbol < count; symbol++) counts[lengths[from + symbol]!]!++;
    counts[0] = 0;
    if (!isComplete(counts)) return false;
    const place = new Uint16Array(LONGEST + 2);
    const next = new Uint16Array(LONGEST + 2);
    for (let length = 1; length <= LONGEST; length++) {
      place[length + 1] = place[length]! + counts[length]!;
      next[length + 1] = (next[length]! + counts[length]!) << 1;
    }
    for (let symbol = 0; symbol < count; symbol++) {
      const length = lengths[from + symbol]!;
      if (length === 0) continue;
      this.symbols[place[length]!++] = symbol;
      if (length <= FAST) this.spread(symbol, length, reversed(next[length]!, length));
      next[length]!++;
    }
    return true;
  }
  /** A code shorter than the look-up is found whatever bits follow it. */
  private spread(symbol: number, length: number, code: number): void {
    for (let at = code; at < this.fast.length; at += 1 << length) this.fast[at] = (symbol << 4) | length;
  }
  /** The symbol that these bits begin with, bit by bit, as in {@link fast}; 0: there is none. */
  long(bits: number): number {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length <= LONGEST; length++) {
      code |= (bits >>> (length - 1)) & 1;
      const count = this.counts[length]!;
      if (code - first < count) return (this.symbols[index + code - first]! << 4) | length;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    return 0;
  }
}
/** Every bit pattern has a meaning, but for a lone code of one bit, and for no code at all. */
function isComplete(counts: Uint16Array): boolean {
  let left = 1;
  let codes = 0;
  for (let length = 1; length <= LONGEST; length++) {
    left = (left << 1) - counts[length]!;
    codes += counts[length]!;
    if (left < 0) return false;
  }
  return left === 0 || codes === 0 || (codes === 1 && counts[1] === 1);
}
/** Codes stand with their first bit lowest. */
function reversed(code: number, length: number): number {
  let left = code;
  let turned = 0;
  for (let i = 0; i < length; i++) {
    turned = (turned << 1) | (left & 1);
    left >>>= 1;
  }
  return turned;
}
