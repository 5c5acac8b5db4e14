import type { Network } from './network.ts';

/** One network, something sent in it, and what must become of that. */
export interface Scenario {
  readonly name: string;
  /** Which packets: as for `hooktap trace`. */
  readonly expression: string;
  build(net: Network): unknown;
  send(net: Network): unknown;
  /** How long to wait for the end, in milliseconds. */
  readonly patience?: number;
  /** In the order of the journeys; those behind the last one named may be anything. */
  readonly journeys: readonly Expected[];
}
export interface Expected {
  /** `delivered at b/b0`, `dropped at r/r0: IP_RPFILTER` */
  readonly end: string | RegExp;
  /** The whole way: `a/a0 queue`, … */
  readonly path?: readonly string[];
  readonly sockets?: readonly (string | RegExp)[];
  /** Something that the text must say. */
  readonly says?: readonly RegExp[];
}
/** `cross('a/a0', 'b/b0')`: out of one device and in at the next. */
export const cross = (...devices: string[]): string[] =>
  devices.flatMap((device, i) => (i % 2 === 0 ? [`${device} queue`, `${device} transmit`] : [`${device} receive`]));
