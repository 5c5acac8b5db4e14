import { ETHER_TYPE, type Headers, headersOf, innermost } from './headers.ts';
import { samePacket } from './identity.ts';
import type { Path } from './path.ts';
import type { MetRule } from './rules.ts';

/** A rule may be told before the events of its packet. In ns, as all times here. */
const PATIENCE = 100e6;
const ETHERNET = 14;

/** A rule that a packet met of which nothing else was seen. */
export interface StrayRule {
  readonly met: MetRule;
  readonly netns: number;
  readonly headers: Headers;
}
interface Waiting extends StrayRule {
  /** What no translation changes of its packet. */
  readonly identity: string;
  readonly until: number;
}
/** Finds the packets that met rules: messages of nftables have headers and a number of their own, no address and no time. */
export class RuleJoiner {
  private readonly candidates = new Map<string, Path[]>();
  /** Of a chain's messages only the first has headers. */
  private readonly known = new Map<string, Path>();
  private waiting: Waiting[] = [];
  /** Are there rules at all? */
  expected = false;

  /** `clock`: what time it is, as events tell it. */
  constructor(private readonly clock: () => number) {}

  /** A journey began. */
  begin(path: Path): void {
    if (!this.expected) return;
    const key = identity(path.first);
    const others = this.candidates.get(key);
    if (others === undefined) this.candidates.set(key, [path]);
    else others.push(path);
  }
  release(path: Path): void {
    if (!this.expected) return;
    const key = identity(path.first);
    const left = this.candidates.get(key)?.filter((other) => other !== path) ?? [];
    if (left.length === 0) this.candidates.delete(key);
    else this.candidates.set(key, left);
  }
  /** Rules are read when they are told; the events of their packets are looked at when there is time, which may be long after. */
  add(met: MetRule, netns: number): void {
    const headers = headersOf(frameOf(met), undefined);
    const waiting = { met, netns, headers, identity: identity(headers), until: this.clock() + PATIENCE };
    if (!this.place(waiting)) this.waiting.push(waiting);
  }
  /** Tries again with those whose packets were not known yet; `now`: until then everything is; `stray` may make a packet known when it is late. */
  retry(now: number, stray: (rule: StrayRule) => void): void {
    this.waiting = this.waiting.filter((each) => {
      if (this.place(each)) return false;
      if (each.until > now) return true;
      if (each.met.met.network.length === 0) return false;
      stray(each);
      this.place(each);
      return false;
    });
  }
  private place(waiting: Waiting): boolean {
    const { met, netns } = waiting;
    const number = `${netns} ${met.met.id}`;
    const path = met.met.network.length === 0 ? this.known.get(number) : this.find(waiting);
    if (path === undefined) return false;
    if (this.known.size > MOST_KNOWN) this.known.clear();
    this.known.set(number, path);
    // The end of a chain that decided nothing: it may be the one message with headers, and that is all it is good for.
    if (met.rule.handle === undefined && met.met.verdict === 'continue') return true;
    path.rules.push({ netns, hook: met.hook, family: met.met.family, rule: met.rule });
    return true;
  }
  private find({ met, netns, headers, identity: key }: Waiting): Path | undefined {
    const claim = `${netns} ${met.hook}`;
    // Packets that look the same are served in their order.
    const path = this.candidates.get(key)?.find((candidate) => {
      const claimed = candidate.claims.get(claim);
      return (
        (claimed === undefined || claimed === met.met.id) && passed(candidate, netns) && looksSo(candidate, headers)
      );
    });
    path?.claims.set(claim, met.met.id);
    return path;
  }
}
const MOST_KNOWN = 10_000;
const passed = (path: Path, netns: number): boolean => path.steps.some((step) => step.netns === netns);

function looksSo({ first, copies }: Path, headers: Headers): boolean {
  return [first, ...copies.map(({ look }) => look.headers)].some(
    (one) =>
      samePacket(one, headers) &&
      (innermost(one).source === innermost(headers).source ||
        innermost(one).destination === innermost(headers).destination),
  );
}
/** What no translation changes, in one word. */
function identity(headers: Headers): string {
  const { version, protocol, id, tcp, icmp } = innermost(headers);
  return `${version} ${protocol} ${id} ${tcp?.sequence ?? icmp?.sequence ?? ''}`;
}
/** The parts of a message as one packet. */
function frameOf({ met: { link, network, transport } }: MetRule): Uint8Array {
  const frame = new Uint8Array(ETHERNET + network.length + transport.length);
  frame.set(link.subarray(0, ETHERNET));
  const version = (network[0] ?? 0) >>> 4;
  const type = version === 4 ? ETHER_TYPE.ipv4 : version === 6 ? ETHER_TYPE.ipv6 : undefined;
  if (type !== undefined) new DataView(frame.buffer).setUint16(12, type);
  frame.set(network, ETHERNET);
  frame.set(transport, ETHERNET + network.length);
  return frame;
}
