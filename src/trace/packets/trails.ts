import { ETHER_TYPE, type Headers, innermost } from '../headers.ts';
import { sameEnds, unchanging } from './likeness.ts';
import type { Sighting } from './sighting.ts';
import type { Translations } from './translations.ts';

/** Longer than that, no packet is on its way: it waits for a neighbour for three seconds at most. In ns, as all times here. */
const FORGOTTEN = 5e9;
/** Of packets that look the same the one that came first goes on first, unless it was lost: so long ago nobody waits. */
const AT_ONCE = 200e6;

/** Where a device leads. */
export interface Wires {
  /** The other end of a cable: `netns/device`; undefined where there is none, or nobody knows. */
  peer(netns: number, device: number): string | undefined;
  /** Does it hand packets to another device of its namespace, as a bridge and a tunnel do? */
  isUpper(netns: number, device: number): boolean;
}
/** One way of a packet: a bridge may send it on several. */
interface Branch {
  readonly number: number;
  last: Sighting;
}
interface Trail {
  readonly number: number;
  readonly branches: Branch[];
  /** What it looked like last. */
  headers: Headers;
  /** Where it was, and the time to live that it had there. */
  readonly visited: Map<string, number>;
  heard: number;
}

/** Tells which packet is seen: by what nothing on its way changes, and by what NAT makes of its addresses. */
export class Trails {
  private readonly byKey = new Map<string, Trail[]>();
  private count = 0;

  constructor(
    private readonly translations: Translations,
    private readonly wires: Wires,
  ) {}
  /** Says whose sighting it is. False if nobody's: it does not match, and belongs to no packet that did. */
  place(sighting: Sighting, headers: Headers, matched: boolean): boolean {
    const key = unchanging(headers);
    const known = this.byKey.get(key);
    let trail = known === undefined ? undefined : this.find(known, sighting, headers);
    if (trail === undefined) {
      if (!matched) return false;
      trail = { number: ++this.count, branches: [], headers, visited: new Map(), heard: sighting.at };
      if (known === undefined) this.byKey.set(key, [trail]);
      else known.push(trail);
    }
    sighting.connection = this.translations.of(headers);
    sighting.head = trail.number;
    sighting.skb = this.branchOf(trail, sighting).number;
    trail.headers = headers;
    trail.heard = sighting.at;
    trail.visited.set(placeOf(sighting), innermost(headers).ttl);
    return true;
  }
  private find(trails: readonly Trail[], sighting: Sighting, headers: Headers): Trail | undefined {
    const fits = trails.filter((trail) => !wasThere(trail, sighting, headers) && this.may(trail.headers, headers));
    return fits.find(({ heard }) => sighting.at - heard < AT_ONCE) ?? fits.at(-1);
  }
  /** May the one become the other on its way? */
  private may(from: Headers, to: Headers): boolean {
    const same = sameEnds(from, to);
    if (same === 'both' || this.translations.leads(from, to)) return true;
    // Addresses may also be changed without conntrack; then the rest has to be out of question.
    return same === 'one' && isNumbered(to);
  }
  private branchOf(trail: Trail, sighting: Sighting): Branch {
    const { branches } = trail;
    const branch = this.continued(branches, sighting) ?? { number: ++this.count, last: sighting };
    if (!branches.includes(branch)) branches.push(branch);
    branch.last = sighting;
    return branch;
  }
  /** The way that leads there: through the cable, or from within the namespace. */
  private continued(branches: readonly Branch[], { hook, netns, device }: Sighting): Branch | undefined {
    if (hook === 'receive') {
      const from = this.wires.peer(netns, device);
      const through = branches.find(({ last }) => last.hook === 'transmit' && from === `${last.netns}/${last.device}`);
      if (through !== undefined) return through;
    }
    const within = branches.findLast(({ last }) => last.netns === netns && !this.hasLeft(last));
    if (within !== undefined) return within;
    // What nobody knows the way of.
    return hook === 'receive' ? branches.findLast(({ last }) => last.netns !== netns && this.isOpen(last)) : undefined;
  }
  private hasLeft({ hook, netns, device }: Sighting): boolean {
    return hook === 'transmit' && device !== LOOPBACK && !this.wires.isUpper(netns, device);
  }
  private isOpen({ hook, netns, device }: Sighting): boolean {
    return hook === 'transmit' && this.wires.peer(netns, device) === undefined;
  }
  /** Forgets packets that are no longer on their way. */
  forget(now: number): void {
    for (const [key, trails] of this.byKey) {
      const left = trails.filter(({ heard }) => now - heard < FORGOTTEN);
      if (left.length === 0) this.byKey.delete(key);
      else if (left.length < trails.length) this.byKey.set(key, left);
    }
  }
}
const LOOPBACK = 1;
const placeOf = ({ netns, device, hook }: Sighting): string => `${netns}/${device} ${hook}`;
/** A packet comes to a place once, unless it goes in a circle, which takes of its time to live. */
function wasThere(trail: Trail, sighting: Sighting, headers: Headers): boolean {
  const ttl = trail.visited.get(placeOf(sighting));
  return ttl !== undefined && ttl <= innermost(headers).ttl;
}
/** Did its sender give it a number? */
function isNumbered(headers: Headers): boolean {
  const { id, tcp, icmp, etherType } = innermost(headers);
  return etherType !== ETHER_TYPE.arp && (id !== 0 || tcp !== undefined || icmp !== undefined);
}
