import type { Line } from './line.ts';
import type { Registry } from './registry.ts';

/** What TCP's numbers are relative to: filled by `look`, for one segment at a time. */
export interface Sequences {
  seqBase: number;
  ackBase: number;
  sackBase: number;
  /** A segment between two IPv4 addresses. All of these are numbers of 32 bits with their sign; `ports` holds both ports. */
  look4(source: number, destination: number, ports: number, flags: number, seq: number, ack: number): void;
  /** The same between the IPv6 addresses that stand at `source` and `destination`. */
  look6(
    bytes: Uint8Array,
    source: number,
    destination: number,
    ports: number,
    flags: number,
    seq: number,
    ack: number,
  ): void;
}
/**
 * Writes tcpdump's line of a packet whose layers are the most usual ones, straight from its bytes and with no option on.
 * The text begins at `p` of the line's bytes; returns where it ends, or 0, with nothing remembered, when anything about the
 * packet is unusual: then the frame is dissected. `packets` is a view of all of `bytes`.
 */
export type Express = (
  packets: DataView,
  bytes: Uint8Array,
  at: number,
  captured: number,
  wire: number,
  sequences: Sequences,
  p: number,
) => number;
/** Declared by a link layer; asked once, with the registry that decides who reads which port, and what all lines go to. */
export type MakeExpress = (registry: Registry, w: Line) => Express;
