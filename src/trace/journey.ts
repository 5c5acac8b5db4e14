import type { SocketOfEvent } from './event.ts';
import type { Headers } from './headers.ts';

export type Outcome = 'delivered' | 'sent' | 'dropped' | 'consumed' | 'unknown';

/** Where something happened. */
export interface Place {
  /** Inode of the network namespace; 0: not known. */
  readonly netns: number;
  /** Empty where no device has to do with it. */
  readonly device: string;
  readonly hook: string;
}
/** Something of the packet that was one way at the last step, and is another way at this one. */
export interface Change {
  readonly what: string;
  readonly from: string;
  readonly to: string;
}
/** A rule of nftables, and what it said to the packet. */
export interface Rule {
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  /** Undefined for a chain's policy. */
  readonly handle: number | undefined;
  readonly text: string;
  readonly comment: string | undefined;
  readonly verdict: string;
}
/** What a packet looked like: a {@link HookEvent} fits. */
export interface Sight {
  /** From the Ethernet header on, as far as they were copied. */
  readonly bytes: Uint8Array;
  /** The VLAN tag that the kernel took out of the packet. */
  readonly tag: number | undefined;
  readonly length: number;
}
/** What most steps have of changes and rules. */
export const NOTHING: readonly never[] = [];

export interface Step extends Place {
  /** In ns since tracing began. */
  readonly at: number;
  /** Which copy of the packet; 0: the first. */
  readonly copy: number;
  changed: readonly Change[];
  /** What there is to say beside the hook. */
  note: string | undefined;
  /** The rules that the packet met here, in their order. */
  rules: readonly Rule[];
  /** What the packet looked like when it left the hook. */
  event: Sight;
}
/** A socket that got the packet. */
export interface Delivery {
  readonly at: number;
  readonly where: Place;
  readonly socket: SocketOfEvent | undefined;
  pid: number | undefined;
  process: string | undefined;
  /** For what is no socket: `the kernel (ICMP)`. */
  readonly to: string | undefined;
}
/** How a copy of the packet ended. */
export interface Ending {
  readonly outcome: Outcome;
  where: Place;
  readonly at: number;
  /** The kernel's name of the reason to drop it: `NO_SOCKET`. */
  readonly reason: string | undefined;
  /** What that means, or what became of the packet. */
  readonly meaning: string | undefined;
  /** The function of the kernel that did it. */
  readonly symbol: string | undefined;
  /** That function, who called it, and so on; if it was asked for. */
  readonly stack?: readonly string[] | undefined;
  rule: Rule | undefined;
  readonly socket: SocketOfEvent | undefined;
}
export interface CopyEnding extends Ending {
  readonly copy: number;
}
/** What became of one packet. */
export interface Journey {
  readonly number: number;
  /** The number of the journey that it answers. */
  readonly replyTo: number | undefined;
  readonly retransmission: boolean;
  readonly steps: readonly Step[];
  readonly first: Headers;
  readonly last: Headers;
  readonly length: number;
  readonly segments: number;
  readonly deliveries: readonly Delivery[];
  /** The ends of all copies, but for those that programs looked at in passing, as tcpdump does. */
  readonly endings: readonly CopyEnding[];
  /** The one that tells: a copy that was delivered before one that was not. */
  readonly ending: Ending;
  /** Events that were lost while it was on its way. */
  readonly lost: number;
}
