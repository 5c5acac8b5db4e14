import type { Bytes } from './bytes.ts';

/** Longer ones are slower, as they leave the cache; with shorter ones V8 compiles what runs once for each of them. */
const USUAL = 1 << 21;

/** The part of a file that is in memory. What was not used yet moves to the front, and the rest is filled behind it. */
export class Window {
  bytes: Uint8Array<ArrayBuffer>;
  view: DataView;
  /** The first byte not used yet. */
  from = 0;
  to = 0;
  /** Which byte of the file `bytes[0]` is. */
  base = 0;

  constructor(private readonly source: Bytes) {
    // A small file fits with a byte to spare, into which its end is read.
    this.bytes = new Uint8Array(Math.min(source.size ?? USUAL, USUAL - 1) + 1);
    this.view = new DataView(this.bytes.buffer);
  }
  /** The byte of the file that follows what was read so far. */
  get end(): number {
    return this.base + this.to;
  }
  /**
   * Goes on to byte `at` of the file, which may lie behind what is there, and reads until `need` bytes are there, or more;
   * false when the file ends before; a promise only where waiting may be needed. With `renew` it leaves the buffer that it had alone: somebody still reads it.
   */
  reach(at: number, need: number, renew: boolean): boolean | Promise<boolean> {
    this.from = Math.min(at, this.end) - this.base;
    if (at + need <= this.end) return true;
    this.moveUp(renew);
    while (!this.has(at, need)) {
      const more = this.more();
      if (typeof more !== 'boolean') return this.reachLater(more, at, need);
      if (!more) return false;
    }
    return true;
  }
  private async reachLater(first: Promise<boolean>, at: number, need: number): Promise<boolean> {
    for (let more: boolean | Promise<boolean> = first; await more; more = this.more()) {
      if (this.has(at, need)) return true;
    }
    return false;
  }
  /** Are `need` bytes from `at` on there? What lies before `at` makes room. */
  private has(at: number, need: number): boolean {
    if (this.end < at) {
      this.base = this.end;
      this.to = 0;
      return false;
    }
    this.from = at - this.base;
    return this.to - this.from >= need;
  }
  private moveUp(renew: boolean): void {
    const { bytes, from, to } = this;
    if (renew) this.adopt(new Uint8Array(bytes.length));
    if (renew || from > 0) this.bytes.set(bytes.subarray(from, to));
    this.base += from;
    this.from = 0;
    this.to = to - from;
  }
  /** Reads once. The buffer grows only when it is full of bytes that did arrive. */
  private more(): boolean | Promise<boolean> {
    if (this.to === this.bytes.length) this.grow();
    const got = this.source.read(this.bytes, this.to);
    return typeof got === 'number' ? this.took(got) : got.then((count) => this.took(count));
  }
  private took(count: number): boolean {
    this.to += count;
    return count > 0;
  }
  private grow(): void {
    const { bytes } = this;
    this.adopt(new Uint8Array(bytes.length * 2));
    this.bytes.set(bytes);
  }
  private adopt(bytes: Uint8Array<ArrayBuffer>): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
  }
}
