/** The thread that captures: it waits for packets and for nothing else, so that a busy program loses none. */
import { parentPort, workerData } from 'node:worker_threads';
import { ToolError } from '../error.ts';
import { RingLoop } from './ring-loop.ts';
import type { Failure, ThreadOptions, Told } from './ring-thread.ts';

const tell = (told: Told) => parentPort!.postMessage(told);

/** A fault of ours comes through as it is, and ends the thread. */
function failureOf(error: unknown): Failure {
  if (!(error instanceof ToolError)) throw error;
  return { code: error.code, message: error.message, hint: error.hint };
}
let loop: RingLoop | undefined;
try {
  loop = new RingLoop(workerData as ThreadOptions, tell);
  loop.run();
  tell({ type: 'end' });
} catch (error) {
  tell({ type: 'end', failure: failureOf(error) });
} finally {
  // The kernel takes its time for each socket: nobody is to wait for that.
  loop?.close();
}
