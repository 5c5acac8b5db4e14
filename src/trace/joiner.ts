import { hasArrived } from './arrival.ts';
import { endsConnection, FREES_PARTS, useOf } from './endings.ts';
import type { HookEvent } from './event.ts';
import { type Headers, headersOf, innermost, quotedBy } from './headers.ts';
import { conversationKey, fragmentKey, samePacket } from './identity.ts';
import { type Ending, NOTHING, type Outcome, type Place, type Step } from './journey.ts';
import { KnownSockets } from './known-sockets.ts';
import type { LocalAddresses } from './local-addresses.ts';
import { meanwhile, routedMeanwhile } from './meanwhile.ts';
import { doneByNetfilter, isBehindNetfilter } from './netfilter-changes.ts';
import { Copy, deviceIn, Path } from './path.ts';
import { LINGER, LOST, SENT, TAKEN } from './patience.ts';
import { meaningOf, REASONS } from './reasons.ts';
import { Recent } from './recent.ts';
import { FLAG, type HookName } from './record.ts';
import { RuleJoiner } from './rule-joiner.ts';
import { rangeText, Segments } from './segments.ts';
import { answer, stepName } from './step-name.ts';

/** Conversations that replies are looked for in. */
const REMEMBERED = 20_000;

/** What the kernel's numbers are called. */
export interface Names {
  symbol(address: bigint): string | undefined;
  reason(number: number): string;
}

/**
 * Joins events to the journeys of packets: by the packet's address while it lives, by that of its data for copies, and by
 * what its sender numbered, since addresses are used again.
 */
export class Joiner {
  private readonly bySkb = new Map<number, Copy>();
  private recent: Copy | undefined;
  private readonly byHead = new Map<number, Path>();
  private readonly byFragment = new Map<string, Path>();
  /** The last journey of each conversation and direction. */
  private readonly conversations = new Recent<string, number>(REMEMBERED);
  /** Packets that somebody replaced by a copy with data of its own. */
  private readonly copied = new Map<string, Path>();
  private readonly segments = new Segments();
  private readonly alive = new Set<Path>();
  private count = 0;
  readonly sockets = new KnownSockets();
  readonly rules: RuleJoiner;

  constructor(
    private readonly names: Names,
    private readonly lost: () => number,
    private readonly addresses: LocalAddresses,
    /** What time it is, as events tell it. */
    clock: () => number,
    /** How long nothing has to be heard of a journey, where ends are not told. */
    private readonly waits?: (path: Path) => number,
  ) {
    this.rules = new RuleJoiner(clock);
  }

  add(event: HookEvent): void {
    this.sockets.meet(event);
    if (event.captured === 0) {
      const copy = this.known(event.skb);
      if (copy !== undefined && copy.head === event.head) meanwhile(copy, event);
      return;
    }
    if (event.hook === 'retransmit') {
      this.retransmitted(event);
      return;
    }
    const copy = this.copyOf(event);
    if (copy === undefined) return;
    this.follow(copy, event);
    const { hook } = event;
    if (hook === 'drop') this.drop(copy, event);
    else if (hook === 'consume') this.consume(copy, event);
    else if (hook === 'tcp' || hook === 'read') take(copy, event);
    else if (hook === 'gro') this.segments.arrive(copy);
  }
  /** The last journey in the conversation of a packet: in its direction, or `turned`, from whom it is for. */
  said(headers: Headers, turned: boolean): number | undefined {
    return this.conversations.get(conversationKey(headers, turned));
  }
  /** Is no journey under way? */
  get idle(): boolean {
    return this.alive.size === 0;
  }
  /** Those that are over; with `all` every one. */
  finished(now: number, all = false): Path[] {
    const done: Path[] = [];
    for (const path of this.alive) {
      if (!all && (now - path.heard < LINGER || now - path.heard < this.patience(path))) continue;
      this.alive.delete(path);
      this.release(path);
      done.push(path);
    }
    return done;
  }

  /** How long nothing has to be heard of a journey until it counts as over. */
  private patience(path: Path): number {
    if (this.waits !== undefined) return this.waits(path);
    if (!path.open) return LINGER;
    const underWay = path.copies.filter((copy) => copy.ending === undefined && !copy.delivered);
    if (underWay.every((copy) => copy.step?.hook === 'transmit')) return SENT;
    return underWay.every((copy) => hasArrived(copy, this.addresses)) ? TAKEN : LOST;
  }
  /** Most events are of the packet that the one before was of. */
  private known(skb: number): Copy | undefined {
    if (this.recent?.skb !== skb) this.recent = this.bySkb.get(skb);
    return this.recent;
  }
  private copyOf(event: HookEvent): Copy | undefined {
    const known = this.known(event.skb);
    // What it looks like was told of a packet that was forgotten.
    if (known === undefined && event.looksAsBefore) return undefined;
    const headers = known?.headersAt(event) ?? headersOf(event.bytes, event.tag);
    const parts = event.hook === 'receive' ? this.segments.joined(event, headers) : undefined;
    if (parts !== undefined) return this.join(parts, known, event, headers);
    if (known !== undefined && goesOn(known, event, headers)) return known;
    // What is only read or freed here was a copy for somebody else, or came before we did.
    if (event.hook === 'read' || event.hook === 'consume' || this.isLeftOver(event)) return undefined;
    const whole = event.hook === 'transmit' ? this.segments.wholeOf(event, headers) : undefined;
    const path = whole?.path ?? this.pathOf(event, headers);
    if (path === undefined) return undefined;
    const copy = this.copyIn(path, event, headers);
    if (whole !== undefined) copy.remark = `segment: ${rangeText(headers, whole.look.headers)}`;
    return copy;
  }
  /** The first part goes on, or a packet in its place; the others are in it from now on. */
  private join(parts: readonly Copy[], known: Copy | undefined, event: HookEvent, headers: Headers): Copy {
    const [first] = parts as [Copy];
    const copy = known !== undefined && parts.includes(known) ? known : this.copyIn(first.path, event, headers);
    copy.remark = `joined into a packet of ${parts.length} segments`;
    for (const part of parts) {
      if (part === copy) continue;
      const into = part.path === copy.path ? `copy ${copy.number}` : `#${copy.path.number}`;
      const range = rangeText(part.look.headers, headers);
      this.end(part, event, 'consumed', { meaning: `joined into the packet of ${into}: ${range}` });
    }
    return copy;
  }
  private copyIn(path: Path, event: HookEvent, headers: Headers): Copy {
    const copy = new Copy(path, path.copies.length, event, headers);
    if (path.copies.length === 0) path.copies = [copy];
    else path.copies.push(copy);
    this.bySkb.set(event.skb, copy);
    this.recent = copy;
    this.keepHead(path, event.head);
    return copy;
  }
  private keepHead(path: Path, head: number): void {
    if (path.heads.length === 0) path.heads = [head];
    else if (!path.heads.includes(head)) path.heads.push(head);
    this.byHead.set(head, path);
  }
  /** A copy that a socket had and nobody read, when the socket is closed: its journey is over. */
  private isLeftOver(event: HookEvent): boolean {
    if (event.hook !== 'drop') return false;
    return this.names.reason(event.detail) === 'QUEUE_PURGE' || this.names.symbol(event.place) === FREES_PARTS;
  }
  private pathOf(event: HookEvent, headers: Headers): Path | undefined {
    const shared = this.byHead.get(event.head);
    if (shared !== undefined && samePacket(shared.first, headers) && !begins(shared, event, headers)) return shared;
    if (headers.fragment !== undefined) {
      const whole = this.byFragment.get(fragmentKey(headers)!);
      if (whole !== undefined) return whole;
    }
    const copied = this.copied.size === 0 ? undefined : this.copied.get(conversationKey(headers, false));
    if (copied !== undefined && samePacket(copied.first, headers)) return copied;
    if ((event.flags & (FLAG.matched | FLAG.matchedInside)) === 0) {
      // Somebody else's, at an address that one of ours had.
      return undefined;
    }
    return this.begin(event, headers);
  }
  private begin(event: HookEvent, headers: Headers): Path {
    const path = new Path(++this.count, headers, event.length, Math.max(1, event.segments), this.lost());
    this.alive.add(path);
    this.rules.begin(path);
    // What is whole may be cut to fragments later.
    const key = fragmentKey(headers);
    if (key !== undefined) {
      path.fragments = key;
      this.byFragment.set(key, path);
    }
    path.replyTo = this.said(headers, true) ?? this.complainedOf(headers);
    this.remember(path, headers);
    return path;
  }
  /** An error of ICMP answers the packet that it quotes. */
  private complainedOf(headers: Headers): number | undefined {
    const quoted = quotedBy(innermost(headers));
    return quoted === undefined ? undefined : this.said(quoted, false);
  }
  private remember({ number }: Path, headers: Headers): void {
    this.conversations.set(conversationKey(headers, false), number);
  }
  private follow(copy: Copy, event: HookEvent): void {
    const { path } = copy;
    this.rules.hear(path);
    if (copy.head !== event.head) this.keepHead(path, event.head);
    copy.hear(event);
    if (SILENT.has(event.hook)) {
      // What is left to say of a packet that is dropped is what was done to it before.
      if (event.hook === 'drop' && isBehindNetfilter(copy, event)) doneByNetfilter(copy, copy.advance(event));
      return;
    }
    const changes = copy.advance(event);
    const changed = changes.length > 0 && isBehindNetfilter(copy, event) ? doneByNetfilter(copy, changes) : changes;
    if (copy.routed.length > 0) routedMeanwhile(copy);
    const { headers } = copy;
    // Whoever gets it answers to what NAT made of its addresses.
    if (changes.some(({ what }) => what === 'source' || what === 'destination')) this.remember(path, headers);
    const last = copy.step;
    const hook = stepName(event);
    if (last !== undefined && event.hook === 'netfilter' && last.hook === hook && last.netns === event.netns) {
      if (changed.length > 0) last.changed = [...last.changed, ...changed];
      last.event = copy.look;
      return;
    }
    copy.step = stepOf(copy, event, hook, changed);
    path.steps.push(copy.step);
    if (event.hook === 'icmp') copy.step.note = answer(event.detail, headers.version);
  }
  private retransmitted(event: HookEvent): void {
    const path = this.byHead.get(event.head);
    if (path !== undefined) path.retransmission = true;
  }
  private drop(copy: Copy, event: HookEvent): void {
    const reason = this.names.reason(event.detail);
    const symbol = this.names.symbol(event.place);
    // A protocol of the kernel looked at it after a socket had got its copy.
    if (copy.delivered) {
      this.end(copy, event, 'delivered', { symbol });
      return;
    }
    const headers = innermost(copy.look.headers);
    if (endsConnection(reason, symbol, headers) && copy.step?.hook !== 'reset sent') {
      this.end(copy, event, 'delivered', { symbol });
      const socket = this.sockets.find(event.netns, headers);
      const to = socket === undefined ? 'a connection that is closed here (TIME_WAIT)' : undefined;
      const where = placeOf(copy, event);
      copy.path.deliver({ at: event.at, where, socket, pid: undefined, process: undefined, to });
      return;
    }
    if (symbol === FREES_PARTS) {
      this.end(copy, event, 'consumed', { symbol, meaning: 'put together with other fragments' });
      return;
    }
    this.end(copy, event, 'dropped', {
      reason,
      symbol,
      meaning: meaningOf(reason, symbol),
      stack: this.stackOf(event),
    });
  }
  /** From the function that dropped it on: what is further in belongs to the hook. */
  private stackOf({ stack, place }: HookEvent): readonly string[] | undefined {
    if (stack.length === 0) return undefined;
    return stack.slice(Math.max(0, stack.indexOf(place))).map((at) => this.names.symbol(at) ?? `0x${at.toString(16)}`);
  }
  private consume(copy: Copy, event: HookEvent): void {
    const symbol = this.names.symbol(event.place);
    const use = useOf(symbol);
    if (use?.outcome === 'watched') {
      copy.ending ??= { ...NOWHERE, at: event.at, outcome: 'consumed' };
      return;
    }
    if (use?.outcome === 'copied') {
      copy.ending ??= { ...NOWHERE, at: event.at, outcome: 'consumed' };
      this.copied.set(conversationKey(copy.look.headers, false), copy.path);
      return;
    }
    if (use?.outcome === 'cut') {
      const meaning = `split into ${event.segments} segments`;
      this.segments.cut(copy);
      if (copy.step !== undefined) copy.step.note ??= meaning;
      this.end(copy, event, 'consumed', { symbol, meaning });
      return;
    }
    if (use?.outcome === 'delivered' && this.unanswered(copy, event)) {
      this.end(copy, event, 'dropped', { symbol, reason: UNANSWERED, meaning: REASONS[UNANSWERED] });
      return;
    }
    if (use?.outcome === 'delivered') {
      this.end(copy, event, 'delivered', { symbol });
      take(copy, event, use.what === '' ? undefined : use.what);
      return;
    }
    const sent = use === undefined && copy.step?.hook === 'transmit';
    this.end(copy, event, copy.delivered ? 'delivered' : sent ? 'sent' : 'consumed', { symbol, meaning: use?.what });
  }
  /** A listening socket frees a SYN in one way, whether it takes it or not; but it answers the one, and not the other. */
  private unanswered({ look }: Copy, { other }: HookEvent): boolean {
    const { tcp } = innermost(look.headers);
    return tcp !== undefined && (tcp.flags & SYN_OR_ACK) === SYN && other === 0;
  }
  private end(copy: Copy, event: HookEvent, outcome: Outcome, more: Partial<Ending>): void {
    if (copy.ending !== undefined) return;
    const where = placeOf(copy, event);
    const { at, socket } = event;
    const { reason, meaning, symbol, stack } = more;
    const ending = { outcome, where, at, reason, meaning, symbol, stack, rule: undefined, socket, copy: copy.number };
    copy.ending = ending;
    const { path } = copy;
    if (path.endings.length === 0) path.endings = [ending];
    else path.endings.push(ending);
  }
  private release(path: Path): void {
    this.rules.release(path);
    this.segments.release(path);
    this.recent = undefined;
    for (const copy of path.copies) if (this.bySkb.get(copy.skb) === copy) this.bySkb.delete(copy.skb);
    for (const [key, whole] of this.copied) if (whole === path) this.copied.delete(key);
    for (const head of path.heads) if (this.byHead.get(head) === path) this.byHead.delete(head);
    const { fragments } = path;
    if (fragments !== undefined && this.byFragment.get(fragments) === path) this.byFragment.delete(fragments);
  }
}

/** TCP flags. */
const SYN = 0x02;
const SYN_OR_ACK = 0x12;
/** The kernel has no name for it. */
const UNANSWERED = 'LISTEN_OVERFLOW';

const NOWHERE: Ending = {
  outcome: 'unknown',
  where: { netns: 0, device: '', hook: '' },
  at: 0,
  reason: undefined,
  meaning: undefined,
  symbol: undefined,
  rule: undefined,
  socket: undefined,
};
/** Hooks that say something of a packet, and are no place on its way. */
const SILENT: ReadonlySet<HookName> = new Set(['gro', 'read', 'consume', 'drop']);

/** Is this event about the copy that was last seen at its address? */
function goesOn(copy: Copy, event: HookEvent, headers: Headers): boolean {
  if (!samePacket(copy.look.headers, headers)) return false;
  // Who reads a packet and frees it comes after its end in the network.
  if (copy.ending !== undefined || copy.taken)
    return event.hook === 'read' || event.hook === 'consume' || event.hook === 'drop';
  return !begins(copy.path, event, headers);
}
/** Does somebody send the same data once more? Then it begins where the journey began, with all of its time to live. */
function begins(path: Path, event: HookEvent, headers: Headers): boolean {
  const [first] = path.steps;
  if (first === undefined || event.hook === 'drop' || event.hook === 'consume') return false;
  const again = first.hook === stepName(event) && first.netns === event.netns && first.device === event.name;
  if (!again || innermost(headers).ttl !== innermost(path.first).ttl) return false;
  // The hook `input` is watched in front and behind.
  return event.hook !== 'netfilter' || path.steps.length > 1 || path.endings.length > 0;
}
function stepOf(copy: Copy, event: HookEvent, hook: string, changed: Step['changed']): Step {
  const netns = netnsOf(copy, event);
  const device = deviceOf(copy, event);
  const note = copy.remark;
  copy.remark = undefined;
  return { at: event.at, netns, device, hook, copy: copy.number, changed, note, rules: NOTHING, event: copy.look };
}
/** Sockets have packets without a device: then it is where it was. */
function placeOf(copy: Copy, event: HookEvent): Place {
  return { netns: netnsOf(copy, event), device: deviceOf(copy, event), hook: copy.step?.hook ?? stepName(event) };
}
const netnsOf = ({ step }: Copy, { netns }: HookEvent): number => (netns === 0 ? (step?.netns ?? 0) : netns);
const deviceOf = (copy: Copy, event: HookEvent): string =>
  event.device === 0 ? deviceIn(netnsOf(copy, event), copy.step) : event.name;
/** A socket, or somebody else, got the copy. */
function take(copy: Copy, event: HookEvent, to?: string): void {
  const { path } = copy;
  copy.delivered = true;
  if (event.hook === 'tcp') copy.taken = true;
  const { at, socket } = event;
  // TCP frees what it takes while packets are being received: whatever program runs then has nothing to do with it.
  const frees = event.hook === 'consume' && innermost(copy.look.headers).tcp === undefined;
  const reads = event.hook === 'read' || frees;
  const [pid, process] =
    reads && event.pid !== 0 && to?.startsWith('the kernel') !== true
      ? [event.pid, event.task]
      : [undefined, undefined];
  const where = placeOf(copy, event);
  const before = path.deliveries.find((each) =>
    socket === undefined ? each.to === to && each.where.netns === where.netns : each.socket?.inode === socket.inode,
  );
  if (before === undefined) {
    path.deliver({ at, where, socket, pid, process, to });
    return;
  }
  before.pid ??= pid;
  before.process ??= process;
}
