import { Striped } from './striped.ts';

const PRIME = [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f, 0x165667b1] as const;
const STRIPE = 16;
const rotated = (value: number, by: number): number => (value << by) | (value >>> (32 - by));

/** The checksum XXH32 (xxhash_spec.md) with seed 0, of bytes that come in pieces. */
export class Xxh32 extends Striped {
  private readonly lanes = Int32Array.of(PRIME[0] + PRIME[1], PRIME[1], 0, -PRIME[0]);

  constructor() {
    super(STRIPE);
  }

  protected stripes(bytes: Uint8Array, from: number, to: number): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const { lanes } = this;
    for (let at = from; at < to; at += STRIPE) {
      for (let lane = 0; lane < 4; lane++) {
        const sum = lanes[lane]! + Math.imul(view.getInt32(at + 4 * lane, true), PRIME[1]);
        lanes[lane] = Math.imul(rotated(sum, 13), PRIME[0]);
      }
    }
  }
  digest(): number {
    const { lanes, rest, held } = this;
    const view = new DataView(rest.buffer);
    let sum: number = PRIME[4];
    if (this.length >= STRIPE)
      sum = rotated(lanes[0]!, 1) + rotated(lanes[1]!, 7) + rotated(lanes[2]!, 12) + rotated(lanes[3]!, 18);
    sum = (sum + this.length) | 0;
    let at = 0;
    for (; at + 4 <= held; at += 4)
      sum = Math.imul(rotated(sum + Math.imul(view.getInt32(at, true), PRIME[2]), 17), PRIME[3]);
    for (; at < held; at++) sum = Math.imul(rotated(sum + Math.imul(rest[at]!, PRIME[4]), 11), PRIME[0]);
    sum = Math.imul(sum ^ (sum >>> 15), PRIME[1]);
    sum = Math.imul(sum ^ (sum >>> 13), PRIME[2]);
    return (sum ^ (sum >>> 16)) >>> 0;
  }
}
export function xxh32(bytes: Uint8Array): number {
  const hash = new Xxh32();
  hash.update(bytes);
  return hash.digest();
}
