/** A checksum that takes its bytes in stripes of one length, whatever pieces they come in. */
export abstract class Striped {
  /** What is not a whole stripe yet. */
  protected readonly rest: Uint8Array;
  /** Bytes in {@link rest}. */
  protected held = 0;
  /** Of all bytes so far. */
  protected length = 0;

  constructor(private readonly stripe: number) {
    this.rest = new Uint8Array(stripe);
  }
  /** Takes in whole stripes. */
  protected abstract stripes(bytes: Uint8Array, from: number, to: number): void;

  update(bytes: Uint8Array): void {
    const { rest, stripe } = this;
    this.length += bytes.length;
    let at = 0;
    if (this.held > 0) {
      at = Math.min(stripe - this.held, bytes.length);
      rest.set(bytes.subarray(0, at), this.held);
      this.held += at;
      if (this.held < stripe) return;
      this.stripes(rest, 0, stripe);
      this.held = 0;
    }
    const whole = at + ((bytes.length - at) & -stripe);
    this.stripes(bytes, at, whole);
    rest.set(bytes.subarray(whole));
    this.held = bytes.length - whole;
  }
}
