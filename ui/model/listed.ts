import type { PacketStore } from './store.ts';

/** Packets in a list: the n-th of it is packet `at(n)` of the store. */
export interface Matching {
  readonly length: number;
  readonly version: number;
  /** How much was looked through, 0 to 1; undefined: all that there is. */
  readonly progress: number | undefined;
  at(n: number): number;
  /** Where a packet stands, or would stand. */
  rank(packet: number): number;
  stop(): void;
}
/** Looks through the packets, those included that come later. Throws a FilterMistake. */
export type FindMatching = (filter: string) => Matching;

/** What the dashboard lists: all packets, or those that match a filter; and what the user noted about them. */
export class Listed {
  filter = '';
  /** Counted from here, when a packet was chosen. */
  reference: number | undefined;
  readonly marks = new Set<number>();
  private matching: Matching | undefined;
  private frozenAt: number | undefined;
  private changes = 0;

  constructor(
    readonly store: PacketStore,
    private readonly find: FindMatching,
  ) {}
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
    if (matching === undefined) return (frozenAt ?? store.count) - Math.min(this.oldest, frozenAt ?? this.oldest);
    return frozenAt === undefined ? matching.length : Math.min(matching.length, matching.rank(frozenAt));
  }
  private get oldest(): number {
    return this.store.first;
  }
  at(n: number): number {
    return this.matching === undefined ? this.oldest + n : this.matching.at(n);
  }
  rank(packet: number): number {
    return this.matching === undefined ? packet - this.oldest : this.matching.rank(packet);
  }
  /** Marks a packet, or takes its mark off. */
  mark(packet: number): void {
    if (!this.marks.delete(packet)) this.marks.add(packet);
    this.changes++;
  }
  /** Counts times from a packet; from the first when it is the one already. */
  refer(packet: number): void {
    this.reference = this.reference === packet ? undefined : packet;
    this.changes++;
  }
  close(): void {
    this.matching?.stop();
  }
}
