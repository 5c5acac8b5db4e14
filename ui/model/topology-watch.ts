import { Worker } from 'node:worker_threads';
import { builtFile } from '../../src/capture/built-file.ts';
import type { Namespace } from '../../src/linux/namespace.ts';
import { type Rates, ratesBetween } from '../../src/topology/rates.ts';
import type { Obstacle, Topology } from '../../src/topology/topology.ts';
import type { Looked } from '../../src/topology/worker.ts';
import type { TopologyFeed } from './topology-feed.ts';

/** The network of this machine as it is, looked at once a second in a thread of its own, until it is disposed of. */
export class TopologyWatch implements TopologyFeed, Disposable {
  version = 0;
  topology: Topology | undefined;
  rates: ReadonlyMap<string, Rates> = new Map();
  obstacle: Obstacle | undefined;
  /** When {@link topology} was read, in ms since 1970. */
  private at = 0;
  private readonly worker: Worker;

  /** `also`: namespaces that have neither a name nor a process, and what they are called. */
  constructor(also: readonly Namespace[] = []) {
    const workerData = also.map(({ label, path }) => ({ label, path }));
    // It lets go of its descriptors itself, each time.
    this.worker = new Worker(builtFile('topology-worker.js'), { workerData, trackUnmanagedFds: false });
    this.worker.on('message', (looked: Looked) => this.take(looked));
    this.worker.on('error', ({ message }) => this.fail({ why: message, remedy: 'hooktap doctor' }));
    // Nobody stays for its sake.
    this.worker.unref();
  }
  private take(looked: Looked): void {
    if ('obstacle' in looked) {
      this.fail(looked.obstacle);
      return;
    }
    const { at, topology } = looked;
    if (this.topology !== undefined) this.rates = ratesBetween(this.topology, topology, (at - this.at) / 1000);
    [this.topology, this.at, this.obstacle] = [topology, at, undefined];
    this.version++;
  }
  private fail(obstacle: Obstacle): void {
    this.obstacle = obstacle;
    this.version++;
  }
  [Symbol.dispose](): void {
    void this.worker.terminate();
  }
}
