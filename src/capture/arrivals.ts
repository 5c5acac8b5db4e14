import type { FrameBatch } from '../frame/batch.ts';
import { Rows } from '../frame/rows.ts';

/** As often as this there is a batch, be it empty. */
const TICK_MS = 1000;

/** Batches of a live source, on their way from what captures them to whoever uses them. */
export class Arrivals {
  /** Packets handed out. */
  captured = 0;
  private readonly waiting: FrameBatch[] = [];
  private wake: (() => void) | undefined;
  private ended = false;
  private nudged = false;
  private failure: Error | undefined;

  get isEnded(): boolean {
    return this.ended;
  }
  /** Batches that nobody took yet. */
  get backlog(): number {
    return this.waiting.length;
  }
  push(batch: FrameBatch): void {
    this.waiting.push(batch);
    this.wake?.();
  }
  /** No more will come. What is on its way is handed out yet. */
  end(failure?: Error): void {
    this.ended = true;
    this.failure ??= failure;
    this.wake?.();
  }
  /** Hands out a batch soon, be it empty. */
  nudge(): void {
    this.nudged = true;
    this.wake?.();
  }
  /** `stop` is called when the signal says so. */
  async *batches(signal: AbortSignal | undefined, stop: () => void): AsyncGenerator<FrameBatch> {
    const aborted = () => {
      stop();
      this.wake?.();
    };
    signal?.addEventListener('abort', aborted);
    try {
      while (!signal?.aborted) {
        const batch = this.waiting.shift();
        if (batch !== undefined) {
          this.captured += batch.count;
          yield batch;
        } else if (this.failure !== undefined) throw this.failure;
        else if (this.ended) return;
        else if (await this.quiet()) yield new Rows(0);
      }
    } finally {
      signal?.removeEventListener('abort', aborted);
    }
  }
  /** Waits for something to happen; true: nothing did. */
  private quiet(): Promise<boolean> {
    return new Promise((resolve) => {
      const go = (quiet: boolean) => {
        clearTimeout(tick);
        this.wake = undefined;
        this.nudged = false;
        resolve(quiet);
      };
      const tick = setTimeout(() => go(true), this.nudged ? 0 : TICK_MS);
      this.wake = () => go(this.nudged);
    });
  }
}
