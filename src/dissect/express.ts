import type { Line } from './line.ts';
import type { Registry } from './registry.ts';

/** What TCP's numbers are relative to: filled by `look`, for one segment at a time. */
export interface Sequences {
  seqBase: number;
  ackBase: number;
  sackBase: number;
  /** Makes `source` and `destination` of the two IPv6 addresses that stand there: words for {@link look}. */
  readonly words: {
    readonly source: number;
    readonly destination: number;
    look(bytes: Uint8Array, source: number, destination: number): void;
  };
  /**
   * A segment between two addresses: those of IPv4 themselves, of IPv6 their words. All of these are numbers of 32 bits
   * with their sign; `ports` holds both ports.
   */
  look(source: number, destination: number, ports: number, flags: number, seq: number, ack: number): void;
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
