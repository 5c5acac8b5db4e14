import { writeSync } from 'node:fs';
import type { RingSource } from '../../capture/ring.ts';
import type { CopySink } from '../../sink/copy.ts';

export const say = (text: string): void => write(`hooktap: ${text}`);
/** At once: the process may be about to end. */
export function write(text: string): void {
  try {
    writeSync(2, `${text}\n`);
  } catch {
    // Nobody listens.
  }
}
export function counters(source: RingSource, packets: number): string[] {
  const { received, dropped } = source.counts();
  const count = (n: number, what: string) => `${n} packet${n === 1 ? '' : 's'} ${what}`;
  return [count(packets, 'captured'), count(received, 'received by filter'), count(dropped, 'dropped by kernel')];
}
/** SIGINT and SIGTERM end the capture, and so does SIGHUP unless there is a file to begin anew; SIGUSR1 asks for the counters. */
export function obeySignals(source: RingSource, file: CopySink | undefined, packets: () => number): void {
  let asked = false;
  const stop = () => {
    if (asked) process.exit(130);
    asked = true;
    source.stop();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.on('SIGHUP', () => {
    if (file === undefined) return stop();
    file.rotate();
    source.nudge();
  });
  process.on('SIGUSR1', () => say(counters(source, packets()).join(', ')));
  // As in later versions of tcpdump, it asks for what is held back to be written. Nothing is.
  process.on('SIGUSR2', () => {});
}
