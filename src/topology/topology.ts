import type { Link } from '../linux/links.ts';
import type { Namespace } from '../linux/namespace.ts';
import type { Container, Process } from '../linux/processes.ts';
import type { Address } from '../linux/rtnetlink/address.ts';

/** The network of this machine at one moment: plain data, in which things name each other by their `id`. */
export interface Topology {
  readonly namespaces: readonly NamespaceNode[];
  readonly devices: readonly Device[];
  readonly edges: readonly Edge[];
  /** Processes whose network namespace we may not know: there may be more than what is here. */
  readonly unseen: number;
}
export interface NamespaceNode {
  /** What tells it from all others, also from one that takes over its name later. */
  readonly id: string;
  /** How to enter it. */
  readonly namespace: Namespace;
  /** The one that we are in. */
  readonly own: boolean;
  /** As `ip netns` knows it. */
  readonly names: readonly string[];
  /** The container that its first process is in. */
  readonly container: Container | undefined;
  readonly firstProcess: Process | undefined;
  readonly processes: number;
  /** Why its devices are not known; `undefined` when they are. */
  readonly obstacle: Obstacle | undefined;
}
/** Why something cannot be done, and the command that mends it. */
export interface Obstacle {
  readonly why: string;
  readonly remedy: string;
}
export interface Device extends Link {
  readonly id: string;
  /** The id of its namespace. */
  readonly namespace: string;
  readonly addresses: readonly Address[];
  /** What packets captured on it begin with, by the name of the LINKTYPE registry. */
  readonly linkType: string;
  /** Why it cannot be captured on; `undefined`: it can. */
  readonly obstacle: Obstacle | undefined;
  /** Who is the far end of a tun or tap device. */
  readonly holders: readonly Process[];
}
/**
 * How two devices hang together:
 * - `peer`: what goes into the one comes out of the other. Told once for a pair.
 * - `port`: `from` is a port of the bridge or bond `to`.
 * - `over`: `from` sends through `to`.
 */
export interface Edge {
  readonly kind: 'peer' | 'port' | 'over';
  readonly from: string;
  /** `undefined`: it is in a namespace that we do not see. */
  readonly to: string | undefined;
}
