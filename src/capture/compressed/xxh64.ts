import { Striped } from './striped.ts';

/** The primes of XXH64 (xxhash_spec.md), low and high half. */
const PRIME = [
  [0x85ebca87, 0x9e3779b1],
  [0x27d4eb4f, 0xc2b2ae3d],
] as const;
const [[P1_LOW, P1_HIGH], [P2_LOW, P2_HIGH]] = PRIME;
const WIDE = [
  0x9e3779b185ebca87n,
  0xc2b2ae3d27d4eb4fn,
  0x165667b19e3779f9n,
  0x85ebca77c2b2ae63n,
  0x27d4eb2f165667c5n,
] as const;
const STRIPE = 32;
const wrapped = (value: bigint): bigint => BigInt.asUintN(64, value);
const rotated = (value: bigint, by: bigint): bigint => wrapped(value << by) | (value >> (64n - by));
const round = (sum: bigint, input: bigint): bigint =>
  wrapped(rotated(wrapped(sum + wrapped(input * WIDE[1])), 31n) * WIDE[0]);

/** The upper half of a product of two 32-bit numbers; every sum on the way fits 32 bits. */
function upper(a: number, b: number): number {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const middle = (Math.imul(a1, b0) + (Math.imul(a0, b0) >>> 16)) | 0;
  const other = (Math.imul(a0, b1) + (middle & 0xffff)) | 0;
  return (Math.imul(a1, b1) + (middle >>> 16) + (other >>> 16)) | 0;
}

/**
 * The checksum XXH64 (xxhash_spec.md) with seed 0, of bytes that come in pieces. Stripes are summed in halves of 64 bits,
 * ten times as fast as with bigint, which serves for the end.
 */
export class Xxh64 extends Striped {
  /** Four lanes, low half and high half each. */
  private readonly lanes = new Int32Array(8);

  constructor() {
    super(STRIPE);
    const wide = new BigUint64Array(this.lanes.buffer);
    wide.set([wrapped(WIDE[0] + WIDE[1]), WIDE[1], 0n, wrapped(-WIDE[0])]);
  }
  protected stripes(bytes: Uint8Array, from: number, to: number): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const { lanes } = this;
    for (let at = from; at < to; at += 8) {
      const lane = ((at - from) & 24) >>> 2;
      const low = view.getInt32(at, true);
      const high = view.getInt32(at + 4, true);
      const addLow = Math.imul(low, P2_LOW);
      const addHigh = upper(low, P2_LOW) + Math.imul(high, P2_LOW) + Math.imul(low, P2_HIGH);
      const sumLow = (lanes[lane]! + addLow) | 0;
      const carry = sumLow >>> 0 < addLow >>> 0 ? 1 : 0;
      const sumHigh = (lanes[lane + 1]! + addHigh + carry) | 0;
      const turnedLow = (sumLow << 31) | (sumHigh >>> 1);
      const turnedHigh = (sumHigh << 31) | (sumLow >>> 1);
      lanes[lane] = Math.imul(turnedLow, P1_LOW);
      lanes[lane + 1] = upper(turnedLow, P1_LOW) + Math.imul(turnedHigh, P1_LOW) + Math.imul(turnedLow, P1_HIGH);
    }
  }
  /** The lower half, which is what a zstd frame ends in. */
  digestLow(): number {
    const view = new DataView(this.rest.buffer);
    let sum = wrapped(this.merged() + BigInt(this.length));
    let at = 0;
    for (; at + 8 <= this.held; at += 8)
      sum = wrapped(rotated(sum ^ round(0n, view.getBigUint64(at, true)), 27n) * WIDE[0] + WIDE[3]);
    if (at + 4 <= this.held) {
      sum = wrapped(rotated(sum ^ wrapped(BigInt(view.getUint32(at, true)) * WIDE[0]), 23n) * WIDE[1] + WIDE[2]);
      at += 4;
    }
    for (; at < this.held; at++) sum = wrapped(rotated(sum ^ wrapped(BigInt(this.rest[at]!) * WIDE[4]), 11n) * WIDE[0]);
    sum = wrapped((sum ^ (sum >> 33n)) * WIDE[1]);
    sum = wrapped((sum ^ (sum >> 29n)) * WIDE[2]);
    return Number((sum ^ (sum >> 32n)) & 0xffff_ffffn);
  }
  private merged(): bigint {
    if (this.length < STRIPE) return WIDE[4];
    const lanes = [...new BigUint64Array(this.lanes.buffer)];
    const turned = [1n, 7n, 12n, 18n].map((by, i) => rotated(lanes[i]!, by));
    return lanes.reduce(
      (sum, lane) => wrapped((sum ^ round(0n, lane)) * WIDE[0] + WIDE[3]),
      turned.reduce((a, b) => wrapped(a + b)),
    );
  }
}
