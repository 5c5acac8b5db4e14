import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import type { GlobalHeader, PacketHeader, parse } from 'pcap-parser';
import { ToolError } from '../../error.ts';
import { cutShort, damaged } from '../../format/damage.ts';
import { longest } from '../../format/linktype.ts';
import { inputName, quoted } from '../../format/shell.ts';
import type { FrameBatch } from '../../frame/batch.ts';
import { Rows } from '../../frame/rows.ts';
import { type Bytes, openBytes } from '../bytes.ts';
import type { Availability, CaptureSource, Port, SourceCounts, SourceKind } from '../source.ts';

const PACKAGE = 'pcap-parser';
/** Fed at once. */
const PIECE = 64 << 10;
const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const MILLION = 1_000_000;

/**
 * Reads classic pcap with microseconds through the package pcap-parser: another pair of eyes on a file. The package is silent
 * when a file is cut and believes every length, so those are looked after here.
 */
export const pcapParser: SourceKind<{ readonly path: string }, CaptureSource> = {
  name: PACKAGE,
  async available(): Promise<Availability> {
    try {
      createRequire(import.meta.url).resolve(PACKAGE);
      return { ok: true };
    } catch {
      return { ok: false, why: `the package ${PACKAGE} is not installed`, remedy: `npm install ${PACKAGE}@0.2.1` };
    }
  },
  async open({ path }) {
    const able = await this.available();
    if (!able.ok) throw new ToolError('no-adapter', able.why, able.remedy);
    const source = new ParserSource(path, openBytes(path));
    try {
      await source.begin();
      return source;
    } catch (error) {
      await source[Symbol.asyncDispose]();
      throw error;
    }
  },
};

class ParserSource implements CaptureSource {
  readonly format = 'pcap';
  readonly ports: Port[] = [];
  /** What the package takes for a stream. */
  private readonly feed = Object.assign(new EventEmitter(), { pause() {}, resume() {} });
  private rows = new Rows(PIECE / RECORD_HEADER + 2);
  private captured = 0;
  /** Bytes that were fed, and of these the ones that the packets and headers so far take. */
  private fed = 0;
  private used = 0;
  private need = FILE_HEADER;
  private most = 0;
  private ended = false;
  private failure: unknown;

  constructor(
    readonly name: string,
    private readonly bytes: Bytes,
  ) {
    const { parse: begin } = createRequire(import.meta.url)(PACKAGE) as { parse: typeof parse };
    begin(this.feed)
      .on('globalHeader', (header) => this.header(header))
      .on('packetHeader', (header) => this.announced(header))
      .on('packet', ({ header, data }) => this.packet(header, data))
      .on('error', (error) => this.refused(error));
  }
  get size(): number | undefined {
    return this.bytes.size;
  }
  get position(): number {
    return this.used;
  }
  counts(): SourceCounts {
    return { captured: this.captured, dropped: 0 };
  }
  /** Reads until the file header is known. */
  async begin(): Promise<void> {
    while (this.ports.length === 0 && this.failure === undefined && !this.ended) await this.next();
    if (this.ports.length > 0) return;
    throw this.failure ?? cutShort(0, this.fed, FILE_HEADER, `the header of ${inputName(this.name)}`);
  }
  private async next(): Promise<void> {
    const piece = Buffer.alloc(PIECE);
    const count = await this.bytes.read(piece, 0);
    this.ended = count === 0;
    this.fed += count;
    try {
      if (count > 0) this.feed.emit('data', piece.subarray(0, count));
    } catch (error) {
      this.failure = error;
    }
  }
  private header({ linkLayerType, snapshotLength }: GlobalHeader): void {
    const linkType = linkLayerType & 0xffff;
    this.used = FILE_HEADER;
    this.need = RECORD_HEADER;
    this.most = longest(linkType);
    this.ports.push({ name: undefined, linkType, snaplen: snapshotLength, nanos: false });
  }
  private announced({ capturedLength: length }: PacketHeader): void {
    this.need = RECORD_HEADER + length;
    if (length <= this.most) return;
    const what = `the packet there claims ${length} captured bytes, and ${this.most} is the most there can be`;
    throw damaged(this.used, what);
  }
  private packet(header: PacketHeader, data: Buffer): void {
    const { rows } = this;
    const n = rows.count;
    // All packets of a piece lie in one buffer, which nobody writes to again.
    if (n === 0) rows.over(new Uint8Array(data.buffer), new DataView(data.buffer));
    rows.count = n + 1;
    rows.offset[n] = data.byteOffset;
    rows.captured[n] = data.length;
    rows.wire[n] = header.originalLength;
    rows.seconds[n] = header.timestampSeconds + Math.floor(header.timestampMicroseconds / MILLION);
    rows.nanos[n] = (header.timestampMicroseconds % MILLION) * 1000;
    this.used += RECORD_HEADER + data.length;
    this.need = RECORD_HEADER;
  }
  private refused({ message }: Error): void {
    const hint = `hooktap read ${quoted(this.name)}`;
    this.failure = new ToolError('unknown-format', `${inputName(this.name)}: ${PACKAGE} says: ${message}`, hint);
  }

  async *batches(signal?: AbortSignal): AsyncGenerator<FrameBatch> {
    const stop = () => this.bytes.stop();
    signal?.addEventListener('abort', stop);
    try {
      yield* this.walk(signal);
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }
  private async *walk(signal: AbortSignal | undefined): AsyncGenerator<FrameBatch> {
    while (!signal?.aborted) {
      if (this.rows.count > 0) {
        const { rows } = this;
        rows.leased = true;
        this.captured += rows.count;
        yield rows;
        if (rows.leased) this.rows = new Rows(rows.capacity);
        else rows.count = 0;
      }
      if (this.failure !== undefined) throw this.failure;
      if (this.ended) break;
      await this.next();
    }
    const left = this.fed - this.used;
    if (!signal?.aborted && left > 0) throw cutShort(this.used, left, this.need, 'a record');
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.bytes[Symbol.asyncDispose]();
  }
}
