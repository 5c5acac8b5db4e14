import { Worker } from 'node:worker_threads';

/** Ends the process when the number in `progress` stands still: an endless loop leaves no other way to tell of it. */
const BODY = `
const { workerData } = require('node:worker_threads');
const { writeSync } = require('node:fs');
const progress = new Int32Array(workerData.progress);
let seen = -1, since = Date.now();
setInterval(() => {
  if (progress[0] !== seen) { seen = progress[0]; since = Date.now(); return; }
  if (Date.now() - since < workerData.ms) return;
  writeSync(2, seen < 0 ? 'capture ' + -seen + ' hangs\\n' : 'input ' + seen + ' hangs: see it with --from ' + seen + ' --count 1\\n');
  process.kill(process.pid, 'SIGKILL');
}, 500);
`;
export interface Watchdog {
  /** The work has come to this input; -1, -2, … are the captures as they are. */
  at(input: number): void;
  stop(): Promise<number>;
}
export function watch(ms: number): Watchdog {
  const progress = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(BODY, { eval: true, workerData: { progress: progress.buffer, ms } });
  worker.unref();
  return { at: (input) => Atomics.store(progress, 0, input), stop: () => worker.terminate() };
}
