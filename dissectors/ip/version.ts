import type { Frame } from '../../src/dissect/frame.ts';
import type { Line } from '../../src/dissect/line.ts';
import { requiresText } from '../ip.ts';
import { networkBelow } from '../pseudo-header.ts';

/** `[ICMP requires IPv4] (invalid)`, when the layer at depth `d` rides on the other version. */
export function wrongVersionText(w: Line, frame: Frame, d: number, version: 4 | 6, proto: number): boolean {
  const network = networkBelow(frame, d);
  const wanted = frame.registry.id(version === 4 ? 'ip' : 'ipv6');
  if (network < 0 || frame.layer[network] === wanted) return false;
  requiresText(w, proto);
  return true;
}
