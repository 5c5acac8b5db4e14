import type { Names } from '../joiner.ts';
import { meaningOf } from '../reasons.ts';
import { FLAG } from '../record.ts';
import type { Sighting } from './sighting.ts';
import type { KernelEvent } from './tracepoints.ts';

/** A packet may be stamped so long before its tracepoint tells of it (it may wait for its CPU); in ns. */
const BEHIND = 1e6;
/** And so long after: what is received may be stamped when the ring gets it; else the two clocks may be so far apart. */
const AHEAD = { receive: 50e3, transmit: 500 } as const;
/** No packet waits longer for its end: see trails.ts. */
const FORGOTTEN = 5e9;
const MOST = 20_000;
const ETHERNET = 14;

/** Why the kernel dropped a packet. */
export interface Drop {
  readonly reason: string;
  readonly symbol: string | undefined;
  readonly meaning: string | undefined;
}
type Arrival = Extract<KernelEvent, { name: string }>;
type Dropped = Extract<KernelEvent, { kind: 'drop' }>;

/**
 * What the kernel's tracepoints say of packets that were seen: they know a packet by its address, the rings by its bytes. The
 * two are tied where device, length and time are the same, and no other packet can be meant.
 */
export class Drops {
  /** Where the packet at an address was seen last. */
  private readonly seen = new Map<bigint, Sighting>();
  private readonly drops = new Map<number, Drop & { readonly where: Sighting }>();
  /** Sightings that no tracepoint has told of, by what both know, in their order. */
  private readonly open = new Map<string, Sighting[]>();

  constructor(private readonly names: () => Pick<Names, 'symbol'> | undefined) {}
  /** Takes what was told and seen until now, both in their order; sightings of packets that nobody asked for, too. */
  meet(events: readonly KernelEvent[], sightings: readonly Sighting[]): void {
    for (const sighting of sightings) {
      const key = keyOf(sighting);
      const open = this.open.get(key);
      if (open === undefined) this.open.set(key, [sighting]);
      else open.push(sighting);
    }
    for (const event of events) {
      if (event.kind === 'drop') this.drop(event);
      const before = this.seen.get(event.skb);
      // Whatever comes there next is another packet, or the same one somewhere else.
      this.seen.delete(event.skb);
      if ('name' in event) this.tie(event, before);
    }
    const last = events.at(-1)?.at ?? sightings.at(-1)?.at;
    if (last !== undefined) this.forget(last);
  }
  /** `before`: what was at its address last. */
  private tie(event: Arrival, before: Sighting | undefined): void {
    const open = this.open.get(keyOf(event)) ?? [];
    const fits = open.filter(({ at }) => at - event.at < AHEAD[event.kind] && event.at - at < BEHIND);
    const goesOn = before === undefined ? [] : fits.filter(({ skb }) => skb !== 0 && skb === before.skb);
    const found = goesOn.length === 1 ? goesOn : fits;
    // Each is told of once; of those that might be meant nobody knows any more which is which.
    for (const each of found) open.splice(open.indexOf(each), 1);
    if (found.length === 1 && found[0]!.skb !== 0) this.seen.set(event.skb, found[0]!);
  }
  private drop({ skb, reason, place, protocol }: Dropped): void {
    const where = this.seen.get(skb);
    if (where === undefined || !isOf(where, protocol)) return;
    const symbol = this.names()?.symbol(place);
    this.drops.set(where.skb, { reason, symbol, meaning: meaningOf(reason, symbol), where });
  }
  /** Records were lost: whatever is known of addresses may be over. */
  lose(): void {
    this.seen.clear();
  }
  /** Why the packet was dropped that was last seen then. `skb`: see {@link Sighting.skb}. */
  of(skb: number, at: number): Drop | undefined {
    const drop = this.drops.get(skb);
    return drop?.where.at === at ? drop : undefined;
  }
  private forget(now: number): void {
    for (const [key, sightings] of this.open) {
      const left = sightings.filter(({ at }) => now - at < BEHIND);
      if (left.length === 0) this.open.delete(key);
      else this.open.set(key, left);
    }
    for (const [skb, { at }] of this.seen) {
      if (now - at < FORGOTTEN) break;
      this.seen.delete(skb);
    }
    for (const [skb] of this.drops) {
      if (this.drops.size <= MOST) break;
      this.drops.delete(skb);
    }
  }
}
/** The same of both. A packet that is received has lost its link-layer header by then; those of tunnels never had one. */
function keyOf(of: Sighting | Arrival): string {
  if ('kind' in of) return `${of.kind} ${of.name} ${of.length}`;
  const isBare = of.hook === 'receive' || (of.flags & FLAG.hasLinkHeader) === 0;
  return `${of.hook} ${of.name} ${of.length - (isBare ? ETHERNET : 0)}`;
}
/** The address may be another packet's by now: that has to be of the same protocol, at least (EtherType). */
function isOf({ bytes }: Sighting, protocol: number): boolean {
  return bytes.length >= ETHERNET && ((bytes[12]! << 8) | bytes[13]!) === protocol;
}
