import type { Availability } from '../capture/source.ts';
import type { HookEvent } from './event.ts';
import type { Headers } from './headers.ts';
import type { KernelNames } from './kernel-names.ts';
import type { LocalAddresses } from './local-addresses.ts';
import type { NamespaceNames } from './namespaces.ts';
import type { Copy, Path } from './path.ts';
import type { StrayRule } from './rule-joiner.ts';
import type { BaseChain } from './ruleset.ts';

export interface SourceOptions {
  /** In tcpdump's language; empty: every packet. */
  readonly expression: string;
  /** How many bytes of each packet are wanted. */
  readonly window: number;
  /** Are drops to tell the kernel's stack? */
  readonly stack?: boolean | undefined;
  /** The monotonic clock when tracing begins, and the real-time clock at that moment, in ns: see {@link HookEvent.at}. */
  readonly start: bigint;
  readonly epoch: bigint;
}
/** What is known beside a source's events. */
export interface Surroundings {
  readonly namespaces: NamespaceNames;
  readonly addresses: LocalAddresses;
  /** What the kernel's functions are called. */
  readonly names: KernelNames;
  /** The last journey in the conversation of a packet: in its direction, or `turned`, from whom it is for. */
  said(headers: Headers, turned: boolean): number | undefined;
}
/** What becomes of packets whose ends are not told. */
export interface Conclusions {
  /** A rule that a packet met which was seen nowhere: a sighting of its own, if it is one that is asked for. */
  stray(rule: StrayRule, now: number): HookEvent | undefined;
  /** How long nothing has to be heard of a journey until it counts as over. */
  patience(path: Path): number;
  /** Gives a copy that nothing is known to have ended the end that it must have had. */
  end(copy: Copy): void;
}
export interface EventBatch {
  /** Visits the events in their order; each is valid until the next. */
  each(visit: (event: HookEvent) => void): void;
  /** How many events were lost until then. */
  readonly lost: number;
}
/** What tells where packets are. */
export interface HookSource extends Disposable {
  /** How packets end that it sees; undefined if its events tell that themselves. */
  conclusions(around: Surroundings): Conclusions | undefined;
  /** What it cannot see here. */
  readonly gaps: readonly string[];
  /** Watches the thread's network namespace, one of so many. It has these chains; undefined: netfilter has nothing to do there. */
  watch(netns: number, chains: readonly BaseChain[] | undefined, namespaces: number): void;
  /** A namespace is gone, or would be without us. */
  leave(netns: number): void;
  /** Begins, when every namespace is watched. */
  attach(): void;
  /** Takes what there is to tell before it is lost; it is read when there is time. */
  collect(): void;
  /** The next events that were collected, the oldest first; undefined when there are none. */
  next(): EventBatch | undefined;
  /** Is there more that was collected? */
  readonly behind: boolean;
  /** How many events there were, and how many of them were lost. */
  counts(): { readonly events: number; readonly lost: number };
}
/** A way to see packets. It explains itself before anything starts. */
export interface HookSourceKind {
  readonly name: string;
  available(): Availability;
  open(options: SourceOptions): HookSource;
}
