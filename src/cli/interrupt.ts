const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Ctrl-C and a polite kill stop the work where it is; what was done so far is kept. A second one ends the program at once.
 * Listens until it is disposed.
 */
export class Interruption implements Disposable {
  private readonly controller = new AbortController();
  readonly signal = this.controller.signal;

  constructor() {
    for (const each of SIGNALS) process.on(each, this.stop);
  }
  get happened(): boolean {
    return this.signal.aborted;
  }
  private readonly stop = (): void => {
    if (this.happened) process.exit(130);
    this.controller.abort();
  };
  [Symbol.dispose](): void {
    for (const each of SIGNALS) process.off(each, this.stop);
  }
}
