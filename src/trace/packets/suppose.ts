import { endsConnection, FREES_PARTS } from '../endings.ts';
import { ETHER_TYPE, type Headers, innermost, PROTOCOL } from '../headers.ts';
import type { Ending, Outcome, Step } from '../journey.ts';
import type { Copy, Path } from '../path.ts';
import { LINGER, LOST, SENT } from '../patience.ts';
import { REASONS } from '../reasons.ts';
import { droppedBy } from '../rule-places.ts';
import type { Conclusions, Surroundings } from '../source.ts';
import { wrongChecksum } from './checksums.ts';
import type { Devices } from './devices.ts';
import type { Drops } from './drops.ts';
import { Refusals } from './refusals.ts';
import type { SocketTables } from './sockets.ts';

interface Around extends Surroundings {
  readonly sockets: SocketTables;
  readonly devices: Devices;
  /** Undefined where the kernel's tracepoints are refused. */
  readonly drops: Drops | undefined;
}
interface Supposed {
  readonly outcome: Outcome;
  readonly meaning?: string | undefined;
  readonly reason?: string;
  readonly symbol?: string | undefined;
  /** Who got it, if that is no socket. */
  readonly to?: string;
}
const MOST = 10_000;
/** Of TCP. */
const FLAG = { syn: 0x02, rst: 0x04, ack: 0x10 } as const;
/**
 * TCP frees what it took without a word, and the next packet may be at the same address, on its way out: of packets of TCP for
 * this host only those reasons count that no packet has on its way out.
 */
const ON_THE_WAY_IN =
  /^(TCP_|SOCKET_|NO_SOCKET|PROTO_MEM|PKT_TOO_SMALL|IP_(?!OUT)|OTHERHOST|UNICAST_|XFRM_|TC_INGRESS|CPU_BACKLOG)/;
const ECHO_REQUESTS: ReadonlySet<number> = new Set([8, 128]);
const PORTLESS: Readonly<Record<number, string>> = {
  [PROTOCOL.icmp]: 'the kernel (ICMP)',
  [PROTOCOL.icmp6]: 'the kernel (ICMP)',
  [PROTOCOL.igmp]: 'the kernel (IGMP)',
};

/** What became of packets whose ends nobody tells: from where they were seen last, their answers, rules and sockets. */
export class Suppositions implements Conclusions {
  private readonly refusals = new Refusals();
  /** The TCP flags of what answered a journey's packet, by number. */
  private readonly answers = new Map<number, number>();

  constructor(
    private readonly around: Around,
    readonly stray: Conclusions['stray'],
  ) {}
  /** A packet came to a namespace: its socket may soon be gone. */
  arrives(netns: number): void {
    this.around.sockets.meet(netns);
  }
  /** What any packet says of those that it answers, also if nobody asked for it. */
  overhear(headers: Headers): void {
    const { said } = this.around;
    this.refusals.meet(headers, (about) => said(about, false));
    const asked = said(headers, true);
    if (asked === undefined) return;
    this.answers.set(asked, innermost(headers).tcp?.flags ?? 0);
    if (this.answers.size > MOST) this.answers.clear();
  }
  end(copy: Copy): void {
    const { step, path } = copy;
    if (copy.ending !== undefined || step === undefined) return;
    const { at, netns, device, hook } = step;
    const { to, ...supposed } = this.suppose(copy, step);
    const socket = supposed.outcome === 'delivered' && to === undefined ? this.socketOf(copy, step) : undefined;
    const where = { netns, device, hook };
    const ending: Ending = { ...NOTHING, ...supposed, where, at, socket };
    copy.ending = ending;
    path.endings.push({ ...ending, copy: copy.number });
    if (supposed.outcome !== 'delivered') return;
    copy.delivered = true;
    path.deliver({ at, where, socket, pid: undefined, process: undefined, to });
  }
  private suppose(copy: Copy, step: Step): Supposed {
    const { path, look } = copy;
    if (droppedBy(path, step.netns) !== undefined)
      return { outcome: 'dropped', reason: 'NETFILTER_DROP', meaning: REASONS.NETFILTER_DROP! };
    const drop = this.dropOf(copy);
    if (drop !== undefined) return drop;
    const refusal = this.refusals.of(path.number);
    if (refusal !== undefined)
      return { ...refusal, outcome: 'dropped', meaning: `an ICMP error answered it: ${refusal.meaning}` };
    if (step.hook === 'transmit') return this.sent(step);
    const headers = innermost(look.headers);
    const isLocal = this.around.addresses.has(step.netns, headers.destination);
    const wrong = this.answers.has(path.number) ? undefined : wrongChecksumOf(copy);
    // Who hands a packet on looks at that of IP alone.
    if (wrong !== undefined && (isLocal || wrong === 'IP_CSUM'))
      return { outcome: 'dropped', reason: wrong, meaning: REASONS[wrong]! };
    if (isLocal) return this.arrived(copy, step, headers);
    return {
      outcome: 'unknown',
      meaning: `not seen any more after ${step.device}: nothing took it there, or sent it on`,
    };
  }
  /** What the kernel said itself, unless that may be of another packet, or is no drop. */
  private dropOf({ skb, step, look }: Copy): Supposed | undefined {
    const drop = step === undefined ? undefined : this.around.drops?.of(skb, step.at);
    if (drop === undefined || step === undefined) return undefined;
    const { reason, symbol, meaning } = drop;
    const headers = innermost(look.headers);
    if (step.hook === 'transmit' ? meaning === undefined : endsConnection(reason, symbol, headers)) return undefined;
    if (symbol === FREES_PARTS) return { outcome: 'consumed', symbol, meaning: 'put together with other fragments' };
    // Raw sockets had their copies before: ping has one.
    if (headers.icmp !== undefined && reason === 'NO_SOCKET') return undefined;
    const isTaken = headers.tcp !== undefined && this.around.addresses.has(step.netns, headers.destination);
    if (isTaken && !ON_THE_WAY_IN.test(reason)) return undefined;
    return { outcome: 'dropped', reason, symbol, meaning };
  }
  private sent({ netns, device }: Step): Supposed {
    const known = this.around.devices.named(netns, device);
    if (known?.isUpper === true)
      return { outcome: 'unknown', meaning: `not seen any more after ${device}: it came out of no other device` };
    const peer = known?.peer === undefined ? undefined : this.around.devices.at(known.peer);
    if (peer === undefined) return { outcome: 'sent' };
    return {
      outcome: 'unknown',
      meaning: `not seen any more after ${device}: it did not come out of the other end of the cable, ${peer.name}`,
    };
  }
  /** It reached a namespace that has its address. */
  private arrived({ path }: Copy, { netns, device }: Step, headers: Headers): Supposed {
    const answer = this.answers.get(path.number);
    const { protocol, icmp, etherType, destinationPort } = headers;
    if (etherType === ETHER_TYPE.arp) return { outcome: 'delivered', to: 'the kernel (ARP)' };
    if (icmp !== undefined && ECHO_REQUESTS.has(icmp.type) && answer === undefined)
      return { outcome: 'unknown', meaning: `not seen any more after ${device}: it arrived, and was not answered` };
    const to = PORTLESS[protocol];
    if (to !== undefined) return { outcome: 'delivered', to };
    if (answer !== undefined && isReset(answer) && isOpening(headers))
      return { outcome: 'dropped', reason: 'NO_SOCKET', meaning: 'a reset answered it: no socket is open for it' };
    // Whoever takes part in a conversation has a socket, be it closed by now.
    const takesPart = answer !== undefined || this.around.said(headers, true) !== undefined;
    const socket = this.around.sockets.find(netns, headers);
    const drops = socket === undefined ? 0 : this.around.sockets.droppedSince(path.steps[0]!.at, socket);
    if (drops > 0)
      return {
        outcome: 'unknown',
        meaning: `not seen any more after ${device}: it arrived, and its socket dropped ${drops} packets meanwhile`,
      };
    if (takesPart || socket !== undefined) return { outcome: 'delivered' };
    const whom = destinationPort === undefined ? 'for it' : `for port ${destinationPort}`;
    return {
      outcome: 'unknown',
      meaning: `not seen any more after ${device}: it arrived, and no socket is open ${whom}`,
    };
  }
  private socketOf({ look }: Copy, { netns }: Step) {
    return this.around.sockets.find(netns, look.headers);
  }
  patience({ copies, rules, number }: Path): number {
    if (this.refusals.of(number) !== undefined) return LINGER;
    const waits = copies.map((copy) => {
      const { step, look } = copy;
      if (step === undefined) return LOST;
      if (this.dropOf(copy) !== undefined) return LINGER;
      if (rules.some(({ netns, rule }) => netns === step.netns && rule.verdict === 'drop')) return LINGER;
      if (step.hook === 'transmit') return SENT;
      return this.around.addresses.has(step.netns, innermost(look.headers).destination) ? SENT : LOST;
    });
    return Math.min(LOST, ...waits);
  }
}
function wrongChecksumOf({ checksumFilled, look }: Copy): string | undefined {
  return checksumFilled === undefined ? undefined : wrongChecksum(look.headers, checksumFilled);
}
const isReset = (tcpFlags: number): boolean => (tcpFlags & FLAG.rst) !== 0;
const isOpening = ({ tcp }: Headers): boolean => tcp !== undefined && (tcp.flags & (FLAG.syn | FLAG.ack)) === FLAG.syn;
const NOTHING: Omit<Ending, 'outcome' | 'where' | 'at'> = {
  reason: undefined,
  meaning: undefined,
  symbol: undefined,
  rule: undefined,
  socket: undefined,
};
