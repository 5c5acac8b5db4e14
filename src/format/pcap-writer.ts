import { ToolError } from '../error.ts';
import type { FrameBatch } from '../frame/batch.ts';
import type { Port } from '../frame/port.ts';
import { Output } from './output.ts';
import { FILE_HEADER, MAGIC } from './pcap.ts';
import type { CaptureWriter, Origin } from './writer.ts';

const RECORD_HEADER = 16;
const ETHERNET = 1;

/** Writes pcap 2.4, little-endian. Records that come in that form already go out as they are, many at once. */
export class PcapWriter implements CaptureWriter {
  packets = 0;
  private linkType = -1;
  private batch: FrameBatch | undefined;
  private from: DataView = new DataView(new ArrayBuffer(0));
  /** Do this batch's records look like ours? */
  private same = false;
  /** The records `[start, stop)` of the batch's bytes wait to be handed on. */
  private start = 0;
  private stop = 0;

  constructor(
    private readonly output: Output,
    private readonly origin: Origin,
    private readonly nanos: boolean,
  ) {}
  get size(): number {
    return this.output.size + this.stop - this.start;
  }

  write(batch: FrameBatch, i: number): void {
    if (batch !== this.batch) this.enter(batch);
    const { linkType } = this.origin.ports[batch.port[i]!]!;
    if (linkType !== this.linkType) this.meet(linkType);
    this.packets++;
    if (this.same) this.copy(batch, i);
    else this.compose(batch, i);
  }
  writeRows(batch: FrameBatch, from: number, to: number): void {
    if (from >= to) return;
    this.write(batch, from);
    if (!this.same) {
      for (let i = from + 1; i < to; i++) this.write(batch, i);
      return;
    }
    // A batch with an envelope is of one port, and its records touch.
    this.packets += to - from - 1;
    this.stop = batch.offset[to - 1]! + batch.captured[to - 1]!;
  }
  /** Adds a record to those that wait to go out together, if it follows them. */
  private copy(batch: FrameBatch, i: number): void {
    const from = batch.offset[i]! - RECORD_HEADER;
    if (from !== this.stop) {
      this.handOn();
      this.start = from;
    }
    this.stop = batch.offset[i]! + batch.captured[i]!;
  }
  enter(batch: FrameBatch): void {
    const { bytes, envelope } = batch;
    this.batch = batch;
    this.from = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const pcap = envelope?.format === 'pcap' ? envelope : undefined;
    this.same = pcap?.head === RECORD_HEADER && pcap.littleEndian && pcap.nanos === this.nanos;
  }
  private meet(linkType: number): void {
    if (this.linkType < 0) {
      this.header(linkType);
      return;
    }
    throw new ToolError(
      'mixed-link-types',
      `a pcap file has one link type: this one has ${this.linkType}, and a packet has ${linkType}`,
      '--format pcapng',
    );
  }
  private header(linkType: number): void {
    this.linkType = linkType;
    const { output } = this;
    output.room(FILE_HEADER);
    const at = output.next(FILE_HEADER);
    const { view } = output;
    view.setUint32(at, this.nanos ? MAGIC.nano : MAGIC.micro, true);
    view.setUint16(at + 4, 2, true);
    view.setUint16(at + 6, 4, true);
    view.setUint32(at + 8, 0);
    view.setUint32(at + 12, 0);
    view.setUint32(at + 16, snaplen(this.origin.ports), true);
    view.setUint32(at + 20, linkType, true);
  }
  private handOn(): void {
    if (this.stop > this.start) this.output.borrow(this.batch!.bytes, this.start, this.stop);
    this.start = 0;
    this.stop = 0;
  }
  private compose(batch: FrameBatch, i: number): void {
    const { output } = this;
    const length = batch.captured[i]!;
    output.room(RECORD_HEADER + Output.roomFor(length));
    const at = output.next(RECORD_HEADER);
    const { view } = output;
    const nanos = batch.nanos[i]!;
    view.setUint32(at, batch.seconds[i]!, true);
    view.setUint32(at + 4, this.nanos ? nanos : (nanos / 1000) | 0, true);
    view.setUint32(at + 8, length, true);
    view.setUint32(at + 12, batch.wire[i]!, true);
    output.append(batch.bytes, this.from, batch.offset[i]!, length);
  }
  async flush(): Promise<void> {
    const { format, ports } = this.origin;
    if (this.linkType < 0 && format !== 'pcapng' && oneLinkType(ports)) this.header(ports[0]!.linkType);
    this.handOn();
    this.batch = undefined;
    await this.output.flush();
  }
  async end(): Promise<void> {
    if (this.linkType < 0) this.header(this.origin.ports[0]?.linkType ?? ETHERNET);
    this.handOn();
    await this.output.end();
  }
}
/** A reader may cut packets to the snaplen in the header, so it must hold for every port. */
function snaplen(ports: readonly Port[]): number {
  let most = 0;
  for (const port of ports) {
    if (port.snaplen === 0) return 262_144;
    most = Math.max(most, port.snaplen);
  }
  return most === 0 ? 262_144 : most;
}
function oneLinkType(ports: readonly Port[]): boolean {
  return ports.length > 0 && ports.every((port) => port.linkType === ports[0]!.linkType);
}
