import type { Decoder } from '../format/decoder.ts';
import { compressionOf, detect, TELLING } from '../format/detect.ts';
import type { FrameBatch } from '../frame/batch.ts';
import { Rows } from '../frame/rows.ts';
import { type Bytes, openBytes } from './bytes.ts';
import type { CaptureSource, Port, ReadAt, SourceCounts } from './source.ts';
import { Window } from './window.ts';

/** Packets in a batch, at most: about as many as fit into a window when they are small. */
const ROWS = 16_384;
const SHORTEST_RECORD = 16;

export interface FileOptions {
  /** Read on as the file grows, until the reading is aborted or the file is deleted. */
  readonly follow?: boolean;
}
/** Opens a capture file, a pipe, or with `-` the standard input, and reads up to its first packet if that is there. */
export async function openFile(path: string, { follow = false }: FileOptions = {}): Promise<CaptureSource> {
  let bytes = openBytes(path, follow);
  try {
    let window = new Window(bytes);
    await window.reach(0, TELLING, false);
    const compression = compressionOf(window.view, window.to);
    if (compression !== undefined) {
      const { decompressed } = await import('./compressed/decompressed.ts');
      bytes = await decompressed(compression, bytes, window);
      window = new Window(bytes);
      await window.reach(0, TELLING, false);
    }
    const { decoder, header } = detect(path, window.view, window.to);
    window.from = header;
    const file = new CaptureFile(path, bytes, window, decoder);
    file.lookAhead();
    return file;
  } catch (error) {
    await bytes[Symbol.asyncDispose]();
    throw error;
  }
}

class CaptureFile implements CaptureSource {
  readonly format: 'pcap' | 'pcapng' | 'snoop';
  readonly ports: readonly Port[];
  private rows: Rows;
  private captured = 0;
  /** The byte of the file that the walk goes on at. */
  private at = 0;
  /** What {@link lookAhead} found is still to be handed out. */
  private looked = false;

  constructor(
    readonly name: string,
    private readonly bytes: Bytes,
    private readonly window: Window,
    private readonly decoder: Decoder,
  ) {
    this.format = decoder.format;
    this.ports = decoder.ports;
    this.rows = this.newRows();
  }
  get size(): number | undefined {
    const { source, size } = this.bytes;
    return source === undefined ? size : source.size;
  }
  get position(): number {
    return this.bytes.source?.position ?? Math.min(this.at, this.window.end);
  }
  /** Where bytes stay where they are, reading never waits. */
  get immediate(): boolean {
    return this.readAt !== undefined;
  }
  get readAt(): ReadAt | undefined {
    return this.bytes.readAt;
  }
  counts(): SourceCounts {
    return { captured: this.captured, dropped: this.decoder.dropped };
  }
  /** Walks over what stands before the first packet: a batch without room for any stops there. */
  lookAhead(): void {
    this.at = this.fill(new Rows(0));
    this.looked = true;
  }
  private fill(rows: Rows): number {
    const { window } = this;
    rows.over(window.bytes, window.view);
    rows.base = this.readAt === undefined ? undefined : window.base;
    return window.base + this.decoder.walk(rows, window.from, window.to, window.base);
  }

  /**
   * One generator, which waits only where the bytes do: V8 counts each wait as running the generator once more up to
   * there, and soon compiles, for longer than the reading takes, what runs once for a window.
   */
  async *batches(signal?: AbortSignal): AsyncGenerator<FrameBatch> {
    const stop = () => this.bytes.stop();
    signal?.addEventListener('abort', stop);
    try {
      while (!signal?.aborted) {
        const there = this.reach();
        if (!(typeof there === 'boolean' ? there : await there)) {
          this.end(signal?.aborted === true);
          return;
        }
        const rows = this.next();
        if (rows.count > 0 || this.decoder.pending) yield this.hand(rows);
      }
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }
  /** Reads what the next walk takes; false at the end of the file. */
  private reach(): boolean | Promise<boolean> {
    const { decoder } = this;
    if (decoder.damage !== undefined && !this.looked) throw decoder.damage;
    return this.window.reach(this.at, this.looked ? 0 : decoder.need, this.rows.leased);
  }
  /** Throws where the file does not end between two packets. */
  private end(aborted: boolean): void {
    const left = this.window.end - this.at;
    if (left !== 0 && !aborted) throw this.decoder.cut(this.at, left);
  }
  private next(): Rows {
    this.looked = false;
    const rows = this.free();
    this.at = this.fill(rows);
    return rows;
  }
  /** The rows of the batch before, or others while somebody still holds those. */
  private free(): Rows {
    if (this.rows.leased) this.rows = this.newRows();
    return this.rows;
  }
  private newRows(): Rows {
    const { size } = this.bytes;
    return new Rows(size === undefined ? ROWS : Math.min(ROWS, Math.ceil(size / SHORTEST_RECORD)));
  }
  private hand(rows: Rows): FrameBatch {
    rows.leased = true;
    this.captured += rows.count;
    return rows;
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.bytes[Symbol.asyncDispose]();
  }
}
