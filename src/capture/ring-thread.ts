import type { WriteError } from '../format/output.ts';
import type { LinkType } from '../linux/link-type.ts';
import type { SharedMemory } from '../linux/shared-memory.ts';
import type { Selection } from './selection.ts';
import type { Port, PortCounts } from './source.ts';

/** What the capturing thread is to do. */
export interface ThreadOptions {
  readonly selection: Selection;
  /** Bytes of the kernel's ring, for each socket; unless given, less for each the more there are. */
  readonly buffer: number | undefined;
  readonly timeout: number;
  readonly control: SharedArrayBuffer;
  readonly loan: SharedArrayBuffer;
  readonly crates: readonly SharedMemory[];
  readonly crateCapacity: number;
}
/** What is captured on, for people; the link type is that of all packets, if they have the same. */
export interface Found {
  readonly name: string;
  readonly linkType: LinkType | undefined;
}
/** What it tells, in this order of time: a port before its first packet. */
export type Told =
  | { readonly type: 'ready'; readonly bell: number; readonly found: Found }
  | { readonly type: 'renounced'; readonly failure?: Failure }
  | { readonly type: 'port'; readonly port: Port }
  | { readonly type: 'counts'; readonly counts: readonly PortCounts[] }
  | { readonly type: 'batch'; readonly crate: number; readonly count: number }
  | { readonly type: 'returned'; readonly failure: WriteError | undefined }
  | { readonly type: 'notice'; readonly text: string }
  | { readonly type: 'end'; readonly failure?: Failure };
/** An error on its way between threads. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
}

/**
 * What the other thread asks for: to go on; to give up the rights that are not needed any more; to take no more packets but
 * hand out those taken; to leave at once.
 */
export const COMMAND = { go: 0, renounce: 1, finish: 2, leave: 3 } as const;

/** Places in {@link Control}: what was asked for, how often a crate came back, and which crates are taken. */
const ASKED = 0;
const RETURNS = 1;
const FIRST = 2;

/** What both threads see of each other besides the packets. */
export class Control {
  /** Packets that the kernel's filter let through, and those among them that it had no room for. */
  private readonly counts: Float64Array;
  private readonly words: Int32Array;

  constructor(memory: SharedArrayBuffer) {
    this.counts = new Float64Array(memory, 0, 2);
    this.words = new Int32Array(memory, 16);
  }
  static memory(crates: number): SharedArrayBuffer {
    return new SharedArrayBuffer(16 + 4 * (FIRST + crates));
  }
  get received(): number {
    return this.counts[0]!;
  }
  get dropped(): number {
    return this.counts[1]!;
  }
  count(received: number, dropped: number): void {
    this.counts[0] = received;
    this.counts[1] = dropped;
  }
  get command(): number {
    return Atomics.load(this.words, ASKED);
  }
  /** Commands only become more urgent. */
  ask(command: number): void {
    if (command > this.command) Atomics.store(this.words, ASKED, command);
    // Whoever waits for something else looks again.
    for (const word of [ASKED, RETURNS]) Atomics.notify(this.words, word);
  }
  /** The first crate that is free, so that as few as can be are in use, and those still in the processor's cache; -1: none is. */
  free(): number {
    for (let crate = 0; crate < this.words.length - FIRST; crate++)
      if (Atomics.load(this.words, FIRST + crate) === 0) return crate;
    return -1;
  }
  /** Is everything handed out done with? */
  get isEveryFree(): boolean {
    for (let crate = FIRST; crate < this.words.length; crate++) if (Atomics.load(this.words, crate) !== 0) return false;
    return true;
  }
  take(crate: number): void {
    Atomics.store(this.words, FIRST + crate, 1);
  }
  giveBack(crate: number): void {
    Atomics.store(this.words, FIRST + crate, 0);
    Atomics.add(this.words, RETURNS, 1);
    Atomics.notify(this.words, RETURNS);
  }
  /** Rests for a millisecond, or until asked for something. */
  pause(): void {
    Atomics.wait(this.words, ASKED, this.command, 1);
  }
  /** Waits a while for a crate to come back, for whoever found that what he wants is not free. */
  awaitReturn(milliseconds: number, isFree: () => boolean = () => this.free() >= 0): void {
    const before = Atomics.load(this.words, RETURNS);
    if (!isFree()) Atomics.wait(this.words, RETURNS, before, milliseconds);
  }
}
