import { ToolError } from '../error.ts';
import { identity, inNamespace, type Namespace } from '../linux/namespace.ts';
import { SocketOwners } from '../linux/socket-owner.ts';
import { conclude } from './conclude.ts';
import type { HookEvent } from './event.ts';
import { Hooks } from './hooks.ts';
import { Joiner } from './joiner.ts';
import type { Journey } from './journey.ts';
import { KernelNames } from './kernel-names.ts';
import { LocalAddresses } from './local-addresses.ts';
import { NamespaceNames } from './namespaces.ts';
import { NamespaceRules } from './rules.ts';

export interface TraceOptions {
  /** In tcpdump's language; empty: every packet. */
  readonly expression: string;
  /** How many bytes of each packet are kept. */
  readonly window: number;
  /** Are drops to tell the kernel's stack? */
  readonly stack?: boolean | undefined;
  /** Is told what cannot be shown, and why. */
  readonly notice?: (text: string) => void;
  /** Where rules are watched, and what journeys call the namespaces; all that can be found unless given. */
  readonly namespaces?: readonly Namespace[];
}
const MOST_CONNECTIONS = 10_000;
/** How long events are read without a pause. */
const BUDGET_MS = 20;
/** Follows packets through the kernel, until it is disposed of. Nothing of it stays behind, even if the process is killed. */
export class Tracer implements Disposable {
  /** The real-time clock when tracing began, in ns: times of journeys count from there. */
  readonly epoch: bigint;
  private readonly joiner: Joiner;
  readonly namespaces: NamespaceNames;
  private readonly addresses: LocalAddresses;
  private readonly names = new KernelNames();
  private readonly owners = new SocketOwners();
  private readonly rules: NamespaceRules[] = [];
  /** What conntrack says of each. */
  private readonly connections = new Map<number, number>();
  private lost = 0;

  private constructor(
    private readonly options: TraceOptions,
    private readonly hooks: Hooks,
    private readonly start: bigint,
  ) {
    this.epoch = BigInt(Date.now()) * 1_000_000n - (process.hrtime.bigint() - start);
    this.namespaces = new NamespaceNames(options.namespaces);
    this.addresses = new LocalAddresses(this.namespaces);
    this.joiner = new Joiner(this.names, () => this.lost, this.addresses);
  }
  /** Loads what it needs. Nothing is seen until {@link attach}. */
  static async open(options: TraceOptions): Promise<Tracer> {
    const start = process.hrtime.bigint();
    const hooks = Hooks.load({ ...options, start });
    return new Tracer(options, hooks, start);
  }
  /** Begins. Netfilter is only watched in namespaces that have rules: it costs each packet there something. */
  attach(): void {
    const { missing } = this.hooks.points;
    if (missing.length > 0) this.options.notice?.(`this kernel cannot be watched at ${missing.join(', ')}`);
    for (const [inode, namespace] of this.namespaces.all()) {
      const rules = this.rulesOf(namespace, inode);
      if (rules === undefined) continue;
      this.rules.push(rules);
      this.ifThere(namespace, () => inNamespace(namespace, () => this.hooks.attachNetfilter()));
    }
    this.joiner.rules.expected = this.rules.length > 0;
    this.hooks.attach();
    this.names.begin();
  }
  private rulesOf(namespace: Namespace, inode: number): NamespaceRules | undefined {
    return this.ifThere(namespace, () => NamespaceRules.open(namespace, inode, this.options.expression));
  }
  /** Of all namespaces some may go while they are gone through: no loss. What else does not work is told. */
  private ifThere<T>(namespace: Namespace, body: () => T): T | undefined {
    try {
      return body();
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      if (identity(namespace) !== undefined) this.options.notice?.(error.message);
      return undefined;
    }
  }
  /** Takes what was seen since the last time; the journeys that are over now. With `all`, those under way are given up. */
  take(all = false): Journey[] {
    this.hooks.collect();
    // Until the names are there, nothing is read that needs them.
    if (!all && !this.names.ready) return [];
    const now = this.read(all ? Number.POSITIVE_INFINITY : performance.now() + BUDGET_MS);
    for (const each of this.rules) for (const met of each.take()) this.joiner.rules.add(met, each.inode, now);
    this.joiner.rules.retry(now);
    const paths = this.joiner.finished(now, all);
    const knowledge = { lost: this.lost, sockets: this.joiner.sockets, addresses: this.addresses };
    return paths.map((path) => this.withProcesses(conclude(path, knowledge)));
  }
  /** Is there more to take at once? */
  get behind(): boolean {
    return this.hooks.behind;
  }
  /** Reads events, for so long; returns the time until which everything is known. */
  private read(until: number): number {
    let last = 0;
    while (performance.now() < until) {
      const batch = this.hooks.next();
      if (batch === undefined) break;
      this.lost = batch.lost;
      for (const event of batch.events) {
        this.joiner.add(event);
        this.meetConnection(event);
      }
      last = batch.events.at(-1)?.at ?? last;
      this.hooks.collect();
    }
    return this.hooks.behind ? last : Number(process.hrtime.bigint() - this.start);
  }
  counts(): { events: number; lost: number } {
    return this.hooks.counts();
  }
  /** Packets whose addresses are translated have other addresses than those asked for: rules are to tell of them, too. */
  private meetConnection(event: HookEvent): void {
    const { connectionId: id, connectionStatus: status } = event;
    // It is translated once; its status tells when.
    if (id === 0 || this.connections.get(id) === status) return;
    if (this.connections.size > MOST_CONNECTIONS) this.connections.clear();
    this.connections.set(id, status);
    const { original, answer } = event.connection!;
    if (original.source === answer.destination && original.destination === answer.source) return;
    for (const rules of this.rules) {
      for (const { source, destination } of [original, answer]) rules.add(source, destination);
      rules.add(answer.destination, answer.source);
      rules.add(original.destination, original.source);
    }
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
    for (const rules of this.rules) rules.close();
    this.hooks[Symbol.dispose]();
  }
}
