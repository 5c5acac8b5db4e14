import type { CaptureSource } from '../../src/capture/source.ts';
import type { Frame } from '../../src/dissect/frame.ts';
import { Line, PLAIN } from '../../src/dissect/line.ts';
import type { Registry } from '../../src/dissect/registry.ts';
import { StreamTable } from '../../src/flow/streams.ts';
import { Output } from '../../src/format/output.ts';
import { NEEDS, type Sink } from '../../src/sink/sink.ts';
import { type TextOptions, TextSink } from '../../src/sink/text.ts';
import { marksOf, misplaced } from '../support/properties.ts';

const NOTHING: TextOptions = { ...PLAIN, numbers: false, time: 0, nanoseconds: false, hex: 0, hexAscii: 0, ascii: 0 };
/** `read`'s options that lead to different code. */
const OPTIONS: readonly Partial<TextOptions>[] = [
  {},
  { verbose: 1, link: true, hex: 1 },
  { verbose: 3, link: true, hexAscii: 2, absolute: true, nanoseconds: true },
  { quiet: 1, ascii: 1, time: 3 },
  { verbose: 2, checksums: false, numbers: true, time: 4 },
];
export const LIMIT_MS = 50;
/** From here on it is worth asking whether the packet took so long, or the machine did something else. */
const SUSPECT_MS = 5;

/** Every use that the read command makes of a packet. Throws when one of them fails; remembers what took long. */
export class Gauntlet implements Sink {
  readonly needs = NEEDS.sequences;
  packets = 0;
  /** The most that a packet took, in milliseconds. */
  worst = 0;
  /** Called with a packet that seems slow; says how long it takes when nothing else is going on. */
  slow: (frame: Frame) => number = () => 0;
  private readonly texts: TextSink[];
  private readonly streams: StreamTable;
  private readonly loud = new Line({ ...PLAIN, verbose: 3, link: true });
  private last = 0;

  constructor(private readonly registry: Registry) {
    this.streams = new StreamTable(registry);
    const nowhere = new Output({ waits: false, write: () => {}, close: () => {} });
    this.texts = OPTIONS.map((options) => new TextSink(nowhere, { ...NOTHING, ...options }));
  }
  begin(source: CaptureSource): void {
    for (const text of this.texts) text.begin(source, this.registry);
    this.start();
  }
  /** The time of the next packet begins here. */
  start(): void {
    this.last = performance.now();
  }
  frame(frame: Frame): void {
    this.packets++;
    const wrong = misplaced(frame);
    if (wrong !== undefined) throw new Error(wrong);
    marksOf(frame);
    for (const text of this.texts) text.frame(frame);
    this.isPlain(frame);
    this.readOn(frame);
    const took = performance.now() - this.last;
    const real = took > SUSPECT_MS ? this.slow(frame) : took;
    if (real > this.worst) this.worst = real;
    this.start();
  }
  /** As earlier packets told, for sinks that know them. */
  private readOn(frame: Frame): void {
    if (!this.streams.see(frame)) return;
    const wrong = misplaced(frame);
    if (wrong !== undefined) throw new Error(wrong);
    marksOf(frame);
  }
  private isPlain(frame: Frame): void {
    const { loud } = this;
    loud.at = 0;
    loud.packetLine(frame);
    for (let i = 0; i < loud.at; i++) {
      const byte = loud.bytes[i]!;
      if (byte > 0x7e || (byte < 0x20 && byte !== 0x0a && byte !== 0x09))
        throw new Error(
          `the text has the byte ${byte}: ${JSON.stringify(loud.toString().slice(Math.max(0, i - 40), i + 20))}`,
        );
    }
  }
  get full(): boolean {
    return this.texts.some((text) => text.full);
  }
  async flush(): Promise<void> {
    for (const text of this.texts) await text.flush();
    this.start();
  }
  end(): Promise<void> {
    return this.flush();
  }
}
