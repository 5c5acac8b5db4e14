import { HuffmanCode } from './huffman.ts';

/** How far back a match may reach. */
const HISTORY = 32_768;
const PIECE = 128 << 10;
const LONGEST_MATCH = 258;
/** From here on a match is copied at once; shorter ones byte by byte. */
const LONG = 40;
const END_OF_BLOCK = 256;
const FIRST_LENGTH = 257;
const LAST_LENGTH = 285;
/** In place of a distance symbol that there is not. */
const NO_STEP = 30;
/** Not to stop, but to see how much input and room there is. */
const GO_ON = -1;

/** What {@link Inflate.run} stopped for. */
export const STOP = { wantsInput: 0, full: 1, end: 2, damaged: 3 } as const;
const KIND = { stored: 0, fixed: 1, dynamic: 2 } as const;

/**
 * RFC 1951, section 3.2.5: by symbol from 257 on, and by distance symbol, the least value and the bits to add. The last two
 * distance symbols do not exist: they reach farther back than anything.
 */
const LENGTHS = ladder([0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5], 3, [
  LONGEST_MATCH,
]);
const DISTANCES = ladder([0, 0, 0, 0, ...Array.from({ length: 26 }, (_, i) => 1 + (i >> 1))], 1, [0x3_ffff, 0x3_ffff]);
/** The order in which the lengths of the code of code lengths stand. */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
/** By symbol from 16 on, of the code of code lengths: how many bits tell how often something is repeated, and the least. */
const REPEATS = [
  { bits: 2, least: 3 },
  { bits: 3, least: 3 },
  { bits: 7, least: 11 },
] as const;

function ladder(more: number[], first: number, last: number[] = []): { least: Uint32Array; more: Uint8Array } {
  let next = first;
  const least = more.map((bits) => {
    next += 1 << bits;
    return next - (1 << bits);
  });
  return { least: Uint32Array.from([...least, ...last]), more: Uint8Array.from([...more, ...last.map(() => 0)]) };
}

/**
 * Undoes deflate (RFC 1951), as far as the bytes at hand go. Ours and not node:zlib's, which throws away what it made out of
 * its last input when it meets damage behind that: here every byte before the damage comes out, of a pipe, too.
 */
export class Inflate {
  /** What comes out, behind as much of what came before as matches may reach back to: `[from, to)` is new. */
  readonly out = new Uint8Array(HISTORY + PIECE + LONGEST_MATCH);
  from = 0;
  to = 0;
  /** Where in the input to go on. */
  at = 0;
  private bits = 0;
  private count = 0;
  private last = false;
  private inside: 'nothing' | 'stored' | 'codes' = 'nothing';
  private stored = 0;
  private readonly literals = new HuffmanCode();
  private readonly distances = new HuffmanCode();
  private readonly lengths = new Uint8Array(320);

  /** Begins a stream; nothing before it is reached back to. */
  begin(at: number): void {
    this.at = at;
    this.bits = 0;
    this.count = 0;
    this.last = false;
    this.inside = 'nothing';
    this.from = 0;
    this.to = 0;
  }
  /** Makes room: what is in {@link out} was taken. */
  taken(): void {
    const { out, to } = this;
    const kept = Math.min(to, HISTORY);
    out.copyWithin(0, to - kept, to);
    this.from = kept;
    this.to = kept;
  }
  /** Goes on with the input `bytes[at, end)` and says what it stopped for. */
  run(bytes: Uint8Array, end: number): number {
    for (;;) {
      if (this.inside === 'nothing') {
        if (this.last) return STOP.end;
        const stop = this.header(bytes, end);
        if (stop !== undefined) return stop;
      } else {
        const stop = this.inside === 'stored' ? this.copy(bytes, end) : this.decode(bytes, end);
        if (stop !== undefined) return stop;
        this.inside = 'nothing';
      }
    }
  }

  private header(bytes: Uint8Array, end: number): number | undefined {
    const { at, bits, count } = this;
    this.last = this.take(bytes, 1) === 1;
    const kind = this.take(bytes, 2);
    const sound =
      kind === KIND.stored
        ? this.storedHeader(bytes)
        : kind === KIND.fixed
          ? this.fixedCodes()
          : kind === KIND.dynamic && this.dynamicCodes(bytes);
    // What lies behind the end of the input was read as zeros.
    if (this.at - (this.count >>> 3) > end) {
      this.at = at;
      this.bits = bits;
      this.count = count;
      this.last = false;
      this.rewind();
      return STOP.wantsInput;
    }
    return sound ? undefined : STOP.damaged;
  }
  private storedHeader(bytes: Uint8Array): boolean {
    this.take(bytes, this.count & 7);
    this.stored = this.take(bytes, 16);
    this.inside = 'stored';
    return (this.stored ^ this.take(bytes, 16)) === 0xffff;
  }
  private copy(bytes: Uint8Array, end: number): number | undefined {
    this.rewind();
    const room = HISTORY + PIECE - this.to;
    const length = Math.min(this.stored, room, end - this.at);
    this.out.set(bytes.subarray(this.at, this.at + length), this.to);
    this.at += length;
    this.to += length;
    this.stored -= length;
    if (this.stored === 0) return undefined;
    return this.at === end ? STOP.wantsInput : STOP.full;
  }
  private fixedCodes(): boolean {
    this.inside = 'codes';
    const { lengths } = this;
    lengths.fill(8, 0, 144).fill(9, 144, 256).fill(7, 256, 280).fill(8, 280, 288).fill(5, 288, 320);
    return this.literals.build(lengths, 0, 288) && this.distances.build(lengths, 288, 32);
  }
  private dynamicCodes(bytes: Uint8Array): boolean {
    this.inside = 'codes';
    const literals = this.take(bytes, 5) + 257;
    const distances = this.take(bytes, 5) + 1;
    const known = this.take(bytes, 4) + 4;
    const { lengths } = this;
    lengths.fill(0, 0, 19);
    for (let i = 0; i < known; i++) lengths[ORDER[i]!] = this.take(bytes, 3);
    if (literals > 286 || distances > 30 || !this.distances.build(lengths, 0, 19)) return false;
    if (!this.codeLengths(bytes, literals + distances) || lengths[END_OF_BLOCK] === 0) return false;
    return this.literals.build(lengths, 0, literals) && this.distances.build(lengths, literals, distances);
  }
  /** RFC 1951, section 3.2.7: lengths, of which many are told as repetitions. */
  private codeLengths(bytes: Uint8Array, total: number): boolean {
    const { lengths } = this;
    for (let i = 0; i < total; ) {
      const symbol = this.code(bytes, this.distances);
      if (symbol < 0) return false;
      if (symbol < 16) {
        lengths[i++] = symbol;
        continue;
      }
      const { bits, least } = REPEATS[symbol - 16]!;
      const times = least + this.take(bytes, bits);
      if (i + times > total || (symbol === 16 && i === 0)) return false;
      lengths.fill(symbol === 16 ? lengths[i - 1]! : 0, i, i + times);
      i += times;
    }
    return true;
  }

  /** The symbols of a block: most of them in a hurry, near the input's end one by one. */
  private decode(bytes: Uint8Array, end: number): number | undefined {
    let stop: number | undefined = GO_ON;
    while (stop === GO_ON) {
      if (this.to >= HISTORY + PIECE) stop = STOP.full;
      else if (this.at < end - 8) stop = this.hurry(bytes, end - 8);
      else stop = this.symbol(bytes, end);
    }
    this.rewind();
    return stop;
  }
  /** Goes on while `at` is below `safe`: no symbol takes more than the eight bytes behind that. Long, for it is the hot loop. */
  private hurry(bytes: Uint8Array, safe: number): number | undefined {
    const { out } = this;
    const { fast: literals } = this.literals;
    const { fast: distances } = this.distances;
    const mask = literals.length - 1;
    const room = HISTORY + PIECE;
    let { at, bits, count, to } = this;
    let stop: number | undefined = GO_ON;
    while (to < room && at < safe) {
      if (count < 15) {
        bits |= (bytes[at]! | (bytes[at + 1]! << 8)) << count;
        at += 2;
        count += 16;
      }
      const code = literals[bits & mask]! || this.literals.long(bits);
      bits >>>= code & 15;
      count -= code & 15;
      const symbol = code >>> 4;
      if (symbol < END_OF_BLOCK && code !== 0) {
        out[to++] = symbol;
        continue;
      }
      if (symbol === END_OF_BLOCK || symbol > LAST_LENGTH || code === 0) {
        stop = symbol === END_OF_BLOCK ? undefined : STOP.damaged;
        break;
      }
      if (count < 15) {
        bits |= (bytes[at]! | (bytes[at + 1]! << 8)) << count;
        at += 2;
        count += 16;
      }
      const more = LENGTHS.more[symbol - FIRST_LENGTH]!;
      const until = to + LENGTHS.least[symbol - FIRST_LENGTH]! + (bits & ((1 << more) - 1));
      bits >>>= more;
      count -= more;
      if (count < 15) {
        bits |= (bytes[at]! | (bytes[at + 1]! << 8)) << count;
        at += 2;
        count += 16;
      }
      const far = distances[bits & mask]! || this.distances.long(bits);
      bits >>>= far & 15;
      count -= far & 15;
      if (count < 15) {
        bits |= (bytes[at]! | (bytes[at + 1]! << 8)) << count;
        at += 2;
        count += 16;
      }
      const step = far === 0 ? NO_STEP : far >>> 4;
      const wide = DISTANCES.more[step]!;
      const source = to - DISTANCES.least[step]! - (bits & ((1 << wide) - 1));
      bits >>>= wide;
      count -= wide;
      if (source < 0) {
        stop = STOP.damaged;
        break;
      }
      if (until - to >= LONG && to - source >= until - to) {
        out.copyWithin(to, source, source + until - to);
        to = until;
      } else for (let from = source; to < until; ) out[to++] = out[from++]!;
    }
    this.at = at;
    this.bits = bits;
    this.count = count;
    this.to = to;
    return stop;
  }
  /** One symbol. If the input has only a part of it, it is left for later. */
  private symbol(bytes: Uint8Array, end: number): number | undefined {
    const { at, bits, count, out } = this;
    const symbol = this.code(bytes, this.literals);
    let length = 0;
    let distance = 0;
    if (symbol >= FIRST_LENGTH && symbol <= LAST_LENGTH) {
      length = LENGTHS.least[symbol - FIRST_LENGTH]! + this.take(bytes, LENGTHS.more[symbol - FIRST_LENGTH]!);
      const code = this.code(bytes, this.distances);
      const step = code < 0 ? NO_STEP : code;
      distance = DISTANCES.least[step]! + this.take(bytes, DISTANCES.more[step]!);
    }
    const sound = symbol >= 0 && symbol <= LAST_LENGTH && distance <= this.to;
    if (this.at > end && (!sound || this.at - (this.count >>> 3) > end)) {
      this.at = at;
      this.bits = bits;
      this.count = count;
      return STOP.wantsInput;
    }
    if (!sound) return STOP.damaged;
    if (symbol === END_OF_BLOCK) return undefined;
    if (symbol < END_OF_BLOCK) out[this.to++] = symbol;
    for (let i = 0; i < length; i++, this.to++) out[this.to] = out[this.to - distance]!;
    return GO_ON;
  }
  /** The symbol that comes next; -1: there is no such code. */
  private code(bytes: Uint8Array, of: HuffmanCode): number {
    this.fill(bytes, 15);
    const code = of.long(this.bits);
    this.drop(code & 15);
    return code === 0 ? -1 : code >>> 4;
  }

  /** Up to 16 bits; those behind the input's end are zeros. */
  private take(bytes: Uint8Array, width: number): number {
    this.fill(bytes, width);
    const value = this.bits & ((1 << width) - 1);
    this.drop(width);
    return value;
  }
  private fill(bytes: Uint8Array, width: number): void {
    for (; this.count < width; this.count += 8) this.bits |= (bytes[this.at++] ?? 0) << this.count;
  }
  private drop(width: number): void {
    this.bits >>>= width;
    this.count -= width;
  }
  /** Gives back the whole bytes among the bits: the input begins at {@link at} and at the bits before it. */
  private rewind(): void {
    this.at -= this.count >>> 3;
    this.count &= 7;
    this.bits &= (1 << this.count) - 1;
  }
}
