import { changes, type Look } from './changes.ts';
import type { HookEvent } from './event.ts';
import { type Headers, headersOf } from './headers.ts';
import { type Change, type CopyEnding, type Delivery, type Ending, NOTHING, type Step } from './journey.ts';
import { FLAG } from './record.ts';
import type { PlacedRule } from './rule-places.ts';

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
  last: HookEvent;
  /** The last event that told the headers. */
  private told: HookEvent;
  private headers: Headers;

  constructor(
    readonly path: Path,
    readonly number: number,
    event: HookEvent,
    headers: Headers,
  ) {
    this.look = lookOf(event, headers);
    this.last = event;
    this.told = event;
    this.headers = headers;
  }
  /** The packet's headers at an event: most often they are what they were. */
  headersAt(event: HookEvent): Headers {
    if (event.looksAsBefore) event.lookAs(this.told);
    else if (event !== this.told) {
      this.told = event;
      this.headers = headersOf(event.bytes, event.tag);
    }
    return this.headers;
  }
  /** Goes on to an event; returns what changed on the way there. */
  advance(event: HookEvent, headers: Headers): readonly Change[] {
    this.last = event;
    const { look } = this;
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
const hasLink = ({ flags }: HookEvent): boolean => (flags & FLAG.hasLinkHeader) !== 0;
function lookOf(event: HookEvent, headers: Headers): Look {
  return { headers, hasLinkHeader: hasLink(event), mark: event.mark, length: event.length };
}
/** A journey that is not over. */
export class Path {
  readonly steps: Step[] = [];
  readonly copies: Copy[] = [];
  readonly deliveries: Delivery[] = [];
  readonly endings: CopyEnding[] = [];
  replyTo: number | undefined;
  retransmission = false;
  /** The rules that it met, in their order. */
  readonly rules: PlacedRule[] = [];
  /** Which of nftables' numbers for packets is its own, by namespace and hook. */
  claims: Map<string, number> | undefined;
  /** What no translation changes of it, where rules are joined. */
  likeness = '';
  /** The addresses of its data, and what its fragments are known by: most often one of each. */
  readonly heads: number[] = [];
  readonly fragments: string[] = [];
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
  /** Is there a copy whose end was not seen? */
  get open(): boolean {
    return this.copies.some((copy) => copy.ending === undefined && !copy.delivered);
  }
}
