import { writeSync } from 'node:fs';
import type { FrameBatch } from '../frame/batch.ts';
import { NEEDS, type Sink } from './sink.ts';

/** `N packets`, as `tcpdump --count`. */
export class CountSink implements Sink {
  readonly needs = NEEDS.bytes;
  private packets = 0;
  constructor(private readonly fd: number) {}
  begin(): void {}
  rows(_batch: FrameBatch, from: number, to: number): number {
    this.tally(to - from);
    return to;
  }
  tally(packets: number): void {
    this.packets += packets;
  }
  flush(): void {}
  end(): void {
    writeSync(this.fd, `${this.packets} packet${this.packets === 1 ? '' : 's'}\n`);
  }
}
