import type { CaptureSource } from '../capture/source.ts';
import type { Express, Sequences } from '../dissect/express.ts';
import type { Frame } from '../dissect/frame.ts';
import { Line, type LineOptions } from '../dissect/line.ts';
import type { Registry } from '../dissect/registry.ts';
import { ToolError } from '../error.ts';
import type { Output } from '../format/output.ts';
import { displayed } from '../format/shell.ts';
import type { FrameBatch } from '../frame/batch.ts';
import { DIRECTION, RECEPTION } from '../frame/batch.ts';
import { NEEDS } from './sink.ts';
import { TIME, TimeColumn } from './time.ts';
import { FULL, WrittenSink } from './written.ts';

export interface TextOptions extends LineOptions {
  /** `-#`: the packet's number in front. */
  readonly numbers: boolean;
  /** `-t`: how many (see `TIME` in time.ts). */
  readonly time: number;
  /** Nine digits of a second instead of six. */
  readonly nanoseconds: boolean;
  /** `-x`, `-X`, `-A`: how many; twice or more includes the link layer. */
  readonly hex: number;
  readonly hexAscii: number;
  readonly ascii: number;
  /** The device and the packet's way through it in front of each line, as where there are several. */
  readonly devices?: boolean;
}
/** tcpdump's bound on both lengths of a packet. */
const MOST = 262_144;
const NEWLINE = 0x0a;
/** LINKTYPE_LINUX_SLL2. */
const COOKED = 276;
/** By {@link RECEPTION}, and what was sent. */
const WAYS = [' In  ', ' In  ', ' M   ', ' B   ', ' P   ', ' Out '] as const;
const OUT = 5;
const wayOf = (frame: Frame): number =>
  frame.direction === DIRECTION.outbound ? OUT : (frame.flags & RECEPTION.mask) / RECEPTION.unicast;

/** Lines as tcpdump prints them. */
export class TextSink extends WrittenSink<Line> {
  readonly needs: number;
  override readonly whole = false;
  private readonly time: TimeColumn;
  private source!: CaptureSource;
  private registry!: Registry;
  private readonly expresses: (Express | null)[] = [];
  /** No option that changes what a line says of the packet: time, number and dump may stand around it. */
  private readonly plain: boolean;
  private readonly dumps: boolean;
  private bytes: Uint8Array = new Uint8Array(0);
  private packets: DataView = new DataView(this.bytes.buffer);
  /** By port. */
  private readonly names: string[] = [];

  constructor(
    output: Output,
    private readonly options: TextOptions,
  ) {
    super(output, new Line(options));
    this.needs = options.absolute || options.quiet > 0 ? NEEDS.layers : NEEDS.sequences;
    const more = options.verbose + options.quiet;
    // A time since another packet can be written once only.
    const again = options.time !== TIME.sincePrevious && options.time !== TIME.sinceFirst;
    this.plain =
      more === 0 && !options.link && !options.absolute && !options.numbers && options.devices !== true && again;
    this.dumps = options.hex + options.hexAscii + options.ascii > 0;
    this.time = new TimeColumn(options.time, options.nanoseconds);
  }
  override begin(source: CaptureSource, registry: Registry): void {
    this.source = source;
    this.registry = registry;
  }
  express(batch: FrameBatch, from: number, to: number, sequences: Sequences): number {
    const { w, time, dumps } = this;
    const { bytes, seconds, nanos, offset, captured, wire, port } = batch;
    if (!this.plain) return from;
    const packets = this.viewOf(bytes);
    // Where the text has come to; the text itself is told wherever somebody else goes on with it.
    let at = w.at;
    let i = from;
    for (; i < to && at <= FULL; i++) {
      const line = this.expresses[port[i]!] ?? this.expressOf(port[i]!);
      if (line === null) break;
      const p = time.put(w, at, seconds[i]!, nanos[i]!);
      let end = line(packets, bytes, offset[i]!, captured[i]!, wire[i]!, sequences, p);
      if (end === 0) break;
      if (dumps) {
        w.at = end;
        this.dump(bytes, offset[i]!, offset[i]! + captured[i]!);
        end = w.open(1);
      }
      w.bytes[end] = NEWLINE;
      at = end + 1;
    }
    w.at = at;
    return i;
  }
  /** A batch's view of its bytes; the next batch often lies in the same. */
  private viewOf(bytes: Uint8Array): DataView {
    if (this.bytes !== bytes) {
      this.bytes = bytes;
      this.packets = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    return this.packets;
  }
  /** How the link layer of a port writes its most usual packets; null when it has no such way. */
  private expressOf(port: number): Express | null {
    const id = this.registry.linkLayer(this.source.ports[port]?.linkType ?? -1);
    const make = this.registry.protocols[id]?.express;
    return (this.expresses[port] = make?.(this.registry, this.w) ?? null);
  }
  frame(frame: Frame): void {
    const { w, options } = this;
    if (frame.depth === 0) this.unreadable(frame);
    if (options.numbers) {
      w.decAligned(frame.number, 5);
      w.str('  ');
    }
    const captured = frame.end - frame.start;
    if (captured === 0 || frame.wireLength < captured || frame.wireLength > MOST) {
      this.invalidHeader(captured, frame.wireLength);
      return;
    }
    this.time.write(w, frame.seconds, frame.nanos);
    if (options.devices === true) this.device(frame);
    w.packetLine(frame);
    if (this.dumps) this.dump(frame.bytes, frame.start, frame.end);
    w.char(NEWLINE);
  }
  /** `veth0 In  `, as tcpdump begins the lines of Linux's cooked packets; those themselves are told the name only. */
  private device(frame: Frame): void {
    const port = this.source.ports[frame.port]!;
    const { w } = this;
    w.device = this.names[frame.port] ??= displayed(port.name ?? '?').padEnd(5);
    if (port.linkType === COOKED) return;
    w.str(w.device);
    w.str(WAYS[wayOf(frame)]!);
  }
  /** `-x`, `-X`, `-A`: what was captured, once more as bytes; given twice with the link layer. */
  private dump(bytes: Uint8Array, start: number, end: number): void {
    const { w } = this;
    const { hex, hexAscii, ascii } = this.options;
    const level = hexAscii || hex || ascii;
    const from = level > 1 ? start : start + w.linkHeader;
    if (hexAscii > 0) w.hexDumpOf(bytes, from, end, true);
    else if (hex > 0) w.hexDumpOf(bytes, from, end, false);
    else this.asciiDump(bytes, from, end);
  }
  /** `-A`: the packet as text, with dots for what a terminal would not show. */
  private asciiDump(bytes: Uint8Array, from: number, end: number): void {
    const { w } = this;
    if (from >= end) return;
    w.char(NEWLINE);
    for (let at = from; at < end; at++) {
      const byte = bytes[at]!;
      if (byte === 0x0d) {
        // A carriage return at the end of a line is left out.
        if (at + 2 < end && bytes[at + 1] !== 0x0a) w.char(0x2e);
      } else w.char((byte > 0x1f && byte < 0x7f) || byte === 0x09 || byte === 0x0a ? byte : 0x2e);
    }
  }
  private invalidHeader(captured: number, wire: number): void {
    const { w } = this;
    const reasons: string[] = [];
    if (captured === 0) reasons.push(' caplen==0');
    if (wire === 0) reasons.push(' len==0');
    else if (wire < captured) reasons.push(` len(${wire}) < caplen(${captured})`);
    if (captured > MOST) reasons.push(` caplen(${captured}) > ${MOST}`);
    if (wire > MOST) reasons.push(` len(${wire}) > ${MOST}`);
    w.str(`[Invalid header:${reasons.join(',')}]\n`);
  }
  private unreadable(frame: Frame): never {
    const linkType = this.source.ports[frame.port]?.linkType;
    throw new ToolError(
      'unknown-link-type',
      `${this.source.name}: no protocol reads link type ${linkType} (packet ${frame.number})`,
      'write the packets with -w, or see: hooktap protocols',
    );
  }
}
