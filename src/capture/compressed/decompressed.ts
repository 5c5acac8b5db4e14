import type { Compression } from '../../format/detect.ts';
import type { Bytes } from '../bytes.ts';
import type { Window } from '../window.ts';

/** What gives the pieces of each compression. Loaded only for those who need it. */
const PIECES: Readonly<Record<Compression, () => Promise<(input: Window) => AsyncGenerator<Uint8Array>>>> = {
  gzip: async () => (await import('./gzip.ts')).gunzip,
  zstd: async () => (await import('./zstd/frame.ts')).unzstd,
  lz4: async () => (await import('./lz4.ts')).unlz4,
};

/** The bytes that a compressed file holds; `window` is the compressed one, at its beginning. */
export async function decompressed(compression: Compression, packed: Bytes, window: Window): Promise<Bytes> {
  const pieces = await PIECES[compression]();
  return new DecompressedBytes(packed, window, pieces(window));
}

class DecompressedBytes implements Bytes {
  readonly size = undefined;
  /** What was not asked for yet of the last piece. */
  private left: Uint8Array = new Uint8Array(0);
  private stopped = false;

  constructor(
    private readonly packed: Bytes,
    private readonly window: Window,
    private readonly pieces: AsyncGenerator<Uint8Array>,
  ) {}
  get source(): { size: number | undefined; position: number } {
    const { window, packed } = this;
    return { size: packed.size, position: window.base + window.from };
  }
  read(into: Uint8Array, at: number): number | Promise<number> {
    return this.left.length > 0 ? this.take(into, at) : this.next(into, at);
  }
  private async next(into: Uint8Array, at: number): Promise<number> {
    try {
      while (this.left.length === 0 && !this.stopped) {
        const { value, done } = await this.pieces.next();
        if (done === true) return 0;
        this.left = value;
      }
    } catch (error) {
      // What was stopped looks as if it had been cut.
      if (!this.stopped) throw error;
    }
    return this.stopped ? 0 : this.take(into, at);
  }
  private take(into: Uint8Array, at: number): number {
    const count = Math.min(this.left.length, into.length - at);
    into.set(this.left.subarray(0, count), at);
    this.left = this.left.subarray(count);
    return count;
  }
  stop(): void {
    this.stopped = true;
    this.left = this.left.subarray(this.left.length);
    this.packed.stop();
  }
  async [Symbol.asyncDispose](): Promise<void> {
    this.stop();
    await this.packed[Symbol.asyncDispose]();
  }
}
