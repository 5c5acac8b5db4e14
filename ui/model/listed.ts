import type { Frame } from '../../src/dissect/frame.ts';
import type { Observer } from './ingest.ts';
import type { Matches } from './matches.ts';
import type { PacketStore } from './store.ts';

/** Looks through the packets, those included that come later. Throws a FilterMistake. */
export type FindMatching = (filter: string) => Matches;

/** When a packet came: since 1970, and within the second. */
export interface Moment {
  readonly seconds: number;
  readonly nanos: number;
}
/** What the dashboard lists: all packets, or those that match a filter; and what the user noted about them. */
export class Listed implements Observer {
  filter = '';
  /** Times are counted from this packet, when one was chosen. */
  reference: (Moment & { readonly packet: number }) | undefined;
  /** When the first packet came, which may be gone. */
  private began: Moment | undefined;
  readonly marks = new Set<number>();
  /** The packets that match, when there is a filter. */
  matching: Matches | undefined;
  private frozenAt: number | undefined;
  private changes = 0;

  constructor(
    readonly store: PacketStore,
    private readonly find: FindMatching,
  ) {}
  see({ seconds, nanos }: Frame): void {
    if (this.began === undefined) this.began = { seconds, nanos };
  }
  /** What times are counted from. */
  get origin(): Moment {
    return this.reference ?? this.began ?? { seconds: 0, nanos: 0 };
  }
  get version(): number {
    const moving = this.frozen ? 0 : this.store.version + (this.matching?.version ?? 0);
    return moving + this.changes;
  }
  /** An empty filter lists all. Throws a FilterMistake, and leaves what was listed. */
  setFilter(filter: string): void {
    const next = filter.trim() === '' ? undefined : this.find(filter);
    this.matching?.stop();
    this.matching = next;
    this.filter = filter.trim();
    this.changes++;
  }
  get progress(): number | undefined {
    return this.matching?.progress;
  }
  get frozen(): boolean {
    return this.frozenAt !== undefined;
  }
  /** Lists nothing new until it is called again: what comes meanwhile is kept. */
  freeze(): void {
    this.frozenAt = this.frozen ? undefined : this.store.count;
    this.changes++;
  }
  get length(): number {
    const { matching, store, frozenAt } = this;
    const end = matching === undefined ? (frozenAt ?? store.count) : this.matchesUntil(matching);
    return Math.max(0, end - this.first);
  }
  private matchesUntil(matching: Matches): number {
    return this.frozenAt === undefined ? matching.length : Math.min(matching.length, matching.rank(this.frozenAt));
  }
  /** Of what is listed first. */
  private get first(): number {
    return this.matching === undefined ? this.store.first : this.matching.first;
  }
  /** The packet in line n, from 0. */
  at(n: number): number {
    return this.matching === undefined ? this.first + n : this.matching.at(this.first + n);
  }
  /** Whether it is known in which line a packet stands. */
  isDecided(packet: number): boolean {
    return this.matching === undefined || packet < this.matching.next;
  }
  /** The line that a packet stands in, or would stand in. */
  rank(packet: number): number {
    return (this.matching === undefined ? packet : this.matching.rank(packet)) - this.first;
  }
  /** Marks a packet, or takes its mark off. */
  mark(packet: number): void {
    if (!this.marks.delete(packet)) this.marks.add(packet);
    this.changes++;
  }
  /** Counts times from a packet; from the first when it is the one already. */
  refer(packet: number): void {
    const { store } = this;
    this.reference =
      this.reference?.packet === packet
        ? undefined
        : { packet, seconds: store.seconds(packet), nanos: store.nanos(packet) };
    this.changes++;
  }
  close(): void {
    this.matching?.stop();
  }
}
