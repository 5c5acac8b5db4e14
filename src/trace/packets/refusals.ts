import { ETHER_TYPE, type Headers, headersOf, innermost } from '../headers.ts';

const MOST = 10_000;
const ETHERNET = 14;

/** What a host says with ICMP of a packet that it did not take. */
export interface Refusal {
  readonly reason: string;
  readonly meaning: string;
}
const ROUTE = 'there is no route to its destination';
/** By type and code of ICMP (RFC 792, RFC 1812). Where the kernel has one reason for it, by that reason's name. */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  '3 0': { reason: 'ICMP_NET_UNREACH', meaning: ROUTE },
  '3 1': { reason: 'ICMP_HOST_UNREACH', meaning: 'its destination does not answer ARP, or a rule refused it' },
  '3 2': { reason: 'IP_NOPROTO', meaning: 'nobody there speaks its protocol' },
  '3 3': { reason: 'NO_SOCKET', meaning: 'no socket is open for it, or a rule refused it' },
  '3 4': { reason: 'PKT_TOO_BIG', meaning: 'it is larger than the MTU of the next link, and must not be fragmented' },
  '3 9': { reason: 'ICMP_NET_ANO', meaning: 'a rule, or a prohibiting route, refused it' },
  '3 10': { reason: 'ICMP_HOST_ANO', meaning: 'a rule, or a prohibiting route, refused it' },
  '3 13': { reason: 'ICMP_PKT_FILTERED', meaning: 'a rule, or a prohibiting route, refused it' },
  '11 0': { reason: 'ICMP_TIME_EXCEEDED', meaning: 'its time to live was over' },
  '11 1': { reason: 'FRAG_REASM_TIMEOUT', meaning: 'not all of its fragments came in time' },
};
/** The same of ICMPv6 (RFC 4443). */
const REFUSALS6: Readonly<Record<string, Refusal>> = {
  '1 0': { reason: 'ICMP_NET_UNREACH', meaning: ROUTE },
  '1 1': { reason: 'ICMP_PKT_FILTERED', meaning: 'a rule, or a prohibiting route, refused it' },
  '1 3': { reason: 'ICMP_HOST_UNREACH', meaning: 'its destination does not answer neighbour discovery' },
  '1 4': { reason: 'NO_SOCKET', meaning: 'no socket is open for it, or a rule refused it' },
  '2 0': { reason: 'PKT_TOO_BIG', meaning: 'it is larger than the MTU of the next link' },
  '3 0': { reason: 'ICMP_TIME_EXCEEDED', meaning: 'its time to live was over' },
};

/** Packets that a host answered with an error of ICMP: it dropped them, and says why. By the number of their journey. */
export class Refusals {
  private readonly known = new Map<number, Refusal>();

  /** `numberOf`: the last journey that went this way. */
  meet(headers: Headers, numberOf: (headers: Headers) => number | undefined): void {
    const { icmp, version, payload } = innermost(headers);
    if (icmp === undefined) return;
    const refusal = (version === 4 ? REFUSALS : REFUSALS6)[`${icmp.type} ${icmp.code}`];
    if (refusal === undefined) return;
    const number = numberOf(quoted(payload, version));
    if (number === undefined || this.known.has(number)) return;
    this.known.set(number, refusal);
    if (this.known.size > MOST) this.known.clear();
  }
  of(number: number): Refusal | undefined {
    return this.known.get(number);
  }
}
/** The headers of the packet that an error is about. */
function quoted(payload: Uint8Array, version: number): Headers {
  const frame = new Uint8Array(ETHERNET + payload.length);
  new DataView(frame.buffer).setUint16(12, version === 4 ? ETHER_TYPE.ipv4 : ETHER_TYPE.ipv6);
  frame.set(payload, ETHERNET);
  return headersOf(frame, undefined);
}
