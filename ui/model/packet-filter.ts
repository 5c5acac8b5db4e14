import { ETHER_TYPE, type Headers, PROTOCOL } from '../../src/trace/headers.ts';
import { filterBetween, type PacketFilter } from './conversation-subject.ts';

const WITH_PORTS: Readonly<Record<number, 'tcp' | 'udp'>> = { [PROTOCOL.tcp]: 'tcp', [PROTOCOL.udp]: 'udp' };

/** What tells a packet's conversation from others, by the headers that it began with. */
export function filterOf(headers: Headers): PacketFilter {
  const { version, etherType, source, destination, sourceMac, destinationMac, protocol } = headers;
  if (etherType === ETHER_TYPE.arp) {
    const way = (from: string, to: string) => `(arp.src.proto_ipv4 == ${from} && arp.dst.proto_ipv4 == ${to})`;
    return {
      filter: `${way(source, destination)} || ${way(destination, source)}`,
      expression: `arp host ${source} and arp host ${destination}`,
    };
  }
  const { sourcePort: portA, destinationPort: portB } = headers;
  if (version === 0) return filterBetween('eth', { a: sourceMac, b: destinationMac, portA, portB });
  const ends = { a: source, b: destination, portA, portB };
  const transport = WITH_PORTS[protocol];
  if (transport !== undefined && portA !== undefined && portB !== undefined) return filterBetween(transport, ends);
  const { filter, expression } = filterBetween(version === 4 ? 'ip' : 'ipv6', ends);
  return {
    filter: `${filter} && ${version === 4 ? 'ip.proto' : 'ipv6.nxt'} == ${protocol}`,
    expression: `${expression} and ${version === 4 ? 'ip' : 'ip6'} proto ${protocol}`,
  };
}
