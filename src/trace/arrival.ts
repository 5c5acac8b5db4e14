import { innermost } from './headers.ts';
import type { LocalAddresses } from './local-addresses.ts';
import type { Copy } from './path.ts';

/** Hooks in front of a local protocol. */
const ARRIVED: ReadonlySet<string> = new Set(['receive', 'input', 'route']);

/**
 * Was the packet given to TCP or UDP of the namespace that it was last seen in? Whatever they refuse is told as a drop. What
 * they take is not always told: TCP frees without a word what it takes outside an established connection (an answer to SYN,
 * the last ACK), and of packets that are received many at a time only the last one is known to be received.
 */
export function hasArrived({ step, look }: Copy, addresses: LocalAddresses): boolean {
  if (step === undefined || !ARRIVED.has(step.hook)) return false;
  const { destinationPort, destination } = innermost(look.headers);
  return destinationPort !== undefined && addresses.has(step.netns, destination);
}
