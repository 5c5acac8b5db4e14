import { ETHER_TYPE, type Headers, innermost } from './headers.ts';

/** May the two be one packet at two places? Addresses, ports and TTL change on the way; what the sender numbered does not. */
export function samePacket(a: Headers, b: Headers): boolean {
  const [x, y] = [innermost(a), innermost(b)];
  if (x.etherType !== y.etherType || x.version !== y.version) return false;
  if (x.version === 0)
    return x.etherType !== ETHER_TYPE.arp || (x.protocol === y.protocol && x.destination === y.destination);
  if (x.protocol !== y.protocol || x.id !== y.id) return false;
  // Put together again, a packet has the place of one of its fragments.
  if (x.fragment !== undefined && y.fragment !== undefined && x.fragment.offset !== y.fragment.offset) return false;
  if (x.tcp !== undefined && y.tcp !== undefined)
    return (
      x.tcp.sequence === y.tcp.sequence && x.tcp.flags === y.tcp.flags && x.tcp.acknowledged === y.tcp.acknowledged
    );
  if (x.icmp !== undefined && y.icmp !== undefined)
    return x.icmp.type === y.icmp.type && x.icmp.sequence === y.icmp.sequence;
  return true;
}
/** The same for a packet and all of its fragments; undefined for what is none, and will not be cut into any on its way. */
export function fragmentKey(headers: Headers): string | undefined {
  if (!headers.mayFragment && headers.fragment === undefined) return undefined;
  return `${headers.source} ${headers.destination} ${headers.id} ${headers.protocol}`;
}
/** Equal for a packet and what answers it, when `turned` is true for one of them. */
export function conversationKey(headers: Headers, turned: boolean): string {
  const h = innermost(headers);
  if (h.icmp !== undefined || h.version === 0) return keyOf(h, turned);
  const { sourcePort, destinationPort } = h;
  const slot = ((sourcePort ?? 0) * 31 + (destinationPort ?? 0)) % KEPT;
  let known = kept[slot];
  if (known === undefined || !sameEnds(known.ends, h)) {
    // Not the headers themselves: they keep a batch of events in memory.
    const { etherType, protocol, source, destination } = h;
    const ends = { etherType, protocol, source, destination, sourcePort, destinationPort };
    known = { ends, straight: keyOf(h, false), turned: keyOf(h, true) };
    kept[slot] = known;
  }
  return turned ? known.turned : known.straight;
}
/** Of the packets that came last: a stream's are all alike. */
const KEPT = 256;
type Ends = Pick<Headers, 'etherType' | 'protocol' | 'source' | 'destination' | 'sourcePort' | 'destinationPort'>;
const kept: ({ ends: Ends; straight: string; turned: string } | undefined)[] = new Array(KEPT).fill(undefined);
function sameEnds(a: Ends, b: Headers): boolean {
  const same = a.sourcePort === b.sourcePort && a.destinationPort === b.destinationPort && a.protocol === b.protocol;
  return same && a.etherType === b.etherType && a.source === b.source && a.destination === b.destination;
}
function keyOf(h: Headers, turned: boolean): string {
  const here = `${h.source} ${h.sourcePort ?? ''}`;
  const there = `${h.destination} ${h.destinationPort ?? ''}`;
  const ends = turned ? `${there} ${here}` : `${here} ${there}`;
  const icmp = h.icmp === undefined ? '' : ` ${h.icmp.id} ${h.icmp.sequence} ${askedBy(h.icmp.type, turned)}`;
  return `${h.etherType} ${h.version === 0 ? '' : h.protocol} ${ends}${icmp}`;
}
/** What tells a question of ICMP from its answer where both ends are one address; nothing for what is neither. */
function askedBy(type: number, turned: boolean): string {
  const isAnswer = ANSWERS.has(type);
  if (!isAnswer && !QUESTIONS.has(type)) return '';
  return isAnswer === turned ? 'asks' : 'answers';
}
/** Echo and timestamp (RFC 792), echo of IPv6 (RFC 4443). */
const QUESTIONS: ReadonlySet<number> = new Set([8, 13, 128]);
const ANSWERS: ReadonlySet<number> = new Set([0, 14, 129]);
