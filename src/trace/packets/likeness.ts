import { ETHER_TYPE, type Headers, innermost } from '../headers.ts';

/** So many bytes of data are compared: what is left of them in a tunnel's packet that was cut after its first 192. */
const COMPARED = 32;

/**
 * What nothing on a packet's way changes, in one word: what its sender numbered, and its data. Not its addresses and ports,
 * which NAT may change, nor TTL, checksums and MAC addresses.
 */
export function unchanging(headers: Headers): string {
  const h = innermost(headers);
  const { version, protocol, id, fragment, tcp, icmp } = h;
  if (h.etherType === ETHER_TYPE.arp) return `arp ${protocol} ${h.source} ${h.destination}`;
  if (version === 0) return `${h.etherType} ${h.sourceMac} ${digest(h.payload)}`;
  const part = fragment === undefined ? '' : `at ${fragment.offset}`;
  const numbers =
    tcp !== undefined
      ? `${tcp.sequence} ${tcp.acknowledged} ${tcp.flags} ${tcp.data}`
      : icmp !== undefined
        ? `${icmp.type} ${icmp.code} ${icmp.sequence}`
        : '';
  return `${version} ${protocol} ${id} ${part} ${numbers} ${digest(h.payload)}`;
}
/** FNV-1a. */
function digest(data: Uint8Array): number {
  let value = 0x811c9dc5;
  const end = Math.min(COMPARED, data.length);
  for (let i = 0; i < end; i++) value = Math.imul(value ^ data[i]!, 0x01000193);
  return value >>> 0;
}
/** How many of their two ends, addresses with ports, two packets share. */
export function sameEnds(a: Headers, b: Headers): 'both' | 'one' | 'none' {
  const [x, y] = [innermost(a), innermost(b)];
  const source = x.source === y.source && x.sourcePort === y.sourcePort;
  const destination = x.destination === y.destination && x.destinationPort === y.destinationPort;
  return source && destination ? 'both' : source || destination ? 'one' : 'none';
}
