import type { Frame } from '../src/dissect/frame.ts';

/** Does layer `d` stand in an error that is about it, and not where it was sent? */
export function isQuoted(frame: Frame, d: number): boolean {
  const { layer, registry } = frame;
  for (let below = 0; below < d; below++) {
    const { name } = registry.protocols[layer[below]!]!;
    if (name === 'icmp' || name === 'icmpv6') return true;
  }
  return false;
}
