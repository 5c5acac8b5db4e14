import { ToolError } from '../error.ts';
import { identity, inNamespace, type Namespace } from '../linux/namespace.ts';
import { SocketOwners } from '../linux/socket-owner.ts';
import { conclude, SOME_SOCKET } from './conclude.ts';
import type { HookEvent } from './event.ts';
import { Joiner } from './joiner.ts';
import type { Delivery, Journey } from './journey.ts';
import { KernelNames } from './kernel-names.ts';
import { LocalAddresses } from './local-addresses.ts';
import { NamespaceNames } from './namespaces.ts';
import { SocketTables } from './packets/sockets.ts';
import type { Path } from './path.ts';
import type { StrayRule } from './rule-joiner.ts';
import { NamespaceRules } from './rules.ts';
import type { Conclusions, HookSource } from './source.ts';
import { openSource } from './sources.ts';

export interface TraceOptions {
  /** In tcpdump's language; empty: every packet. */
  readonly expression: string;
  /** How many bytes of each packet are kept. */
  readonly window: number;
  /** Are drops to tell the kernel's stack? */
  readonly stack?: boolean | undefined;
  /** Do without BPF even where it is allowed? */
  readonly withoutBpf?: boolean | undefined;
  /** Is told what cannot be shown, and why. */
  readonly notice?: (text: string) => void;
  /** Where rules are watched, and what journeys call the namespaces; all that can be found unless given. */
  readonly namespaces?: readonly Namespace[];
}
const MOST_CONNECTIONS = 10_000;
/** How long events are read without a pause. */
const BUDGET_MS = 20;
/** How often namespaces are looked for that came or went, where they have to be entered: it takes some milliseconds. */
const LOOK_MS = 1000;
/** Follows packets through the kernel, until it is disposed of. Nothing of it stays behind, even if the process is killed. */
export class Tracer implements Disposable {
  private readonly joiner: Joiner;
  readonly namespaces: NamespaceNames;
  private readonly addresses: LocalAddresses;
  private readonly names = new KernelNames();
  private readonly owners = new SocketOwners();
  /** Those that events told nothing of: a socket that listens has no events of its own. */
  private readonly tables: SocketTables;
  private readonly rules: NamespaceRules[] = [];
  private readonly conclusions: Conclusions | undefined;
  /** What conntrack says of each. */
  private readonly connections = new Map<number, number>();
  /** Was anything heard at the last look? */
  private heard = false;
  private lost = 0;
  /** The namespaces that are watched, by inode, and when others were looked for. */
  private readonly entered = new Set<number>();
  private looked = 0;
  private readonly told = new Set<string>();
  /** Of rules in namespaces that are gone. */
  private gapsBefore = 0;

  private constructor(
    private readonly options: TraceOptions,
    private readonly hooks: HookSource,
    private readonly start: bigint,
    /** The real-time clock when tracing began, in ns: times of journeys count from there. */
    readonly epoch: bigint,
  ) {
    this.namespaces = new NamespaceNames(options.namespaces);
    this.addresses = new LocalAddresses(this.namespaces);
    this.tables = new SocketTables(this.namespaces, () => this.clock());
    const { namespaces, addresses, names } = this;
    const said: Joiner['said'] = (headers, turned) => this.joiner.said(headers, turned);
    this.conclusions = hooks.conclusions({ namespaces, addresses, names, said });
    const waits = this.conclusions === undefined ? undefined : (path: Path) => this.conclusions!.patience(path);
    this.joiner = new Joiner(
      this.names,
      () => this.lost,
      this.addresses,
      () => this.clock(),
      waits,
    );
  }
  /** Loads what it needs. Nothing is seen until {@link attach}. */
  static async open(options: TraceOptions): Promise<Tracer> {
    const start = process.hrtime.bigint();
    const epoch = BigInt(Date.now()) * 1_000_000n;
    return new Tracer(options, openSource({ ...options, start, epoch }), start, epoch);
  }
  /** Begins, in all namespaces. */
  attach(): void {
    this.enterNew();
    for (const gap of this.hooks.gaps) this.options.notice?.(gap);
    this.hooks.attach();
    if (this.conclusions === undefined) this.names.begin();
  }
  private enterNew(): void {
    this.looked = performance.now();
    const all = this.namespaces.all();
    for (const [inode, namespace] of all) if (!this.entered.has(inode)) this.enter(inode, namespace, all.size);
    for (const inode of this.entered) if (!all.has(inode)) this.leave(inode);
  }
  private enter(inode: number, namespace: Namespace, namespaces: number): void {
    this.entered.add(inode);
    const rules = this.rulesOf(namespace, inode);
    if (rules !== undefined) {
      this.rules.push(rules);
      this.joiner.rules.expected = true;
    }
    this.ifThere(namespace, () => inNamespace(namespace, () => this.hooks.watch(inode, rules?.chains, namespaces)));
  }
  /** It is gone when nobody else is in it: our sockets would keep its devices. */
  private leave(inode: number): void {
    this.entered.delete(inode);
    this.hooks.leave(inode);
    for (const rules of this.rules.filter((each) => each.inode === inode)) {
      this.rules.splice(this.rules.indexOf(rules), 1);
      this.gapsBefore += rules.gaps;
      rules.close();
    }
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
      if (identity(namespace) !== undefined) this.tell(error.message);
      return undefined;
    }
  }
  /** Rules and packets of a namespace may be refused alike. */
  private tell(notice: string): void {
    if (this.told.has(notice)) return;
    this.told.add(notice);
    this.options.notice?.(notice);
  }
  /** Takes what was seen since the last time; the journeys that are over now. With `all`, those under way are given up. */
  take(all = false): Journey[] {
    this.collect();
    this.namespaces.refresh();
    // The kernel's hooks are everywhere.
    if (this.conclusions !== undefined && performance.now() - this.looked > LOOK_MS) this.enterNew();
    // Until the names are there, nothing is read that needs them.
    if (!all && this.conclusions === undefined && !this.names.ready) return [];
    const now = this.read(all ? Number.POSITIVE_INFINITY : performance.now() + BUDGET_MS);
    for (const each of this.rules) for (const met of each.take()) this.joiner.rules.add(met, each.inode);
    this.joiner.rules.retry(now, (rule) => this.meetStray(rule, now));
    const paths = this.joiner.finished(now, all);
    const { lost, addresses, conclusions, joiner } = this;
    const knowledge = { lost, sockets: joiner.sockets, addresses, conclusions };
    return paths.map((path) => this.withProcesses(this.withListeners(conclude(path, knowledge))));
  }
  /** Takes what there is, to be looked at by {@link take}: the kernel has little room for what waits. */
  collect(): void {
    this.hooks.collect();
    for (const rules of this.rules) rules.collect();
  }
  /** Is there more to take at once? */
  get behind(): boolean {
    return this.hooks.behind;
  }
  /** Is nothing under way, and nothing heard at the last look? */
  get quiet(): boolean {
    return !this.heard && this.joiner.idle;
  }
  /** Reads events, for so long; returns the time until which everything is known. */
  private read(until: number): number {
    let last = 0;
    this.heard = false;
    while (performance.now() < until) {
      const batch = this.hooks.next();
      if (batch === undefined) break;
      this.heard = true;
      this.lost = batch.lost;
      batch.each((event) => {
        this.joiner.add(event);
        this.meetConnection(event);
        last = event.at;
      });
      this.collect();
    }
    return this.hooks.behind ? last : this.clock();
  }
  private clock(): number {
    return Number(process.hrtime.bigint() - this.start);
  }
  /** What only a rule tells of is an event, too. */
  private meetStray(rule: StrayRule, now: number): void {
    const event = this.conclusions?.stray(rule, now);
    if (event !== undefined) this.joiner.add(event);
  }
  /** `ruleGaps`: how often rules were lost that packets met. */
  counts(): { events: number; lost: number; ruleGaps: number } {
    const ruleGaps = this.rules.reduce((sum, { gaps }) => sum + gaps, this.gapsBefore);
    return { ...this.hooks.counts(), ruleGaps };
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
  /** Whoever listens took what no connection is known to have taken. */
  private withListeners(journey: Journey): Journey {
    const isOpen = ({ socket, to }: Delivery) => socket === undefined && (to === undefined || to === SOME_SOCKET);
    if (!journey.deliveries.some(isOpen)) return journey;
    const deliveries = journey.deliveries.map((delivery) => {
      const socket = isOpen(delivery) ? this.tables.open(delivery.where.netns, journey.last) : undefined;
      return socket === undefined ? delivery : { ...delivery, socket, to: undefined };
    });
    return { ...journey, deliveries };
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
