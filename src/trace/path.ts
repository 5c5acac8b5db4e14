import { changes, type Look } from './changes.ts';
import type { HookEvent, RouteOfEvent } from './event.ts';
import { type Headers, headersOf } from './headers.ts';
import { type Change, type CopyEnding, type Delivery, type Ending, NOTHING, type Step } from './journey.ts';
import { FLAG } from './record.ts';
import type { PlacedRule } from './rule-places.ts';

/** What the routing table said, when. */
export interface Routed {
  readonly answer: RouteOfEvent;
  /** The device that it chose. */
  readonly name: string;
  readonly at: number;
}
/** One copy of a packet while it is on its way. */
export class Copy {
  look: Look;
  ending: Ending | undefined;
  /** The socket that it was given to before it ended. */
  delivered = false;
  /** A connection has it now: nothing will tell of its end. */
  taken = false;
  /** What is to be said at its next step. */
  remark: string | undefined;
  /** Where it was last. */
  step: Step | undefined;
  /** The kernel's addresses and namespace of its last event. */
  skb: number;
  head: number;
  netns: number;
  /** For destinations that it did not have when it was last heard of. */
  routed: readonly Routed[] = NOTHING;
  /** Of one that was just received: see {@link HookEvent}. */
  checksumFilled: boolean | undefined;

  constructor(
    readonly path: Path,
    readonly number: number,
    event: HookEvent,
    /** What the last event that told them said. */
    public headers: Headers,
  ) {
    this.look = lookOf(event, headers);
    this.skb = event.skb;
    this.head = event.head;
    this.netns = event.netns;
  }
  /** The packet's headers at an event: most often they are what they were. */
  headersAt(event: HookEvent): Headers {
    if (!event.looksAsBefore) this.headers = headersOf(event.bytes, event.tag);
    return this.headers;
  }
  /** Something is heard of it. */
  hear({ skb, head, netns, at, hook, checksumFilled }: HookEvent): void {
    this.skb = skb;
    this.head = head;
    this.netns = netns;
    this.path.heard = at;
    this.checksumFilled = hook === 'receive' ? checksumFilled : undefined;
  }
  /** Goes on to an event; returns what changed on the way there. */
  advance(event: HookEvent): readonly Change[] {
    const { look, headers } = this;
    const { mark, length } = event;
    if (
      headers === look.headers &&
      mark === look.mark &&
      length === look.length &&
      hasLink(event) === look.hasLinkHeader
    )
      return NOTHING;
    this.look = lookOf(event, headers);
    return changes(look, this.look);
  }
}
/** The device where a packet is while nothing tells: that of its last step, unless it is in another namespace by now, as behind a macvlan. */
export const deviceIn = (netns: number, step: Step | undefined): string =>
  step === undefined || step.netns !== netns ? '' : step.device;
const hasLink = ({ flags }: HookEvent): boolean => (flags & FLAG.hasLinkHeader) !== 0;
function lookOf(event: HookEvent, headers: Headers): Look {
  const { tag, mark, length } = event;
  return { headers, bytes: headers.bytes, tag, hasLinkHeader: hasLink(event), mark, length };
}
/** A journey that is not over. */
export class Path {
  readonly steps: Step[] = [];
  /** Lists of one, most often: they are made when there is one, with no room for more. */
  copies: Copy[] = [];
  deliveries: Delivery[] = [];
  endings: CopyEnding[] = [];
  replyTo: number | undefined;
  retransmission = false;
  /** The rules that it met, in their order. */
  readonly rules: PlacedRule[] = [];
  /** Which of nftables' numbers for packets is its own, by namespace and hook. */
  claims: Map<string, number> | undefined;
  /** What no translation changes of it, where rules are joined. */
  likeness = '';
  /** The addresses of its data: one, most often. */
  heads: number[] = [];
  /** What its fragments are known by. */
  fragments: string | undefined;
  /** When something was last heard of it, on the tracer's clock. */
  heard = 0;

  constructor(
    readonly number: number,
    readonly first: Headers,
    readonly length: number,
    readonly segments: number,
    /** How many events had been lost when it began. */
    readonly lostBefore: number,
  ) {}
  deliver(delivery: Delivery): void {
    if (this.deliveries.length === 0) this.deliveries = [delivery];
    else this.deliveries.push(delivery);
  }
  /** Is there a copy whose end was not seen? */
  get open(): boolean {
    return this.copies.some((copy) => copy.ending === undefined && !copy.delivered);
  }
}
