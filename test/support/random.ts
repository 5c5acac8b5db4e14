/** Numbers that look random and are the same on every machine for the same seed (Mulberry32). */
export class Random {
  private state: number;
  constructor(seed: number) {
    this.state = seed >>> 0;
  }
  u32(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }
  /** From 0 to `count` - 1. */
  below(count: number): number {
    return Math.floor((this.u32() / 0x1_0000_0000) * count);
  }
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }
  chance(probability: number): boolean {
    return this.u32() < probability * 0x1_0000_0000;
  }
  of<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }
  fill(bytes: Uint8Array, from = 0, to = bytes.length): void {
    for (let i = from; i < to; i++) bytes[i] = this.u32() >>> 24;
  }
  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    this.fill(bytes);
    return bytes;
  }
}
