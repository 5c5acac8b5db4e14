/** Journeys of our own making. */
import { headersOf } from '../../src/trace/headers.ts';
import type { Change, Ending, Journey, Outcome, Rule, Step } from '../../src/trace/journey.ts';
import type { Entry, JourneyFeed } from '../../ui/model/journey-feed.ts';

const PROTOCOLS = { icmp: 1, tcp: 6, udp: 17 } as const;
export interface Made {
  readonly number?: number;
  readonly protocol?: keyof typeof PROTOCOLS;
  readonly from?: string;
  readonly to?: string;
  readonly ports?: readonly [number, number];
  /** `router/lan receive`, `router forward`; later by `delays` in µs. */
  readonly steps: readonly string[];
  readonly changed?: Readonly<Record<number, Change>>;
  readonly rules?: Readonly<Record<number, Rule>>;
  readonly outcome: Outcome;
  readonly reason?: string;
  readonly meaning?: string;
  readonly rule?: Rule;
  /** When it begins, in ms since tracing began. */
  readonly at?: number;
}
const NAMES = ['?', 'client', 'router', 'web', 'evil\u001b[2J'];
export const nameOf = (netns: number): string => NAMES[netns] ?? String(netns);
/** 2026-01-02 03:04:05.678901234 UTC */
export const EPOCH = 1_767_323_045_678_901_234n;
const STEP_NS = 12_500;

export function entry(made: Made): Entry {
  const { number = 1, outcome, reason, meaning, rule, changed = {}, rules = {}, at = 0 } = made;
  const bytes = packet(made);
  const first = headersOf(bytes, undefined);
  const steps = made.steps.map((text, i): Step => {
    const event = { bytes, tag: undefined, length: bytes.length };
    const change = changed[i] === undefined ? [] : [changed[i]];
    const met = rules[i] === undefined ? [] : [rules[i]];
    return { ...place(text), at: at * 1e6 + i * STEP_NS, copy: 0, changed: change, note: undefined, rules: met, event };
  });
  const last = steps.at(-1)!;
  const { netns, device, hook } = last;
  const ending: Ending = {
    ...{ outcome, where: { netns, device, hook }, at: last.at, reason, meaning },
    ...{ symbol: undefined, rule, socket: undefined },
  };
  const journey: Journey = {
    ...{ number, replyTo: undefined, retransmission: false, steps, first, last: first, length: bytes.length },
    ...{ segments: 1, deliveries: [], endings: [{ ...ending, copy: 0 }], ending, lost: 0 },
  };
  return { journey, nameOf, epoch: EPOCH };
}
function place(text: string): { netns: number; device: string; hook: string } {
  const [where, hook] = text.split(' ');
  const [netns, device = ''] = where!.split('/');
  return { netns: Math.max(0, NAMES.indexOf(netns!)), device, hook: hook! };
}
function packet({ protocol = 'udp', from = '10.0.0.1', to = '10.0.0.2', ports = [1234, 53] }: Made): Uint8Array {
  const bytes = new Uint8Array(54);
  const view = new DataView(bytes.buffer);
  bytes.set([2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45]);
  view.setUint16(16, 40);
  bytes[22] = 64;
  bytes[23] = PROTOCOLS[protocol];
  bytes.set(from.split('.').map(Number), 26);
  bytes.set(to.split('.').map(Number), 30);
  if (protocol === 'icmp') bytes[34] = 8;
  else {
    view.setUint16(34, ports[0]);
    view.setUint16(36, ports[1]);
    bytes[46] = 0x50;
    bytes[47] = 2;
  }
  return bytes;
}
export const WALL: Rule = {
  ...{ family: 'inet', table: 'wall', chain: 'forward', handle: 4, comment: 'no \u001b[31mtelnet' },
  ...{ text: 'udp dport 23', verdict: 'drop' },
};
/** A ping that arrives, a datagram that a rule drops, one that nobody waits for, one that is still waiting. */
export const some = (): Entry[] => [
  entry({
    ...{ number: 1, protocol: 'icmp', outcome: 'delivered', at: 10 },
    steps: ['client/eth0 queue', 'router/lan receive', 'router/web0 transmit', 'web/eth0 receive'],
    changed: { 2: { what: 'ttl', from: '64', to: '63' } },
  }),
  entry({
    ...{ number: 2, outcome: 'dropped', reason: 'NETFILTER_DROP', rule: WALL, at: 20, ports: [4000, 23] },
    steps: ['client/eth0 queue', 'router/lan receive', 'router/lan forward'],
    rules: { 2: WALL },
    meaning: 'a rule of netfilter dropped it',
  }),
  entry({
    ...{ number: 3, outcome: 'dropped', reason: 'NO_SOCKET', meaning: 'no socket is open for it', at: 1500 },
    steps: ['client/eth0 queue', 'web/eth0 receive'],
  }),
  entry({
    ...{ number: 4, protocol: 'tcp', ports: [50_000, 80], outcome: 'unknown', at: 2000, meaning: 'it waits' },
    steps: ['evil\u001b[2J/a\u009bb queue'],
  }),
];
/** A feed that tests change as they like. */
export class FakeFeed implements JourneyFeed {
  version = 1;
  state: JourneyFeed['state'] = 'tracing';
  expression = '';
  counts: Record<Outcome, number> = { delivered: 0, sent: 0, dropped: 0, consumed: 0, unknown: 0 };
  lost = 0;
  behind = false;
  notices: string[] = [];
  obstacle: JourneyFeed['obstacle'];

  constructor(public entries: readonly Entry[] = []) {
    for (const { journey } of entries) this.counts[journey.ending.outcome]++;
  }
  add(...more: Entry[]): void {
    this.entries = [...this.entries, ...more];
    this.version++;
  }
}
