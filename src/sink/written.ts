import type { Text } from '../bytes/text.ts';
import type { CaptureSource } from '../capture/source.ts';
import type { Frame } from '../dissect/frame.ts';
import type { Registry } from '../dissect/registry.ts';
import type { Output } from '../format/output.ts';
import type { Sink } from './sink.ts';

/** Handed on at this size. */
export const FULL = 1 << 17;

/** What sinks that write text of packets have in common: one buffer, handed on when it is full. */
export abstract class WrittenSink<Writer extends Text = Text> implements Sink {
  abstract readonly needs: number;
  readonly whole: boolean = true;
  readonly copies = true;

  constructor(
    private readonly output: Output,
    protected readonly w: Writer,
  ) {}
  begin(_source: CaptureSource, _registry: Registry): void {}
  abstract frame(frame: Frame): void;
  get full(): boolean {
    return this.w.at > FULL;
  }
  flush(): void | Promise<void> {
    const { w, output } = this;
    output.borrow(w.bytes, 0, w.at);
    w.rewind();
    return output.flush();
  }
  async end(): Promise<void> {
    await this.flush();
    await this.output.end();
  }
}
