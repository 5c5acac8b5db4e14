import type { Headers } from './headers.ts';
import type { Outcome } from './journey.ts';

/** What it means that a function of the kernel was done with a packet. */
export interface Use {
  readonly outcome: Outcome | 'watched' | 'copied' | 'cut';
  /** Who got it, or what became of it. */
  readonly what: string;
}
const delivered = (what: string): Use => ({ outcome: 'delivered', what });
const consumed = (what: string): Use => ({ outcome: 'consumed', what });
/** Another packet with the same content goes on in its place. */
const COPIED: Use = { outcome: 'copied', what: '' };
/** A copy for a program that only looks, such as tcpdump: it says nothing of the packet. */
const WATCHED: Use = { outcome: 'watched', what: '' };

/** Its segments go on in its place. */
const CUT: Use = { outcome: 'cut', what: '' };

/** By the beginning of the function's name. */
const USES: readonly (readonly [prefix: string, use: Use])[] = [
  ['icmp', delivered('the kernel (ICMP)')],
  ['ndisc', delivered('the kernel (neighbour discovery)')],
  ['igmp', delivered('the kernel (IGMP)')],
  ['arp', delivered('the kernel (ARP)')],
  ['neigh', consumed('resolved')],
  ['tcp', delivered('')],
  ['skb_consume_udp', delivered('')],
  ['udp', delivered('')],
  ['__skb_free_datagram', delivered('')],
  ['skb_free_datagram', delivered('')],
  ['raw', delivered('')],
  ['ping', delivered('')],
  ['tun_', delivered('a program that reads the device')],
  ['tap_', delivered('a program that reads the device')],
  ['packet_rcv', WATCHED],
  ['tpacket_rcv', WATCHED],
  ['packet_recvmsg', WATCHED],
  ['ip_do_fragment', consumed('fragmented')],
  ['ip_fragment', consumed('fragmented')],
  ['ip6_fragment', consumed('fragmented')],
  ['ip_defrag', consumed('put together with other fragments')],
  ['inet_frag', consumed('put together with other fragments')],
  ['veth_', COPIED],
  ['skb_pp_cow_data', COPIED],
  ['validate_xmit', CUT],
  ['tbf_segment', CUT],
  ['br_stp', delivered('the kernel (spanning tree)')],
  ['br_multicast', delivered('the kernel (multicast snooping)')],
];
/** Frees the parts of a packet that was put together, and says nothing of what became of it. */
export const FREES_PARTS = 'skb_release_data';
/**
 * Did a connection take it that has been closed here (TIME_WAIT)? It has no socket left, and TCP frees the other side's FIN as it
 * frees what it drops, but without a reason (tcp_v4_rcv in net/ipv4/tcp_ipv4.c).
 */
export function endsConnection(reason: string, symbol: string | undefined, { tcp }: Headers): boolean {
  if (reason !== 'NOT_SPECIFIED' || (symbol !== 'tcp_v4_rcv' && symbol !== 'tcp_v6_rcv')) return false;
  return tcp !== undefined && tcp.data === 0 && (tcp.flags & FIN_SYN_RST) === FIN;
}
/** TCP flags. */
const FIN = 0x01;
const FIN_SYN_RST = 0x07;

export function useOf(symbol: string | undefined): Use | undefined {
  return symbol === undefined ? undefined : USES.find(([prefix]) => symbol.startsWith(prefix))?.[1];
}
