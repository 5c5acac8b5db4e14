import type { Rates } from '../../src/topology/rates.ts';
import type { Device, Obstacle, Topology } from '../../src/topology/topology.ts';

/** What is known of the network now. */
export interface TopologyFeed {
  /** Changes whenever anything below does. */
  readonly version: number;
  /** Until it was read for the first time, and where it cannot be read, there is none. */
  readonly topology: Topology | undefined;
  readonly rates: ReadonlyMap<string, Rates>;
  /** Why there is nothing new. */
  readonly obstacle: Obstacle | undefined;
}
/** Which devices packets die at, as tracing tells. */
export interface Deaths {
  readonly version: number;
  /** In a second, as of the last few seconds. */
  lostAt(device: Device): number;
}
/** An interface that a file tells of. */
export interface PortTraffic {
  /** From the file: it may hold anything. */
  readonly name: string;
  readonly linkType: string;
  readonly packets: number;
  readonly bytes: number;
}
/** The interfaces of a file, which fill in while it is read. */
export interface FilePorts {
  readonly version: number;
  readonly ports: readonly PortTraffic[];
}
