import { ETHER_TYPE, type Headers, PROTOCOL } from '../../src/trace/headers.ts';

/** The packets between two ends, in both directions, in both languages. */
export interface PacketFilter {
  /** In Wireshark's. */
  readonly filter: string;
  /** In tcpdump's. */
  readonly expression: string;
}
const WITH_PORTS: Readonly<Record<number, string>> = { [PROTOCOL.tcp]: 'tcp', [PROTOCOL.udp]: 'udp' };

/** What tells a packet's conversation from others, by the headers that it began with. */
export function filterOf(headers: Headers): PacketFilter {
  const { version, etherType, source, destination, sourceMac, destinationMac } = headers;
  if (etherType === ETHER_TYPE.arp) {
    const way = (from: string, to: string) => `(arp.src.proto_ipv4 == ${from} && arp.dst.proto_ipv4 == ${to})`;
    return {
      filter: `${way(source, destination)} || ${way(destination, source)}`,
      expression: `arp host ${source} and arp host ${destination}`,
    };
  }
  if (version === 0)
    return {
      filter: `eth.addr == ${sourceMac} && eth.addr == ${destinationMac}`,
      expression: `ether host ${sourceMac} and ether host ${destinationMac}`,
    };
  const field = version === 4 ? 'ip.addr' : 'ipv6.addr';
  const upper = upperOf(headers);
  return {
    filter: `${field} == ${source} && ${field} == ${destination} && ${upper.filter}`,
    expression: `host ${source} and host ${destination} and ${upper.expression}`,
  };
}
function upperOf({ version, protocol, sourcePort, destinationPort }: Headers): PacketFilter {
  const name = WITH_PORTS[protocol];
  if (name === undefined || sourcePort === undefined || destinationPort === undefined)
    return {
      filter: `${version === 4 ? 'ip.proto' : 'ipv6.nxt'} == ${protocol}`,
      expression: `${version === 4 ? 'ip' : 'ip6'} proto ${protocol}`,
    };
  const both = (term: string, join: string) => `${term}${sourcePort}${join}${term}${destinationPort}`;
  return { filter: both(`${name}.port == `, ' && '), expression: both(`${name} port `, ' and ') };
}
