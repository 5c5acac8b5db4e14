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
  /** Nftables' number, and which chain under it: all messages of one walk through a chain are about one packet. */
  readonly walk: string;
  /** What no translation changes of its packet; of messages without headers, the walk. */
  readonly key: string;
  readonly until: number;
}
/** Finds the packets that met rules: messages of nftables have headers and a number of their own, no address and no time. */
export class RuleJoiner {
  private readonly candidates = new Map<string, Path[]>();
  /** Of a chain's messages only the first has headers. */
  private readonly known = new Map<string, Path>();
  /** How many chains nftables told of under one of its numbers: it gives a number again to another packet at the same address. */
  private readonly walks = new Map<string, number>();
  /** Those whose packets are not known yet, in the order in which they were told: by what their packets look like, or by nftables' walk. */
  private readonly waiting = new Set<Waiting>();
  private readonly unplaced = new Map<string, Waiting[]>();
  /** What packets look like of which something was heard since the last try: what others wait for has not changed. */
  private readonly heard = new Set<string>();
  /** Are there rules at all? */
  expected = false;

  /** `clock`: what time it is, as events tell it. */
  constructor(private readonly clock: () => number) {}

  /** A journey began. */
  begin(path: Path): void {
    if (!this.expected) return;
    const key = identity(path.first);
    path.likeness = key;
    const others = this.candidates.get(key);
    if (others === undefined) this.candidates.set(key, [path]);
    else others.push(path);
    this.hear(path);
  }
  /** A packet went on, or looks otherwise. */
  hear({ likeness: key }: Path): void {
    if (this.waiting.size > 0 && this.unplaced.has(key)) this.heard.add(key);
  }
  release(path: Path): void {
    if (!this.expected) return;
    const key = path.likeness;
    const left = this.candidates.get(key)?.filter((other) => other !== path) ?? [];
    if (left.length === 0) this.candidates.delete(key);
    else this.candidates.set(key, left);
  }
  /** Rules are read when they are told; the events of their packets are looked at when there is time, which may be long after. */
  add(met: MetRule, netns: number): void {
    const headers = headersOf(frameOf(met), undefined);
    const told = met.met.network.length > 0;
    const walk = this.walkOf(met, netns, told);
    const key = told ? identity(headers) : walk;
    const waiting: Waiting = { met, netns, headers, walk, key, until: this.clock() + PATIENCE };
    if (this.place(waiting)) return;
    this.waiting.add(waiting);
    const others = this.unplaced.get(key);
    if (others === undefined) this.unplaced.set(key, [waiting]);
    else others.push(waiting);
  }
  /** Tries again with those whose packets were not known yet; `now`: until then everything is; `stray` may make a packet known when it is late. */
  retry(now: number, stray: (rule: StrayRule) => void): void {
    for (const key of this.heard) this.placeAll(key);
    this.heard.clear();
    for (const each of this.waiting) {
      if (each.until > now) break;
      this.waiting.delete(each);
      this.dropFirst(each.key);
      if (each.met.met.network.length === 0) continue;
      stray(each);
      this.place(each);
    }
  }
  private placeAll(key: string): void {
    const left = this.unplaced.get(key)?.filter((each) => !this.place(each) || !this.waiting.delete(each));
    if (left?.length === 0) this.unplaced.delete(key);
    else if (left !== undefined) this.unplaced.set(key, left);
  }
  /** They are given up in the order in which they were told. */
  private dropFirst(key: string): void {
    const all = this.unplaced.get(key);
    all?.shift();
    if (all?.length === 0) this.unplaced.delete(key);
  }
  private place(waiting: Waiting): boolean {
    const { met, walk } = waiting;
    const path = met.met.network.length === 0 ? this.known.get(walk) : this.find(waiting);
    if (path === undefined) return false;
    if (this.known.size > MOST_KNOWN) this.known.clear();
    this.known.set(walk, path);
    this.tell(waiting, path);
    if (met.met.network.length > 0) this.placeAll(walk);
    return true;
  }
  /** The message with headers is the first of its walk. */
  private walkOf({ met: { id } }: MetRule, netns: number, begins: boolean): string {
    const number = `${netns} ${id}`;
    const before = this.walks.get(number) ?? 0;
    if (!begins) return `walk ${number} ${before}`;
    if (this.walks.size > MOST_KNOWN) this.walks.clear();
    this.walks.set(number, before + 1);
    return `walk ${number} ${before + 1}`;
  }
  private tell({ met, netns }: Waiting, path: Path): void {
    // The end of a chain that decided nothing: it may be the one message with headers, and that is all it is good for.
    if (met.rule.handle === undefined && met.met.verdict === 'continue') return;
    path.rules.push({ netns, hook: met.hook, family: met.met.family, rule: met.rule });
  }
  private find({ met, netns, headers, key }: Waiting): Path | undefined {
    const claim = `${netns} ${met.hook}`;
    // Packets that look the same are served in their order.
    const path = this.candidates.get(key)?.find((candidate) => {
      const claimed = candidate.claims?.get(claim);
      return (
        (claimed === undefined || claimed === met.met.id) && passed(candidate, netns) && looksSo(candidate, headers)
      );
    });
    if (path === undefined) return undefined;
    path.claims ??= new Map();
    path.claims.set(claim, met.met.id);
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
