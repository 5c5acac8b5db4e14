/** So many whole numbers that are near each other, in 4 bytes each; in 8 from the first on that is farther away. */
export class NearNumbers {
  private base = 0;
  private near: Int32Array;
  private far: Float64Array | undefined;

  constructor(private readonly capacity: number) {
    this.near = new Int32Array(capacity);
  }
  /** To be set in order: all lie within 2³¹ of number 0, or take more room. */
  set(i: number, value: number): void {
    if (i === 0) this.base = value;
    const distance = value - this.base;
    if (this.far !== undefined) this.far[i] = value;
    else if (distance === (distance | 0)) this.near[i] = distance;
    else this.widen()[i] = value;
  }
  get(i: number): number {
    return this.far === undefined ? this.base + this.near[i]! : this.far[i]!;
  }
  private widen(): Float64Array {
    const { base, near } = this;
    this.far = Float64Array.from({ length: this.capacity }, (_, i) => base + near[i]!);
    this.near = new Int32Array(0);
    return this.far;
  }
}
