import type { CaptureSource, Port } from './capture/source.ts';
import type { Frame } from './dissect/frame.ts';
import type { Registry } from './dissect/registry.ts';
import type { Tables } from './flow/tables.ts';
import type { FrameBatch } from './frame/batch.ts';
import { NEEDS, type Sink } from './sink/sink.ts';

export interface SessionOptions {
  readonly source: CaptureSource;
  /** Who reads the packets; needed only where somebody wants more of them than their bytes. */
  readonly registry?: Registry | undefined;
  readonly sinks: readonly Sink[];
  /**
   * Which packets of a port count at all: how many bytes of a packet are wanted, 0 for none. Asked once for each port.
   * What does not match is as if it had not been captured: no number, no connection, no copy.
   */
  readonly filter?: (port: Port) => Matches;
  /** Which of those the sinks get. Connections see them all, and numbers count them all. */
  readonly display?: Display;
  /** Stop after so many packets that reached the sinks. */
  readonly count?: number;
  readonly signal?: AbortSignal;
  /** Connections that ICMP errors quote count as seen, too. */
  readonly quoted?: boolean;
  /** Called after each batch, with how many reached the sinks, and how many a display filter was asked about, if any. */
  readonly progress?: (packets: number, asked: number) => void;
}
export interface Summary {
  /** Packets that reached the sinks. */
  readonly packets: number;
  /** Connections forgotten for want of room: their numbers started over. */
  readonly forgotten: number;
  /** Datagrams whose fragments were given up for want of memory. */
  readonly crowdedOut: number;
}

/** Asked of each packet: where its bytes start, how many there are, how many it had on the wire. */
export type Matches = (bytes: Uint8Array, start: number, captured: number, wire: number) => number;

/** A filter on what is dissected, with fragments put together. */
export interface Display {
  /** One of {@link NEEDS}. */
  readonly needs: number;
  matches(frame: Frame): boolean;
}

/** The one loop: source → batch → frame → flow → sinks. The sinks are ended whatever happens. */
export async function run(options: SessionOptions): Promise<Summary> {
  const loop = new Loop(options, await tablesFor(options));
  for (const sink of options.sinks) await sink.begin(options.source, options.registry!);
  try {
    await loop.run();
  } finally {
    for (const sink of options.sinks) await sink.end();
  }
  return { packets: loop.packets, forgotten: loop.forgotten, crowdedOut: loop.crowdedOut };
}
/** Loaded only where somebody wants more of a packet than its bytes: who counts or copies starts in half the time. */
async function tablesFor({ source, registry, sinks, display, quoted }: SessionOptions): Promise<Tables | undefined> {
  const framed = sinks.filter((sink) => sink.frame !== undefined);
  if (framed.length === 0 && display === undefined) return undefined;
  if (registry === undefined) throw new Error('sinks that take frames need a registry');
  const needs = (what: number) => framed.some((sink) => sink.needs === what);
  const { Tables } = await import('./flow/tables.ts');
  return Tables.for(registry, source.ports, {
    sequences: needs(NEEDS.sequences),
    quoted: quoted ?? false,
    streams: needs(NEEDS.streams) || display?.needs === NEEDS.streams,
    fragments: display !== undefined || framed.some((sink) => sink.whole === true),
  });
}
/** A call, as the answer changes while a sink works. */
const isDone = (sink: Sink): boolean => sink.done === true;
/** Rows of a batch that a sink has not taken yet. */
interface Behind {
  readonly sink: Sink;
  readonly from: number;
  readonly to: number;
}

/** So many batches that come without waiting are a hundredth of a second: what is found among many shows at once. */
const PATIENCE = 8;

class Loop {
  /** That reached the sinks. */
  packets = 0;
  /** Sinks that asked for a flush before they take the rest. */
  behind: Behind[] = [];
  /** A sink wants no more packets. */
  private stopped = false;
  /** That a display filter was asked about. */
  asked = 0;
  private readonly frameSinks: Sink[];
  private readonly wholeSinks: Sink[];
  private readonly rowSinks: Sink[];
  /** Sinks that are told how many packets there are, and nothing else, where all want no more. */
  private readonly tallies: Sink[] | undefined;
  private readonly filters: Matches[] = [];
  /** Nobody waits for the end of a batch, and no sink needs it then. */
  private readonly patient: boolean;
  private unflushed = 0;

  /** `tables` where packets are looked at. */
  constructor(
    private readonly options: SessionOptions,
    private readonly tables: Tables | undefined,
  ) {
    const framed = options.sinks.filter((s) => s.frame !== undefined);
    this.frameSinks = framed.filter((s) => s.whole !== true);
    this.wholeSinks = framed.filter((s) => s.whole === true);
    this.rowSinks = options.sinks.filter((s) => s.rows !== undefined);
    const { source, sinks, display, count } = options;
    this.patient = source.immediate === true && sinks.every((s) => s.copies === true);
    if (display === undefined && count === undefined && sinks.every((s) => s.tally !== undefined))
      this.tallies = [...sinks];
  }
  get done(): boolean {
    const { count } = this.options;
    return this.stopped || (count !== undefined && this.packets >= count);
  }
  get forgotten(): number {
    return (this.tables?.sequences?.evicted ?? 0) + (this.tables?.streams?.evicted ?? 0);
  }
  get crowdedOut(): number {
    return this.tables?.fragments?.crowdedOut ?? 0;
  }
  /**
   * Goes through the source. Little code stands around what waits: V8 counts each wait as running the function once more up
   * to there, and would soon compile it together with all that it calls.
   */
  async run(): Promise<void> {
    const { source, signal } = this.options;
    for await (const batch of source.batches(signal)) {
      const handed = this.hand(batch);
      if (handed !== undefined) await handed;
      if (this.isLast(batch)) break;
    }
  }
  /** Hands a batch to the sinks; a promise only where one of them may be slow. */
  private hand(batch: FrameBatch): void | Promise<void> {
    // A batch without packets may still hold what a copy keeps: names, secrets.
    const next = this.take(batch, 0);
    if (this.behind.length > 0 || !this.isOver(batch, next)) return this.handRest(batch, next);
    if (this.patient && ++this.unflushed < PATIENCE) return;
    this.unflushed = 0;
    return this.flush(true);
  }
  private async handRest(batch: FrameBatch, first: number): Promise<void> {
    for (let next = first; ; next = this.take(batch, next)) {
      if (this.behind.length > 0) await this.catchUp(batch);
      const over = this.isOver(batch, next);
      const flushed = this.flush(over);
      if (flushed !== undefined) await flushed;
      if (over) return;
    }
  }
  private isOver(batch: FrameBatch, next: number): boolean {
    return next >= batch.count || this.done;
  }
  /** One sink after the other. A copy hands on once a batch; others whenever they are full. */
  private flush(last: boolean): void | Promise<void> {
    let slow: Promise<void> | undefined;
    for (const sink of this.options.sinks) {
      if (!last && sink.rows !== undefined) continue;
      if (slow === undefined) slow = sink.flush() ?? undefined;
      else slow = slow.then(() => sink.flush());
    }
    return slow;
  }
  private isLast(batch: FrameBatch): boolean {
    batch.release();
    this.options.progress?.(this.packets, this.asked);
    return this.done || this.options.signal?.aborted === true;
  }
  /** Hands packets from row `from` on to the sinks, until one of them asks for a flush; returns the row to go on with. */
  take(batch: FrameBatch, from: number): number {
    const { count, display } = this.options;
    if (this.tallies !== undefined) return this.tally(batch, from, this.tallies);
    const start = this.wanted(batch, from, true);
    const stop = this.wanted(batch, start, false);
    if (display !== undefined) return this.displayed(batch, start, stop, display);
    const end = count === undefined ? stop : Math.min(stop, start + count - this.packets);
    const to = this.frameSinks.length + this.wholeSinks.length > 0 ? this.frames(batch, start, end) : end;
    this.packets += to - start;
    this.rows(batch, start, to);
    return to;
  }
  private rows(batch: FrameBatch, from: number, to: number): void {
    for (const sink of this.rowSinks) {
      const reached = sink.rows!(batch, from, to);
      if (isDone(sink)) this.stop(to - reached);
      else if (reached < to) this.behind.push({ sink, from: reached, to });
    }
  }
  /** Brings the sinks that are behind to where the others are. */
  async catchUp(batch: FrameBatch): Promise<void> {
    const { behind } = this;
    this.behind = [];
    for (const { sink, from, to } of behind) {
      let at = from;
      while (at < to && !isDone(sink)) {
        await sink.flush();
        if (!isDone(sink)) at = sink.rows!(batch, at, to);
      }
      if (isDone(sink)) this.stop(to - at);
    }
  }
  /** `untaken`: packets that went to no sink, unless others take frames. */
  private stop(untaken: number): void {
    this.stopped = true;
    if (this.frameSinks.length + this.wholeSinks.length === 0) this.packets -= untaken;
  }
  /** The first row from `from` on that the filter wants, or does not want; else the end of the batch. */
  private wanted(batch: FrameBatch, from: number, wanted: boolean): number {
    const { filter } = this.options;
    if (filter === undefined) return wanted ? from : batch.count;
    const { bytes, offset, captured, wire, port, count } = batch;
    for (let i = from; i < count; i++) {
      const matches = this.filters[port[i]!] ?? this.filterOf(port[i]!);
      if ((matches(bytes, offset[i]!, captured[i]!, wire[i]!) !== 0) === wanted) return i;
    }
    return count;
  }
  private tally(batch: FrameBatch, from: number, sinks: readonly Sink[]): number {
    const matching = this.options.filter === undefined ? batch.count - from : this.matching(batch, from);
    this.packets += matching;
    for (const sink of sinks) sink.tally!(matching);
    return batch.count;
  }
  private matching({ bytes, offset, captured, wire, port, count }: FrameBatch, from: number): number {
    let matching = 0;
    for (let i = from; i < count; i++) {
      const matches = this.filters[port[i]!] ?? this.filterOf(port[i]!);
      if (matches(bytes, offset[i]!, captured[i]!, wire[i]!) !== 0) matching++;
    }
    return matching;
  }
  private filterOf(port: number): Matches {
    return (this.filters[port] = this.options.filter!(this.options.source.ports[port]!));
  }
  private frames(batch: FrameBatch, from: number, end: number): number {
    const { frameSinks, wholeSinks, packets } = this;
    const { lens, sequences } = this.tables!;
    const { frame } = lens;
    const sink = frameSinks[0] ?? wholeSinks[0]!;
    const alone = frameSinks.length + wholeSinks.length === 1 && sink.express !== undefined;
    for (let i = from; i < end; i++) {
      if (alone && sequences !== undefined) {
        i = sink.express!(batch, i, end, sequences);
        if (i === end || sink.full === true) return i;
      }
      lens.look(batch, i);
      frame.number = packets + i - from + 1;
      if (sequences !== undefined) sequences.see(frame);
      for (let s = 0; s < frameSinks.length; s++) frameSinks[s]!.frame!(frame);
      if (wholeSinks.length > 0) this.whole(frame);
      frame.passed();
      if (sink.full === true) return i + 1;
    }
    return end;
  }
  /** Hands on those of the packets `[from, end)` that are displayed; returns the row to go on with. */
  private displayed(batch: FrameBatch, from: number, end: number, display: Display): number {
    const { behind } = this;
    const { lens, sequences, fragments, streams } = this.tables!;
    const { frame } = lens;
    // Rows that are displayed one after the other are handed on together.
    let first = from;
    let i = from;
    let full = false;
    for (; i < end && !full && !this.done && behind.length === 0; i++) {
      lens.look(batch, i);
      frame.number = ++this.asked;
      if (sequences !== undefined) sequences.see(frame);
      const joined = fragments!.join(frame);
      const further = streams?.see(frame) ?? false;
      if (display.matches(frame)) full = this.show(batch, i, joined || further);
      else {
        if (first < i) this.rows(batch, first, i);
        first = i + 1;
      }
      frame.passed();
    }
    this.rows(batch, first, i);
    return i;
  }
  /**
   * Hands on packet `i`, which is under the lens; does anybody want a flush? `more`: it has layers that it does not have
   * by itself, of fragments put together or by what earlier packets told.
   */
  private show(batch: FrameBatch, i: number, more: boolean): boolean {
    const { frameSinks, wholeSinks } = this;
    const { lens } = this.tables!;
    const { frame } = lens;
    this.packets++;
    for (const sink of wholeSinks) sink.frame!(frame);
    if (more && frameSinks.length > 0) lens.look(batch, i);
    for (const sink of frameSinks) sink.frame!(frame);
    return frameSinks.some((sink) => sink.full === true) || wholeSinks.some((sink) => sink.full === true);
  }
  /** For the sinks that see what fragments make together, and what streams tell. */
  private whole(frame: Frame): void {
    const { wholeSinks } = this;
    const { fragments, streams } = this.tables!;
    fragments?.join(frame);
    streams?.see(frame);
    for (let s = 0; s < wholeSinks.length; s++) wholeSinks[s]!.frame!(frame);
  }
}
