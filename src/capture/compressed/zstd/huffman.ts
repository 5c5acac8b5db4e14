import { BackwardBits, demand } from './bits.ts';
import { readFse } from './fse.ts';

const LONGEST = 11;
/** More than so many weights are none: the last of 256 is never told. */
const MOST_WEIGHTS = 255;
const WEIGHT_LOG = 6;
/** A header byte from here on counts weights of four bits. */
const DIRECT = 128;

/** A Huffman code for literals (RFC 8878, section 4.2): looked up with the next {@link log} bits. */
export class HuffmanTable {
  private readonly symbols: Uint8Array;
  private readonly bits: Uint8Array;

  private constructor(
    readonly log: number,
    weights: readonly number[],
  ) {
    this.symbols = new Uint8Array(1 << log);
    this.bits = new Uint8Array(1 << log);
    let at = 0;
    for (let weight = 1; weight <= log; weight++) {
      for (const [symbol, its] of weights.entries()) {
        if (its !== weight) continue;
        const end = at + (1 << (weight - 1));
        this.symbols.fill(symbol, at, end);
        this.bits.fill(log + 1 - weight, at, end);
        at = end;
      }
    }
  }
  /** Reads the weights at `at`, and says where they end. */
  static read(view: DataView, at: number, end: number): { table: HuffmanTable; end: number } {
    demand(at < end);
    const head = view.getUint8(at);
    const size = head < DIRECT ? head : (head - DIRECT + 2) >> 1;
    const to = at + 1 + size;
    demand(to <= end);
    const weights = head < DIRECT ? packed(view, at + 1, to) : direct(view, at + 1, head - DIRECT + 1);
    const sum = weights.reduce((total, weight) => total + ((1 << weight) >> 1), 0);
    demand(sum > 0);
    const log = 32 - Math.clz32(sum);
    const left = (1 << log) - sum;
    demand(log <= LONGEST && (left & (left - 1)) === 0);
    weights.push(32 - Math.clz32(left));
    return { table: new HuffmanTable(log, weights), end: to };
  }
  /** Decodes the stream `[from, end)` into all of `[at, to)`. */
  decode(view: DataView, from: number, end: number, out: Uint8Array, at: number, to: number): void {
    const { log, symbols, bits } = this;
    const stream = new BackwardBits(view, from, end);
    const mask = (1 << log) - 1;
    // A place that is moved and never below zero: bits before the first are looked at, but must not be used.
    let bit = stream.at - log;
    for (let i = at; i < to; i++) {
      const code = (view.getUint32(bit >>> 3, true) >>> (bit & 7)) & mask;
      out[i] = symbols[code]!;
      bit -= bits[code]!;
      if (bit + log < stream.first) break;
    }
    demand(bit + log === stream.first);
  }
}
function direct(view: DataView, at: number, count: number): number[] {
  const weights = Array.from({ length: count }, (_, i) => {
    const byte = view.getUint8(at + (i >> 1));
    return i % 2 === 0 ? byte >>> 4 : byte & 15;
  });
  demand(weights.every((weight) => weight <= LONGEST));
  return weights;
}
/** Weights in two interleaved states, until the bits are used up (section 4.2.1.2). */
function packed(view: DataView, from: number, end: number): number[] {
  const { table, end: at } = readFse(view, from, end, WEIGHT_LOG, LONGEST);
  const stream = new BackwardBits(view, at, end);
  const states = [stream.take(table.log), stream.take(table.log)];
  demand(stream.at >= stream.first);
  const weights: number[] = [];
  for (let turn = 0; weights.length < MOST_WEIGHTS; turn ^= 1) {
    const state = states[turn]!;
    weights.push(table.symbols[state]!);
    if (stream.at - stream.first < table.bits[state]!) {
      weights.push(table.symbols[states[turn ^ 1]!]!);
      demand(weights.length <= MOST_WEIGHTS);
      return weights;
    }
    states[turn] = table.base[state]! + stream.take(table.bits[state]!);
  }
  demand(false);
  return weights;
}
