/** The thread that looks at the network again and again: in a big one that takes longer than a screen may wait. */
import { parentPort, workerData } from 'node:worker_threads';
import { ToolError } from '../error.ts';
import type { Namespace } from '../linux/namespace.ts';
import { readTopology } from './read.ts';
import type { Obstacle, Topology } from './topology.ts';

/** What it tells each time; `at`: when it looked, in ms since 1970. */
export type Looked = { readonly at: number; readonly topology: Topology } | { readonly obstacle: Obstacle };

/** See {@link readTopology}. */
const also = workerData as readonly Namespace[];
const EVERY_MS = 1000;
/** Of its time, at most one part in so many goes into looking. */
const SHARE = 10;

function look(): void {
  const start = performance.now();
  parentPort!.postMessage(looked());
  setTimeout(look, Math.max(EVERY_MS - (performance.now() - start), SHARE * (performance.now() - start)));
}
function looked(): Looked {
  try {
    return { at: performance.timeOrigin + performance.now(), topology: readTopology(also) };
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    return { obstacle: { why: error.message, remedy: error.hint ?? 'hooktap doctor' } };
  }
}
look();
