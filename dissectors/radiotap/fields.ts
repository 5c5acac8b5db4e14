/** How radiotap's fields lie: in the order of the bits that announce them, each number aligned to its size. */
import { read8, read16le, read32le } from '../../src/bytes/kind.ts';

/** By bit: the sizes of the numbers. */
export const SIZES: readonly (readonly number[] | undefined)[] = [
  [8],
  [1],
  [1],
  [2, 2],
  [1, 1],
  [1],
  [1],
  [2],
  [2],
  [2],
  [1],
  [1],
  [1],
  [1],
  [2],
  [2],
  [1],
  [1],
  [4, 2, 1, 1],
  [1, 1, 1],
  [4, 2, 1, 1],
  [2, 1, 1, 1, 1, 1, 1, 1, 1, 2],
  [8, 2, 1, 1],
  [2, 2, 2, 2, 2, 2],
  [2, 2, 2, 1, 1, 1, 1],
];
export const BIT = { flags: 1, channel: 3, xchannel: 18, mcs: 19 } as const;
/** Bits of the flags. */
export const FLAG = { checksum: 0x10, padded: 0x20 } as const;
const NAMESPACE = 29;
const [RADIOTAP, VENDOR, EXTENDED] = [1 << 29, 1 << 30, 1 << 31];
const HEADER = 8;
const WORD = 4;

/** What a walk over the fields reports. */
export interface Walker {
  readonly sizes: typeof SIZES;
  /** The numbers of the field that `bit` stands for lie at `places`; `present` is the word that announces it. */
  field(bit: number, places: readonly number[], present: number): void;
  /** The header has no room for what it announces; or, with a bit, nobody knows how long that field is. */
  stop(bit?: number): void;
}
/** Where the words of bits end; -1 when they do not. */
export function presentEnd(bytes: Uint8Array, at: number, end: number): number {
  for (let word = at + 4; word + WORD <= end; word += WORD)
    if ((read32le(bytes, word) & EXTENDED) === 0) return word + WORD;
  return -1;
}
class Pack {
  constructor(
    private readonly base: number,
    private readonly end: number,
    public at: number,
  ) {}
  /** The places of numbers of these sizes; nothing when there is no room for all. */
  take(sizes: readonly number[]): number[] | undefined {
    const places: number[] = [];
    for (const size of sizes) {
      const place = this.base + Math.ceil((this.at - this.base) / size) * size;
      if (place + size > this.end) return undefined;
      places.push(place);
      this.at = place + size;
    }
    return places;
  }
  skip(count: number): boolean {
    if (this.at + count > this.end) return false;
    this.at += count;
    return true;
  }
}
/** Goes over the fields of the header at `[at, end)`; the caller knows that all its words of bits are there. */
export function walkFields(bytes: Uint8Array, at: number, end: number, walker: Walker): void {
  const last = presentEnd(bytes, at, end);
  const pack = new Pack(at, end, last);
  let vendor = false;
  let skip = 0;
  let first = 0;
  for (let word = at + 4; word < last; word += WORD) {
    const present = read32le(bytes, word);
    if (vendor ? !pack.skip(skip) : !walkWord(pack, present, first, walker)) return;
    if (vendor) skip = 0;
    const change = present & (RADIOTAP | VENDOR);
    if (change === 0) first += 32;
    else if (change === RADIOTAP) [vendor, skip, first] = [false, 0, 0];
    else if (change === VENDOR) {
      [vendor, first] = [true, 0];
      // Aligned to two bytes: three of the organization, one of its own, then how much to skip.
      const places = pack.take([2, 2, 2]);
      if (places === undefined) walker.stop();
      else skip = read16le(bytes, places[2]!);
    }
  }
}
/** False when a field cannot be passed. */
function walkWord(pack: Pack, present: number, first: number, walker: Walker): boolean {
  for (let bit = 0; bit < NAMESPACE; bit++) {
    if ((present & (1 << bit)) === 0) continue;
    const sizes = walker.sizes[first + bit];
    if (sizes === undefined) {
      walker.stop(first + bit);
      return false;
    }
    const places = pack.take(sizes);
    if (places === undefined) {
      walker.stop();
      return false;
    }
    walker.field(first + bit, places, present);
  }
  return true;
}
/** The size that the header claims; the caller knows that its fixed part is there. */
export const sizeOf = (bytes: Uint8Array, at: number): number => read16le(bytes, at + 2);

/** The header's flags; 0 when it has none. */
export function flagsOf(bytes: Uint8Array, at: number, limit: number): number {
  const end = at + sizeOf(bytes, at);
  if (end < at + HEADER || end > limit || presentEnd(bytes, at, end) < 0) return 0;
  let flags = 0;
  walkFields(bytes, at, end, {
    sizes: SIZES,
    field(bit, places) {
      if (bit === BIT.flags) flags = read8(bytes, places[0]!);
    },
    stop() {},
  });
  return flags;
}
