import { writeSync } from 'node:fs';
import type { LiveSource } from '../../capture/live.ts';
import type { CopySink } from '../../sink/copy.ts';
import { answering } from '../interrupt.ts';

export const say = (text: string): void => write(`hooktap: ${text}`);
/** At once: the process may be about to end. */
export function write(text: string): void {
  try {
    writeSync(2, `${text}\n`);
  } catch {
    // Nobody listens.
  }
}
export function counters(source: LiveSource, { packets, displayed }: Underway): string[] {
  const { received, dropped, written = 0 } = source.counts();
  const count = (n: number, what: string) => `${n} packet${n === 1 ? '' : 's'} ${what}`;
  const shown = displayed === undefined ? [] : [count(displayed, 'displayed')];
  return [
    count(packets + written, 'captured'),
    ...shown,
    count(received, 'received by filter'),
    count(dropped, 'dropped by kernel'),
  ];
}
/** What signals are for, once it is there. */
export interface Underway {
  source?: LiveSource;
  file?: CopySink | undefined;
  packets: number;
  /** Of those, how many a display filter let through, if there is one. */
  displayed?: number;
}
/**
 * SIGINT and SIGTERM end the capture, and so does SIGHUP unless there is a file to begin anew; SIGUSR1 asks for the counters.
 * To be called early: the system ends a program that does not expect a signal, and Node opens a debugger on SIGUSR1. Until it is
 * disposed.
 */
export function obeySignals(underway: Underway): Disposable {
  let asked = false;
  const stop = () => {
    if (asked || underway.source === undefined) process.exit(130);
    asked = true;
    underway.source.stop();
  };
  const renew = () => {
    if (underway.file === undefined) return stop();
    underway.file.rotate();
    underway.source?.nudge();
  };
  const tell = () => {
    if (underway.source !== undefined) say(counters(underway.source, underway).join(', '));
  };
  // As in later versions of tcpdump, SIGUSR2 asks for what is held back to be written. Nothing is.
  const flush = () => {};
  return answering({ SIGINT: stop, SIGTERM: stop, SIGHUP: renew, SIGUSR1: tell, SIGUSR2: flush });
}
