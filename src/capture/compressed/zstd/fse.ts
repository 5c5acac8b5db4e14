import { demand } from './bits.ts';

/** A table for decoding finite state entropy (RFC 8878, section 4.1): by state, a symbol, and how the next state is found. */
export interface FseTable {
  readonly log: number;
  readonly symbols: Uint8Array;
  /** How many bits to read, and what to add them to. */
  readonly bits: Uint8Array;
  readonly base: Uint16Array;
}

/** Of probabilities that add up to a power of two; -1 stands for less than one. */
export function fseTable(log: number, counts: readonly number[]): FseTable {
  const size = 1 << log;
  const symbols = new Uint8Array(size);
  const next = new Uint16Array(counts.length);
  let high = size - 1;
  for (const [symbol, count] of counts.entries()) {
    next[symbol] = Math.abs(count);
    if (count === -1) symbols[high--] = symbol;
  }
  const step = (size >> 1) + (size >> 3) + 3;
  let at = 0;
  for (const [symbol, count] of counts.entries()) {
    for (let i = 0; i < count; i++) {
      symbols[at] = symbol;
      do at = (at + step) & (size - 1);
      while (at > high);
    }
  }
  const bits = new Uint8Array(size);
  const base = new Uint16Array(size);
  for (let state = 0; state < size; state++) {
    const place = next[symbols[state]!]!++;
    bits[state] = log - (31 - Math.clz32(place));
    base[state] = (place << bits[state]!) - size;
  }
  return { log, symbols, bits, base };
}
/** Every state is the one symbol. */
export const repeating = (symbol: number): FseTable => ({
  log: 0,
  symbols: Uint8Array.of(symbol),
  bits: new Uint8Array(1),
  base: new Uint16Array(1),
});

/** Reads the description of a table in `[at, end)` (section 4.1.1); `most` is the last symbol that there may be. */
export function readFse(
  view: DataView,
  at: number,
  end: number,
  longest: number,
  most: number,
): { table: FseTable; end: number } {
  let bit = at * 8;
  const peek = (): number => view.getUint32(bit >>> 3, true) >>> (bit & 7);
  const log = (peek() & 15) + 5;
  demand(log <= longest);
  bit += 4;
  const counts: number[] = [];
  let left = (1 << log) + 1;
  let threshold = 1 << log;
  let width = log + 1;
  while (left > 1) {
    demand(counts.length <= most && bit <= end * 8);
    const word = peek();
    const spare = 2 * threshold - 1 - left;
    let count = word & (threshold - 1);
    if (count < spare) bit += width - 1;
    else {
      count = word & (2 * threshold - 1);
      if (count >= threshold) count -= spare;
      bit += width;
    }
    count--;
    left -= Math.abs(count);
    counts.push(count);
    if (count === 0) bit = zeros(peek, counts, bit, most, (to) => (bit = to));
    for (; left < threshold; threshold >>= 1) width--;
  }
  demand(left === 1 && counts.length <= most + 1 && bit <= end * 8);
  return { table: fseTable(log, counts), end: (bit + 7) >>> 3 };
}
/** After a symbol that does not occur: how many more do not, in twos of bits. */
function zeros(peek: () => number, counts: number[], from: number, most: number, move: (bit: number) => void): number {
  for (let bit = from; ; ) {
    const more = peek() & 3;
    for (let i = 0; i < more; i++) counts.push(0);
    bit += 2;
    move(bit);
    demand(counts.length <= most + 1);
    if (more < 3) return bit;
  }
}
