import { endpoint } from '../linux/address.ts';
import type { Headers } from './headers.ts';
import { type Change, NOTHING, type Sight } from './journey.ts';

/** What of a packet is compared from step to step. */
export interface Look extends Sight {
  readonly headers: Headers;
  readonly bytes: Uint8Array;
  readonly tag: number | undefined;
  readonly hasLinkHeader: boolean;
  readonly mark: number;
  readonly length: number;
}
/** Something that may change: is it the same in both, and if not, how is it written? Undefined: not to be compared. */
interface Aspect {
  readonly what: string;
  same(a: Look, b: Look): boolean;
  text(look: Look): string | undefined;
}
/** Where an Ethernet header has its addresses. */
const [DESTINATION, SOURCE, LENGTH] = [0, 6, 6];
function sameBytes({ headers: { bytes: a } }: Look, { headers: { bytes: b } }: Look, from: number): boolean {
  for (let i = from; i < from + LENGTH; i++) if (a[i] !== b[i]) return false;
  return true;
}
/** Of fragments only the first has ports: put together, the others have not been given any. */
const samePort = (a: number | undefined, b: number | undefined): boolean =>
  a === b || a === undefined || b === undefined;
const ASPECTS: readonly Aspect[] = [
  {
    what: 'source',
    same: ({ headers: a }, { headers: b }) => samePort(a.sourcePort, b.sourcePort) && a.source === b.source,
    text: ({ headers: h }) => (h.version === 0 ? undefined : endpoint(h.source, h.sourcePort)),
  },
  {
    what: 'destination',
    same: ({ headers: a }, { headers: b }) =>
      samePort(a.destinationPort, b.destinationPort) && a.destination === b.destination,
    text: ({ headers: h }) => (h.version === 0 ? undefined : endpoint(h.destination, h.destinationPort)),
  },
  {
    what: 'ttl',
    same: ({ headers: a }, { headers: b }) => a.ttl === b.ttl,
    text: ({ headers: h }) => (h.version === 0 ? undefined : String(h.ttl)),
  },
  { what: 'mark', same: (a, b) => a.mark === b.mark, text: ({ mark }) => `0x${mark.toString(16)}` },
  {
    what: 'vlan',
    same: ({ headers: a }, { headers: b }) => a.vlan === b.vlan,
    text: ({ headers: h }) => (h.vlan === undefined ? 'none' : String(h.vlan)),
  },
  {
    what: 'source mac',
    same: (a, b) => sameBytes(a, b, SOURCE),
    text: (look) => (look.hasLinkHeader ? look.headers.sourceMac : undefined),
  },
  {
    what: 'destination mac',
    same: (a, b) => sameBytes(a, b, DESTINATION),
    text: (look) => (look.hasLinkHeader ? look.headers.destinationMac : undefined),
  },
  { what: 'length', same: (a, b) => a.length === b.length, text: ({ length }) => String(length) },
];
export function changes(before: Look, after: Look): readonly Change[] {
  const into = tunnelText(after.headers);
  const outOf = tunnelText(before.headers);
  // In a tunnel, or out of it, everything else is another header's.
  if (into !== outOf) return [{ what: 'tunnel', from: outOf, to: into }, ...lengthChange(before, after)];
  let found: Change[] | undefined;
  for (const { what, same, text } of ASPECTS) {
    if (same(before, after)) continue;
    const from = text(before);
    const to = text(after);
    if (from !== undefined && to !== undefined && from !== to) (found ??= []).push({ what, from, to });
  }
  return found ?? NOTHING;
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
