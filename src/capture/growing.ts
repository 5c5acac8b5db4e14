import { fstatSync } from 'node:fs';
import { ToolError } from '../error.ts';
import type { Bytes } from './bytes.ts';

/** How often it is looked whether a file has grown. */
const EVERY_MS = 100;

/**
 * A file that somebody still writes to: at its end more is waited for. It is followed also when it gets another name, and
 * ends when it has none any more.
 */
export class GrowingBytes implements Bytes {
  readonly size = undefined;
  private position = 0;
  private stopped = false;
  private wake: (() => void) | undefined;

  constructor(
    private readonly name: string,
    private readonly fd: number,
    private readonly file: Bytes,
  ) {}
  async read(into: Uint8Array, at: number): Promise<number> {
    for (;;) {
      // Asked first: what is written before the last name goes is read.
      const { nlink, size } = fstatSync(this.fd);
      const count = this.stopped ? 0 : await this.file.read(into, at);
      this.position += count;
      if (count > 0 || this.stopped || nlink === 0) return count;
      if (size < this.position)
        throw new ToolError(
          'truncated-file',
          `${this.name} was written anew: it is shorter than what was read of it`,
          'follow it again, or let its writer make another file',
        );
      await this.pause();
    }
  }
  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, EVERY_MS);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
  stop(): void {
    this.stopped = true;
    this.file.stop();
    this.wake?.();
  }
  async [Symbol.asyncDispose](): Promise<void> {
    this.stop();
    await this.file[Symbol.asyncDispose]();
  }
}
