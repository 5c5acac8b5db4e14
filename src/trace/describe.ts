import { endpoint } from '../linux/address.ts';
import { ETHER_TYPE, type Headers, innermost, PROTOCOL } from './headers.ts';

const ICMP: Readonly<Record<number, string>> = {
  0: 'echo reply',
  3: 'unreachable',
  5: 'redirect',
  8: 'echo request',
  11: 'time exceeded',
};
const ICMP6: Readonly<Record<number, string>> = {
  1: 'unreachable',
  2: 'packet too big',
  3: 'time exceeded',
  128: 'echo request',
  129: 'echo reply',
  133: 'router solicitation',
  134: 'router advertisement',
  135: 'neighbour solicitation',
  136: 'neighbour advertisement',
};
const TCP_FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'] as const;
const NAMES: Readonly<Record<number, string>> = {
  [PROTOCOL.icmp]: 'icmp',
  [PROTOCOL.igmp]: 'igmp',
  [PROTOCOL.tcp]: 'tcp',
  [PROTOCOL.udp]: 'udp',
  [PROTOCOL.icmp6]: 'icmp6',
  47: 'gre',
  50: 'esp',
  89: 'ospf',
  132: 'sctp',
};
/** The protocol that a packet is of, in one word. */
export function protocolName(headers: Headers): string {
  const { etherType, version, protocol } = headers;
  if (etherType === ETHER_TYPE.arp) return 'arp';
  return version === 0 ? `0x${etherType.toString(16).padStart(4, '0')}` : (NAMES[protocol] ?? `ip-proto-${protocol}`);
}
/** From whom to whom. */
export function ends(headers: Headers): { source: string; destination: string } {
  const { source, destination, sourcePort, destinationPort, version, etherType } = headers;
  if (version === 0 && etherType !== ETHER_TYPE.arp)
    return { source: headers.sourceMac, destination: headers.destinationMac };
  return { source: endpoint(source, sourcePort), destination: endpoint(destination, destinationPort) };
}
/** A packet in one line: `tcp 10.0.0.1:1234 > 10.0.0.2:80 SYN`. */
export function summary(headers: Headers): string {
  const { source, destination } = ends(headers);
  const text = `${protocolName(headers)} ${source} > ${destination}${details(headers)}`;
  const { tunnel } = headers;
  return tunnel === undefined ? text : `${text} (${tunnel.name} ${tunnel.vni}: ${summary(innermost(headers))})`;
}
function details({ etherType, protocol, version, tcp, icmp, fragment }: Headers): string {
  if (etherType === ETHER_TYPE.arp) return protocol === 1 ? ' request' : ' reply';
  if (fragment !== undefined && fragment.offset > 0) return ` fragment at ${fragment.offset}`;
  const part = fragment === undefined ? '' : ' first fragment';
  if (tcp !== undefined)
    return ` ${flagNames(tcp.flags).join('+')}${tcp.data === 0 ? '' : ` ${tcp.data} bytes`}${part}`;
  if (icmp === undefined) return part;
  const name = icmpName(version, icmp.type);
  return ` ${name}${name.startsWith('echo') ? ` ${icmp.sequence}` : ` code ${icmp.code}`}${part}`;
}
export function icmpName(version: number, type: number): string {
  return (version === 4 ? ICMP : ICMP6)[type] ?? `type ${type}`;
}
export function flagNames(flags: number): string[] {
  return TCP_FLAGS.filter((_, bit) => (flags & (1 << bit)) !== 0);
}
