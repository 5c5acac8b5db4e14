import { setImmediate } from 'node:timers/promises';

/** Work of this length lets a key wait that no one notices. */
const USUAL_MS = 8;

/** Long work in the thread of the screen, done in short pieces. */
export class Slice {
  private until: number;

  constructor(private readonly milliseconds = USUAL_MS) {
    this.until = performance.now() + milliseconds;
  }
  /** It is time to let others work. */
  get isOver(): boolean {
    return performance.now() >= this.until;
  }
  /** Lets them, and begins the next one. */
  async next(): Promise<void> {
    await setImmediate();
    this.begin();
  }
  begin(): void {
    this.until = performance.now() + this.milliseconds;
  }
}
