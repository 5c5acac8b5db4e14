import type { FrameBatch, PcapngEnvelope } from '../frame/batch.ts';
import { BLOCK } from './blocks.ts';
import { type Author, interfaceBlock, sectionBlock, statisticsBlock } from './compose.ts';
import { Output } from './output.ts';
import { FLAGS_OPTION, flagsWord } from './packet-flags.ts';
import { putTime } from './pcapng-time.ts';
import type { CaptureWriter, FileLent, FileReturned, Origin } from './writer.ts';

/** Type, length, interface, two words of time, two lengths. */
const HEADER = 28;
const TRAILER = 4;
/** The option with the flags, and the one that ends the options. */
const FLAGS_OPTIONS = 12;

/**
 * Writes pcapng. What comes in blocks already goes out in the same blocks, with their options, in sections like those of
 * the source; otherwise there is one section, little-endian, whose interfaces are numbered as the ports are.
 */
export class PcapngWriter implements CaptureWriter {
  packets = 0;
  private batch: FrameBatch | undefined;
  private from: DataView = new DataView(new ArrayBuffer(0));
  /** How the blocks of this batch lie, if they can go out as they are. */
  private same: PcapngEnvelope | undefined;
  /** The blocks `[start, stop)` of the batch's bytes wait to be handed on. */
  private start = 0;
  private stop = 0;
  /** The next of the batch's asides, and the packet that it stands before. */
  private aside = 0;
  private asideRow = Number.POSITIVE_INFINITY;
  /** The section: its header if it came with one, its byte order, the port that is its first interface, and the first port not described in it. */
  private sectionHeader: Uint8Array | undefined;
  private littleEndian = true;
  private firstPort = -1;
  private described = 0;
  private readonly started = BigInt(Date.now()) * 1_000_000n;

  constructor(
    private readonly output: Output,
    private readonly origin: Origin,
    private readonly author: Author,
  ) {}
  get size(): number {
    return this.output.size + this.stop - this.start;
  }

  enter(batch: FrameBatch): void {
    const { bytes, envelope } = batch;
    this.batch = batch;
    this.from = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.same = envelope?.format === 'pcapng' ? envelope : undefined;
    if (this.firstPort < 0 || this.same?.header !== this.sectionHeader) this.section(this.same);
    this.aside = -1;
    this.nextAside();
  }
  write(batch: FrameBatch, i: number): void {
    if (batch !== this.batch) this.enter(batch);
    if (i >= this.asideRow) this.passAsides(i);
    if (batch.port[i]! >= this.described) this.describe();
    this.packets++;
    if (this.same === undefined) this.compose(batch, i);
    else this.copy(this.same.start[i]!);
  }
  writeRows(batch: FrameBatch, from: number, to: number): void {
    if (from >= to) return;
    if (batch !== this.batch) this.enter(batch);
    if (this.same?.touching === true && this.same.asides.length === 0) this.copyAll(this.same, from, to);
    else for (let i = from; i < to; i++) this.write(batch, i);
  }
  /** The same for packets whose blocks touch: one slice. */
  private copyAll({ start }: PcapngEnvelope, from: number, to: number): void {
    if (this.described < this.origin.ports.length) this.describe();
    this.packets += to - from;
    const last = start[to - 1]!;
    if (start[from] !== this.stop) {
      this.handOn();
      this.start = start[from]!;
    }
    this.stop = last + this.from.getUint32(last + 4, this.littleEndian);
  }
  /** Adds the block there to those that wait to go out together, if it follows them. */
  private copy(at: number): void {
    if (at !== this.stop) {
      this.handOn();
      this.start = at;
    }
    this.stop = at + this.from.getUint32(at + 4, this.littleEndian);
  }
  private section({ littleEndian, firstPort, header, asides }: Partial<PcapngEnvelope> = {}): void {
    this.handOn();
    this.sectionHeader = header;
    this.littleEndian = littleEndian ?? true;
    this.firstPort = firstPort ?? 0;
    this.described = this.firstPort;
    this.put(header ?? sectionBlock(this.author, this.littleEndian));
    this.describe(asides?.find(({ port }) => port !== undefined)?.port);
  }
  /** Describes the ports that came to be known since, up to one that the batch itself describes. */
  private describe(end = this.origin.ports.length): void {
    this.handOn();
    for (; this.described < end; this.described++) {
      const port = this.origin.ports[this.described]!;
      const block = this.same === undefined ? undefined : port.block;
      this.put(block ?? interfaceBlock(port, this.littleEndian));
    }
  }
  private passAsides(until: number): void {
    this.handOn();
    while (this.asideRow <= until) {
      const { bytes, port } = this.same!.asides[this.aside]!;
      if (port === undefined || port >= this.described) this.put(bytes);
      if (port !== undefined) this.described = Math.max(this.described, port + 1);
      this.nextAside();
    }
  }
  private nextAside(): void {
    this.aside++;
    this.asideRow = this.same?.asides[this.aside]?.row ?? Number.POSITIVE_INFINITY;
  }
  private put(block: Uint8Array): void {
    this.output.room(0);
    this.output.borrow(block, 0, block.length);
  }
  private handOn(): void {
    if (this.stop > this.start) this.output.borrow(this.batch!.bytes, this.start, this.stop);
    this.start = 0;
    this.stop = 0;
  }

  private compose(batch: FrameBatch, i: number): void {
    const { output } = this;
    const length = batch.captured[i]!;
    const padded = (length + 3) & ~3;
    const flags = flagsWord(batch.direction[i]!, batch.flags[i]!);
    const rest = padded - length + (flags === 0 ? 0 : FLAGS_OPTIONS) + TRAILER;
    output.room(HEADER + Output.roomFor(length) + rest);
    this.header(output.next(HEADER), batch, i, HEADER + length + rest);
    output.append(batch.bytes, this.from, batch.offset[i]!, length);
    this.trailer(output.next(rest), padded - length, flags, HEADER + length + rest);
  }
  private header(at: number, batch: FrameBatch, i: number, length: number): void {
    const { view } = this.output;
    const port = batch.port[i]!;
    view.setUint32(at, BLOCK.packet, true);
    view.setUint32(at + 4, length, true);
    view.setUint32(at + 8, port - this.firstPort, true);
    putTime(view, at + 12, batch.seconds[i]!, batch.nanos[i]!, this.origin.ports[port]!.nanos);
    view.setUint32(at + 20, batch.captured[i]!, true);
    view.setUint32(at + 24, batch.wire[i]!, true);
  }
  private trailer(at: number, padding: number, flags: number, length: number): void {
    const { view } = this.output;
    let next = at;
    for (; next < at + padding; next++) view.setUint8(next, 0);
    if (flags !== 0) {
      view.setUint16(next, FLAGS_OPTION, true);
      view.setUint16(next + 2, 4, true);
      view.setUint32(next + 4, flags, true);
      view.setUint32(next + 8, 0, true);
      next += FLAGS_OPTIONS;
    }
    view.setUint32(next, length, true);
  }

  statistics(): void {
    const { origin } = this;
    if (this.firstPort !== 0 || origin.portCounts === undefined) return;
    this.describe();
    const now = BigInt(Date.now()) * 1_000_000n;
    for (const { port, together, ...totals } of origin.portCounts()) {
      if (port >= this.described || origin.ports[port]!.nanos !== true) continue;
      const comment = together ? 'of all devices of this network namespace together' : undefined;
      this.put(statisticsBlock(port, this.started, now, { ...totals, comment }, this.littleEndian));
    }
  }
  async lend(): Promise<FileLent | undefined> {
    const { descriptor } = this.output;
    if (descriptor === undefined) return undefined;
    await this.flush();
    this.describe();
    await this.output.flush();
    return { descriptor, ports: this.described };
  }
  takeBack({ packets, bytes, failure }: FileReturned): void {
    this.packets += packets;
    this.output.wrote(bytes, failure);
  }
  async flush(): Promise<void> {
    if (this.firstPort < 0 && this.origin.format !== 'pcapng') this.section();
    this.leave();
    await this.output.flush();
  }
  async end(): Promise<void> {
    if (this.firstPort < 0) this.section();
    this.leave();
    this.statistics();
    await this.output.end();
  }
  private leave(): void {
    this.handOn();
    this.passAsides(Number.MAX_VALUE);
    this.batch = undefined;
    this.same = undefined;
  }
}
