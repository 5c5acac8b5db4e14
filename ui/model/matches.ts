import { setTimeout } from 'node:timers/promises';
import { Lens } from '../../src/dissect/lens.ts';
import type { Registry } from '../../src/dissect/registry.ts';
import { compileDisplayFilter } from '../../src/filter/display/compile.ts';
import { Fragments } from '../../src/flow/fragments.ts';
import { StreamTable } from '../../src/flow/streams.ts';
import type { FrameBatch } from '../../src/frame/batch.ts';
import { RisingNumbers } from './numbers.ts';
import { Slice } from './slice.ts';
import type { PacketStore } from './store.ts';

/** How often it is looked whether packets came: no oftener than the screen is drawn. */
const EVERY_MS = 50;
/** Packets that are asked between two looks at the clock. */
const BETWEEN = 64;

/**
 * The packets of a store that match a display filter: those that are there, and then those that come. They are found as
 * `read -Y` finds them, fragments put together and streams told from the first packet on, in slices.
 */
export class Matches {
  /** Changes with what is found. */
  version = 0;
  /** The packet that is looked at next: those before are decided. */
  next: number;
  /** Fulfilled when no more packets will come, and all are decided; or when it was stopped. */
  readonly done: Promise<void>;
  private readonly found = new RisingNumbers();
  private readonly lens: Lens;
  private readonly fragments: Fragments;
  private readonly streams: StreamTable | undefined;
  private readonly matches: (frame: Lens['frame']) => boolean;
  private stopped = false;
  private readonly controller = new AbortController();

  /** Throws a `DisplayFilterError` for a text that is no filter. */
  constructor(
    /** As it was typed. */
    readonly text: string,
    private readonly store: PacketStore,
    registry: Registry,
  ) {
    const { matches, flow } = compileDisplayFilter(text, registry);
    this.matches = matches;
    this.lens = new Lens(registry, store.ports);
    this.fragments = new Fragments(registry);
    this.streams = flow ? new StreamTable(registry) : undefined;
    this.next = store.first;
    this.done = this.run();
  }
  /** Packets found so far; match n is `first <= n < length`. */
  get length(): number {
    return this.found.length;
  }
  /** The oldest match whose packet is still there. */
  get first(): number {
    return this.found.rank(this.store.first);
  }
  /** The packet of match n. */
  at(n: number): number {
    return this.found.at(n);
  }
  /** How many matches there are before packet i: the number of its own, if it matches. */
  rank(i: number): number {
    return this.found.rank(i);
  }
  has(i: number): boolean {
    const n = this.found.rank(i);
    return n < this.length && this.at(n) === i;
  }
  /** How much of what there is was looked at, 0 to 1; undefined: all of it. */
  get progress(): number | undefined {
    const { store, next } = this;
    if (next >= store.count) return store.progress;
    return ((next - store.first) / (store.count - store.first)) * (store.progress ?? 1);
  }
  /** Looks at no more packets. */
  stop(): void {
    this.stopped = true;
    this.controller.abort();
  }
  private async run(): Promise<void> {
    const { store } = this;
    // Whoever made this gets it before anything is found.
    const slice = new Slice();
    await slice.next();
    const reader = store.reader();
    while (!this.stopped) {
      this.next = Math.max(this.next, store.first);
      if (this.next >= store.count) {
        if (store.state === 'complete' || store.state === 'ended') return;
        await this.pause();
        slice.begin();
        continue;
      }
      const place = reader.from(this.next);
      if (place === undefined) this.next++;
      else await this.ask(place.batch, place.row, slice);
      if (slice.isOver) await slice.next();
      this.found.forget(store.first);
    }
  }
  private async pause(): Promise<void> {
    await setTimeout(EVERY_MS, undefined, { signal: this.controller.signal }).catch(() => {});
  }
  /** Asks the packets of a batch from row `from` on, as many as it has by now. */
  private async ask(batch: FrameBatch, from: number, slice: Slice): Promise<void> {
    const { count } = batch;
    for (let row = from; row < count && !this.stopped; ) {
      const to = Math.min(count, row + BETWEEN);
      this.look(batch, row, to);
      row = to;
      if (slice.isOver) await slice.next();
    }
  }
  private look(batch: FrameBatch, from: number, to: number): void {
    const { lens, fragments, streams, matches, found } = this;
    const { frame } = lens;
    const before = found.length;
    for (let row = from; row < to; row++) {
      lens.look(batch, row);
      frame.number = ++this.next;
      fragments.join(frame);
      streams?.see(frame);
      if (matches(frame)) found.add(frame.number - 1);
      frame.passed();
    }
    if (found.length > before) this.version++;
  }
}
