/** Answers signals until it is disposed. */
export function answering(answers: Partial<Record<NodeJS.Signals, () => void>>): Disposable {
  const all = Object.entries(answers);
  for (const [signal, answer] of all) process.on(signal, answer);
  return {
    [Symbol.dispose]() {
      for (const [signal, answer] of all) process.off(signal, answer);
    },
  };
}
/**
 * Ctrl-C and a polite kill stop the work where it is; what was done so far is kept. A second one ends the program at once.
 * Listens until it is disposed.
 */
export class Interruption implements Disposable {
  private readonly controller = new AbortController();
  readonly signal: AbortSignal = this.controller.signal;
  private readonly listening: Disposable;

  constructor() {
    const stop = () => {
      if (this.happened) process.exit(130);
      this.controller.abort();
    };
    this.listening = answering({ SIGINT: stop, SIGTERM: stop });
  }
  get happened(): boolean {
    return this.signal.aborted;
  }
  [Symbol.dispose](): void {
    this.listening[Symbol.dispose]();
  }
}
