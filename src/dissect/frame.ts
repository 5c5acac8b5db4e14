import type { FrameBatch, PacketOptions } from '../frame/batch.ts';
import type { Port } from '../frame/port.ts';
import { NONE, type Table } from './protocol.ts';
import type { Registry } from './registry.ts';

/** More layers than any real packet has; stops packets made to nest for ever. */
export const MAX_DEPTH = 24;

/** Lengths that headers claim beyond this are taken as this: positions are 32-bit numbers. */
export const MOST_CLAIMED = 0x3fff_ffff;

/** What can be wrong with a layer; bits of {@link Frame.marks}. */
export const MARK = {
  /** The capture ends inside the fixed header. */
  cut: 1,
  /** The layer's own lengths contradict each other or the layer below. */
  malformed: 2,
  badChecksum: 4,
  /** Nothing wrong: the checksum was verified and is right. */
  goodChecksum: 8,
  /** Nothing wrong either: the header says that it has none. */
  noChecksum: 16,
} as const;
/** The marks of what is wrong. */
export const WRONG: number = MARK.cut | MARK.malformed | MARK.badChecksum;

/**
 * The packet under the lens: one object, reloaded for each packet, holding where each layer lies.
 * `d` counts layers from 0, the link layer. Nothing here allocates.
 */
export class Frame {
  bytes: Uint8Array = new Uint8Array(0);
  /** The captured bytes are `[start, end)` of {@link bytes}. */
  start = 0;
  end = 0;
  wireLength = 0;
  /** From 1, counted by whoever loads. */
  number = 0;
  /** The source's. */
  ports: readonly Port[] = [];
  /** When the first packet came, and the one before this: seconds and nanoseconds each. Kept by {@link passed}. */
  readonly clock = new Float64Array(4);
  private batch!: FrameBatch;
  private row = 0;

  depth = 0;
  /** Protocol ids. */
  readonly layer = new Int16Array(MAX_DEPTH);
  readonly from = new Int32Array(MAX_DEPTH);
  /** The end that the layers below claim, inside all of them; the capture may end earlier. */
  readonly to = new Int32Array(MAX_DEPTH);
  /** The end that the layer just below claims, even when that is outside its own parent: tcpdump prints such lengths. */
  readonly claim = new Int32Array(MAX_DEPTH);
  /** See {@link MARK}. */
  readonly marks = new Uint8Array(MAX_DEPTH);
  /** The layer whose payload was put together from several packets, and lies behind the packet in {@link bytes}; NONE: none. */
  joined = NONE;
  /** For a TCP layer, what to subtract for relative numbers: set by the sequence table for each TCP layer it sees, else zero. */
  readonly seqBase = new Uint32Array(MAX_DEPTH);
  readonly ackBase = new Uint32Array(MAX_DEPTH);
  readonly sackBase = new Uint32Array(MAX_DEPTH);

  /** By layer, what the table of streams knows, as Wireshark counts: the connection's number from 0; -1: of none. */
  readonly stream = new Int32Array(MAX_DEPTH);
  /** What to subtract from a TCP layer's numbers for Wireshark's relative ones. */
  readonly seqStart = new Uint32Array(MAX_DEPTH);
  readonly ackStart = new Uint32Array(MAX_DEPTH);
  /** How far a TCP layer's window is shifted; -1: not known, -2: windows are not scaled. */
  readonly windowShift = new Int8Array(MAX_DEPTH);
  /** How long ago the first packet of the layer's stream came, and the one before this, in nanoseconds. */
  readonly sinceFirst = new Float64Array(MAX_DEPTH);
  readonly sincePrevious = new Float64Array(MAX_DEPTH);
  /** Of a TCP layer's connection, how long its handshake took, in nanoseconds; not a number while that is not known. */
  readonly handshake = new Float64Array(MAX_DEPTH);
  /** For a reply, the number of the packet that asked, 0: not known; and how long ago that was, in nanoseconds. */
  readonly asked = new Float64Array(MAX_DEPTH);
  readonly waited = new Float64Array(MAX_DEPTH);

  private payloadAt = 0;
  private payloadEnd = 0;

  constructor(readonly registry: Registry) {}

  /** Puts packet `i` of a batch under the lens. */
  load(batch: FrameBatch, i: number): void {
    const start = batch.offset[i]!;
    this.start = start;
    this.end = start + batch.captured[i]!;
    this.wireLength = batch.wire[i]!;
    // Storing a reference costs more than comparing it.
    if (this.bytes !== batch.bytes) this.bytes = batch.bytes;
    if (this.batch !== batch) this.batch = batch;
    this.row = i;
    this.depth = 0;
  }
  /** Bytes in the capture. */
  get captured(): number {
    return this.batch.captured[this.row]!;
  }
  /** Where {@link bytes} holds what was put together. */
  get joinedFrom(): number {
    return this.start + this.captured;
  }
  // Few packets are asked for these, so they are not copied.
  get seconds(): number {
    return this.batch.seconds[this.row]!;
  }
  get nanos(): number {
    return this.batch.nanos[this.row]!;
  }
  /** Index into the source's ports. */
  get port(): number {
    return this.batch.port[this.row]!;
  }
  /** See `DIRECTION`. */
  get direction(): number {
    return this.batch.direction[this.row]!;
  }
  /** See `FLAG`. */
  get flags(): number {
    return this.batch.flags[this.row]!;
  }
  /** What the file says of the packet beside its bytes. */
  get options(): PacketOptions | undefined {
    return this.batch.options?.(this.row);
  }
  /** Is more known of the packet than its bytes, its lengths and its time? */
  get described(): boolean {
    return (
      this.batch.options !== undefined ||
      this.ports[this.port]?.name !== undefined ||
      this.ports[this.port]?.id !== undefined
    );
  }
  /** Whoever loads packets in order is done with this one, which times are counted from. */
  passed(): void {
    const { clock } = this;
    clock[2] = this.seconds;
    clock[3] = this.nanos;
    if (this.number !== 1) return;
    clock[0] = this.seconds;
    clock[1] = this.nanos;
  }
  /** Walks the layers, starting with the protocol `first` ({@link Registry.linkLayer}). */
  dissect(first: number): void {
    this.payloadAt = -1;
    this.joined = NONE;
    this.walk(first, this.start, this.start + Math.min(this.wireLength, MOST_CLAIMED), 0);
  }
  /** The payload of layer `d` is one of several fragments, of which nothing more is known. */
  endWith(d: number, from: number, to: number): void {
    this.depth = d + 1;
    this.payloadAt = from;
    this.payloadEnd = to;
  }
  /**
   * The payload of layer `d` was put together from several packets: walks on with all of it, starting with the protocol
   * `next`. {@link bytes} becomes a buffer of the frame's own, which holds the packet and behind it the payload, so that
   * every layer is found in the same bytes.
   */
  goOn(d: number, payload: Uint8Array, next: number): void {
    const { start, end } = this;
    const length = end - start;
    const bytes = new Uint8Array(length + payload.length);
    bytes.set(this.bytes.subarray(start, end));
    bytes.set(payload, length);
    for (let below = 0; below <= d; below++) {
      this.from[below]! -= start;
      this.claim[below]! -= start;
      // Of the packet itself no layer reaches into what is behind it.
      this.to[below] = Math.min(this.to[below]! - start, length);
    }
    this.bytes = bytes;
    this.start = 0;
    this.end = bytes.length;
    this.joined = d;
    this.endWith(d, length, this.end);
    if (next !== NONE && d + 1 < MAX_DEPTH) this.walk(next, length, this.end, d + 1);
  }
  /** What the last layer hands on and nobody read, is of the protocol `id` after all. */
  readAs(id: number): void {
    const d = this.depth - 1;
    if (this.restFrom === NONE || d + 1 >= MAX_DEPTH) return;
    const end = this.joined === d ? this.end : Math.min(this.payloadEnd, this.to[d]!);
    this.walk(id, this.payloadAt, end, d + 1);
  }
  private walk(first: number, start: number, end: number, below: number): void {
    const { registry, bytes, end: captured } = this;
    const { sizes, steps } = registry;
    let id = first;
    let at = start;
    let claim = end;
    let to = end;
    let depth = below;
    while (id !== NONE && depth < MAX_DEPTH) {
      this.layer[depth] = id;
      this.from[depth] = at;
      this.to[depth] = to;
      this.claim[depth] = claim;
      this.marks[depth] = 0;
      this.depth = depth + 1;
      const least = at + sizes[id]!;
      if (least > captured) {
        this.marks[depth] = MARK.cut;
        break;
      }
      if (least > to) {
        this.marks[depth] = MARK.malformed;
        break;
      }
      id = steps[id]!(this, bytes, at, to);
      if (id === NONE) break;
      at = this.payloadAt;
      claim = this.payloadEnd;
      // A payload never starts inside its parent's fixed header, nor leaves its parent.
      if (at < least) {
        this.marks[depth]! |= MARK.malformed;
        break;
      }
      if (claim < to) to = claim;
      if (at >= to) break;
      depth++;
      // Or the next layer, if it hands nothing on and has no fixed header, would seem to have itself as its payload.
      this.payloadAt = -1;
    }
  }
  /** Called by a step: the payload lies at `[at, end)`; who is bound to `key` in `table`? */
  handOn(table: Table, key: number, at: number, end: number): number {
    this.payloadAt = at;
    this.payloadEnd = end;
    return this.registry.idsIn(table)[key]!;
  }
  /** The same, when there is no choice. */
  passOn(id: number, at: number, end: number): number {
    this.payloadAt = at;
    this.payloadEnd = end;
    return id;
  }
  /** The same, when no number tells: who recognises the payload? */
  guess(table: Table, at: number, end: number): number {
    this.payloadAt = at;
    this.payloadEnd = end;
    const to = Math.min(end, this.end);
    if (at >= to) return NONE;
    const guessers = this.registry.guessers[table.slot]!;
    for (let i = 0; i < guessers.length; i++) if (guessers[i]!.likes(this.bytes, at, to)) return guessers[i]!.id;
    return NONE;
  }
  /** Called by a step: this layer contradicts itself. */
  malformed(): number {
    this.marks[this.depth - 1]! |= MARK.malformed;
    return NONE;
  }
  /** Where the bytes begin that the last layer hands on and nobody reads; NONE when there are none. */
  get restFrom(): number {
    const d = this.depth - 1;
    const at = this.payloadAt;
    if (d < 0) return this.start < this.end ? this.start : NONE;
    const from = this.from[d]!;
    // A layer that hands nothing on leaves its own beginning there.
    return at > from && at >= from + this.registry.sizes[this.layer[d]!]! && at < this.restTo ? at : NONE;
  }
  get restTo(): number {
    if (this.depth === 0 || this.joined === this.depth - 1) return this.end;
    return Math.min(this.payloadEnd, this.limit(this.depth - 1));
  }
  mark(d: number, mark: number): void {
    this.marks[d]! |= mark;
  }
  /** Called by a check: layer `d` has its checksum, which is right or not. */
  verified(d: number, isRight: boolean): void {
    this.marks[d]! |= isRight ? MARK.goodChecksum : MARK.badChecksum;
  }
  /** The depth of the n-th layer of a protocol, counted from 0; NONE when there is none. */
  find(id: number, n = 0): number {
    let left = n;
    for (let d = 0; d < this.depth; d++) if (this.layer[d] === id && left-- === 0) return d;
    return NONE;
  }
  /** The nearest layer below `d` whose ends are addresses; NONE when there is none. */
  addressedBelow(d: number): number {
    const { endSize } = this.registry;
    let below = d - 1;
    while (below >= 0 && endSize[this.layer[below]!]! < 4) below--;
    return below;
  }
  /** Where layer `d` ends for a reader: its claimed end or the capture's, whichever comes first. */
  limit(d: number): number {
    const to = this.to[d]!;
    return Math.min(to, this.end);
  }
}
