import { endpoint } from '../linux/address.ts';
import type { Headers } from './headers.ts';
import type { Change } from './journey.ts';

/** What of a packet is compared from step to step. */
export interface Look {
  readonly headers: Headers;
  readonly hasLinkHeader: boolean;
  readonly mark: number;
  readonly length: number;
}
/** One row for everything that may change: its name, and how it is written; undefined: not to be compared. */
const ASPECTS: readonly (readonly [what: string, of: (look: Look) => string | undefined])[] = [
  ['source', ({ headers: h }) => (h.version === 0 ? undefined : endpoint(h.source, h.sourcePort))],
  ['destination', ({ headers: h }) => (h.version === 0 ? undefined : endpoint(h.destination, h.destinationPort))],
  ['ttl', ({ headers: h }) => (h.version === 0 ? undefined : String(h.ttl))],
  ['mark', ({ mark }) => `0x${mark.toString(16)}`],
  ['vlan', ({ headers: h }) => (h.vlan === undefined ? 'none' : String(h.vlan))],
  ['source mac', (look) => (look.hasLinkHeader ? look.headers.sourceMac : undefined)],
  ['destination mac', (look) => (look.hasLinkHeader ? look.headers.destinationMac : undefined)],
  ['length', ({ length }) => String(length)],
];
export function changes(before: Look, after: Look): Change[] {
  const { headers, hasLinkHeader, mark, length } = before;
  if (
    headers === after.headers &&
    hasLinkHeader === after.hasLinkHeader &&
    mark === after.mark &&
    length === after.length
  )
    return [];
  const [into, outOf] = [tunnelText(after.headers), tunnelText(before.headers)];
  // In a tunnel, or out of it, everything else is another header's.
  if (into !== outOf) return [{ what: 'tunnel', from: outOf, to: into }, ...lengthChange(before, after)];
  const found: Change[] = [];
  for (const [what, of] of ASPECTS) {
    const [from, to] = [of(before), of(after)];
    if (from !== undefined && to !== undefined && from !== to) found.push({ what, from, to });
  }
  return found;
}
function tunnelText({ tunnel, source, destination, sourcePort, destinationPort }: Headers): string {
  if (tunnel === undefined) return 'none';
  return `${tunnel.name} ${tunnel.vni} ${endpoint(source, sourcePort)} > ${endpoint(destination, destinationPort)}`;
}
function lengthChange(before: Look, after: Look): Change[] {
  return before.length === after.length
    ? []
    : [{ what: 'length', from: String(before.length), to: String(after.length) }];
}
