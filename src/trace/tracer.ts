import { SocketOwners } from '../linux/socket-owner.ts';
import { dropReasons, Symbols } from '../linux/symbols.ts';
import { conclude } from './conclude.ts';
import { Hooks } from './hooks.ts';
import { Joiner, type Names } from './joiner.ts';
import type { Journey } from './journey.ts';

export interface TraceOptions {
  /** In tcpdump's language; empty: every packet. */
  readonly expression: string;
  /** How many bytes of each packet are kept. */
  readonly window: number;
}
/** Follows packets through the kernel, until it is disposed of. Nothing of it stays behind, even if the process is killed. */
export class Tracer implements Disposable {
  /** The real-time clock when tracing began, in ns: times of journeys count from there. */
  readonly epoch: bigint;
  private readonly start: bigint;
  private readonly hooks: Hooks;
  private readonly joiner: Joiner;
  private readonly owners = new SocketOwners();
  private lost = 0;

  constructor(options: TraceOptions) {
    this.hooks = Hooks.load({ ...options, start: (this.start = process.hrtime.bigint()) });
    this.epoch = BigInt(Date.now()) * 1_000_000n - (process.hrtime.bigint() - this.start);
    this.joiner = new Joiner(kernelNames(), () => this.lost);
  }
  attach(): void {
    this.hooks.attach();
  }
  /** Takes what was seen since the last time; the journeys that are over now. With `all`, those under way are given up. */
  take(all = false): Journey[] {
    for (const event of this.hooks.take()) this.joiner.add(event);
    this.lost = this.hooks.counts().lost;
    const now = Number(process.hrtime.bigint() - this.start);
    const paths = this.joiner.finished(now, all);
    return paths.map((path) => this.withProcesses(conclude(path, this.lost, this.joiner.sockets)));
  }
  counts(): { events: number; lost: number } {
    return this.hooks.counts();
  }
  private withProcesses(journey: Journey): Journey {
    for (const delivery of journey.deliveries) {
      const inode = delivery.socket?.inode ?? 0;
      const owner = this.owners.find(inode) ?? this.joiner.sockets.sender(inode);
      delivery.pid ??= owner?.pid;
      delivery.process ??= owner?.name;
    }
    return journey;
  }
  [Symbol.dispose](): void {
    this.hooks[Symbol.dispose]();
  }
}
function kernelNames(): Names {
  const reasons = dropReasons();
  let symbols: Symbols | undefined;
  return {
    symbol: (address) => (address === 0n ? undefined : (symbols ??= Symbols.read()).find(address)),
    reason: (number) => reasons.get(number) ?? String(number),
  };
}
