import type { Line } from './line.ts';
import type { Registry } from './registry.ts';

/** What TCP's numbers are relative to: filled by `look`, for one segment at a time. */
export interface Sequences {
  seqBase: number;
  ackBase: number;
  sackBase: number;
  /** A segment with its ports at `ports`, between the IPv4 addresses at `source` and `destination`. */
  look4(bytes: Uint8Array, source: number, destination: number, ports: number): void;
  /** The same between IPv6 addresses. */
  look6(bytes: Uint8Array, source: number, destination: number, ports: number): void;
}
/**
 * Writes tcpdump's line of a packet whose layers are the most usual ones, straight from its bytes and with no option on.
 * False, with nothing written or remembered, when anything about the packet is unusual: then the frame is dissected.
 */
export type Express = (
  w: Line,
  bytes: Uint8Array,
  at: number,
  captured: number,
  wire: number,
  sequences: Sequences,
) => boolean;
/** Declared by a link layer; asked once, with the registry that decides who reads which port. */
export type MakeExpress = (registry: Registry) => Express;
