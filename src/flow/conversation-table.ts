import type { Frame } from '../dissect/frame.ts';
import { addressText } from './address-text.ts';
import { COLUMNS, type Conversation, type ConversationColumn } from './conversation.ts';
import { greatest, type Wanted } from './greatest.ts';
import { PairTable } from './pair-table.ts';
import { Recency } from './recency.ts';
import { TcpAnalysis } from './tcp-analysis.ts';
import { TimeBuckets } from './time-buckets.ts';

const FIRST_ROWS = 1 << 8;
/** So many conversations are watched at most. */
const MOST_WATCHED = 256;
const MINUTE = 60;
const NANOS = 1e9;

/** Numbers of each row, one cache line of them: pairs are A→B and B→A. */
const PACKETS = 0;
const BYTES = 2;
const FIRST = 4;
const FIRST_NANOS = 5;
const LAST = 6;
const LAST_NANOS = 7;
const DOUBLES = 8;
/** Whole numbers of each row. */
const ID = 0;
/** The ports, A's in the upper half. */
const PORTS = 1;
/** -1: of none. */
const STREAM = 2;
const ADDRESS_SIZE = 3;
/** 1: somebody wants its rates. */
const WATCHED = 4;
const WHOLE = 8;
/** Values in the index. */
const ROW = 0;
const ROW_ID = 1;

/**
 * Conversations of one kind in rows of typed arrays. At the bound the one that was not seen for the longest time makes
 * room and is counted; its row is used again. Rows `[0, length)` are always in use.
 */
export class ConversationTable {
  length = 0;
  /** Conversations forgotten for want of room. */
  evicted = 0;
  /** Changes whenever a row does. */
  version = 0;
  /** Whether the row that was found last was made just now. */
  isNew = false;
  readonly tcp: TcpAnalysis | undefined;
  private doubles = new Float64Array(0);
  private whole = new Int32Array(0);
  /** A's address and B's. */
  private ends = new Uint8Array(0);
  /** From key to row, and to the row's id: of a conversation that made room it may still tell the row that it had. */
  private readonly index: PairTable;
  private readonly recency = new Recency();
  private readonly watched = new Map<number, TimeBuckets>();
  private rows = 0;
  private made = 0;
  /** The key that was looked for last, and its row; -1: there was none. */
  private a = 0;
  private b = 0;
  private c = 0;
  private found = -1;

  /** `addressSize`: the longest of its addresses in bytes. */
  constructor(
    private readonly most: number,
    private readonly addressSize: number,
    withTcp = false,
  ) {
    // A key that the index forgets was passed by as many others as there are rows: its row was used again.
    this.index = new PairTable(most);
    this.tcp = withTcp ? new TcpAnalysis() : undefined;
    this.widen(Math.min(most, FIRST_ROWS));
  }
  /** The row of a key, which is the same for both directions: 32 bits with a sign each. */
  find(a: number, b: number, c: number): number {
    // Stations and hosts send several packets in a row. It is the newest already.
    if (a === this.a && b === this.b && c === this.c && this.found >= 0) {
      this.isNew = false;
      return this.found;
    }
    this.a = a;
    this.b = b;
    this.c = c;
    return (this.found = this.lookUp(a, b, c));
  }
  private lookUp(a: number, b: number, c: number): number {
    const { index, whole } = this;
    const at = index.find(a, b, c);
    const known = index.values[at + ROW]!;
    if (!index.isNew && whole[known * WHOLE + ID] === index.values[at + ROW_ID]) {
      this.isNew = false;
      this.recency.touch(known);
      return known;
    }
    this.isNew = true;
    const row = this.length < this.most ? this.add() : this.reuse();
    index.values[at + ROW] = row;
    index.values[at + ROW_ID] = this.whole[row * WHOLE + ID]!;
    return row;
  }
  /** Who talks in a new row: addresses of `size` bytes, and the ports as they stand in the packet, or 0. */
  begin(row: number, bytes: Uint8Array, source: number, destination: number, size: number, ports: number): void {
    const { ends, addressSize } = this;
    const at = row * 2 * addressSize;
    for (let i = 0; i < size; i++) {
      ends[at + i] = bytes[source + i]!;
      ends[at + addressSize + i] = bytes[destination + i]!;
    }
    this.whole[row * WHOLE + PORTS] = ports;
    this.whole[row * WHOLE + ADDRESS_SIZE] = size;
  }
  /** 0: from A to B, 1: from B to A. */
  sideOf(row: number, bytes: Uint8Array, source: number, ports: number): number {
    const { whole, ends } = this;
    const known = whole[row * WHOLE + PORTS]!;
    if (known >>> 16 !== (known & 0xffff)) return known >>> 16 === ports >>> 16 ? 0 : 1;
    const at = row * 2 * this.addressSize;
    const size = whole[row * WHOLE + ADDRESS_SIZE]!;
    for (let i = 0; i < size; i++) if (ends[at + i] !== bytes[source + i]) return 1;
    return 0;
  }
  count(row: number, side: number, frame: Frame): void {
    const { doubles } = this;
    const { seconds, nanos, wireLength } = frame;
    const d = row * DOUBLES;
    if (this.isNew) {
      doubles[d + FIRST] = seconds;
      doubles[d + FIRST_NANOS] = nanos;
      doubles[d + LAST] = seconds;
      doubles[d + LAST_NANOS] = nanos;
    } else if (isBefore(doubles[d + LAST]!, doubles[d + LAST_NANOS]!, seconds, nanos)) {
      doubles[d + LAST] = seconds;
      doubles[d + LAST_NANOS] = nanos;
    } else if (isBefore(seconds, nanos, doubles[d + FIRST]!, doubles[d + FIRST_NANOS]!)) {
      doubles[d + FIRST] = seconds;
      doubles[d + FIRST_NANOS] = nanos;
    }
    doubles[d + PACKETS + side]! += 1;
    doubles[d + BYTES + side]! += wireLength;
    this.version++;
    if (this.whole[row * WHOLE + WATCHED] === 1) this.watched.get(row)!.add(0, seconds, wireLength);
  }
  setStream(row: number, stream: number): void {
    this.whole[row * WHOLE + STREAM] = stream;
  }
  /** Puts the nanoseconds since the row's first packet into `into`. */
  since(row: number, frame: Frame, into: Float64Array): void {
    const d = row * DOUBLES;
    into[0] = (frame.seconds - this.doubles[d + FIRST]!) * NANOS + frame.nanos - this.doubles[d + FIRST_NANOS]!;
  }
  /** From A (side 0) or from B (1). */
  packets(row: number, side: number): number {
    return this.doubles[row * DOUBLES + PACKETS + side]!;
  }
  bytes(row: number, side: number): number {
    return this.doubles[row * DOUBLES + BYTES + side]!;
  }
  port(row: number, side: number): number {
    const ports = this.whole[row * WHOLE + PORTS]!;
    return side === 0 ? ports >>> 16 : ports & 0xffff;
  }
  stream(row: number): number {
    return this.whole[row * WHOLE + STREAM]!;
  }
  first(row: number): number {
    return this.doubles[row * DOUBLES + FIRST]! + this.doubles[row * DOUBLES + FIRST_NANOS]! / NANOS;
  }
  last(row: number): number {
    return this.doubles[row * DOUBLES + LAST]! + this.doubles[row * DOUBLES + LAST_NANOS]! / NANOS;
  }
  row(row: number): Conversation {
    const { doubles, whole, ends, addressSize } = this;
    const d = row * DOUBLES;
    const size = whole[row * WHOLE + ADDRESS_SIZE]!;
    const at = row * 2 * addressSize;
    const stream = this.stream(row);
    const hasPorts = stream >= 0;
    return {
      id: whole[row * WHOLE + ID]!,
      a: addressText(ends, at, size),
      b: addressText(ends, at + addressSize, size),
      portA: hasPorts ? this.port(row, 0) : undefined,
      portB: hasPorts ? this.port(row, 1) : undefined,
      stream: hasPorts ? stream : undefined,
      packetsAB: this.packets(row, 0),
      packetsBA: this.packets(row, 1),
      bytesAB: this.bytes(row, 0),
      bytesBA: this.bytes(row, 1),
      first: this.first(row),
      last: this.last(row),
      firstAt: { seconds: doubles[d + FIRST]!, nanos: doubles[d + FIRST_NANOS]! },
      lastAt: { seconds: doubles[d + LAST]!, nanos: doubles[d + LAST_NANOS]! },
      tcp: this.tcp?.of(row),
    };
  }
  /** The `n` rows with the greatest (`ascending`: the least) of a column. */
  top(n: number, by: ConversationColumn, ascending = false, wanted?: Wanted): number[] {
    const key = COLUMNS[by];
    return greatest(this.length, n, (row) => key(this, row), ascending, wanted);
  }
  /** All rows, the greatest (`ascending`: the least) of a column first. */
  sorted(by: ConversationColumn, ascending = false, wanted?: Wanted): number[] {
    return this.top(this.length, by, ascending, wanted);
  }
  /** Keeps the rates of these rows from now on, and of no others; of rows that were watched already they go on. */
  watch(rows: Iterable<number>): void {
    const wanted = new Set([...rows].slice(0, MOST_WATCHED));
    for (const row of this.watched.keys()) if (!wanted.has(row)) this.forget(row);
    for (const row of wanted) {
      if (this.watched.has(row)) continue;
      this.watched.set(row, new TimeBuckets(MINUTE, 'slide'));
      this.whole[row * WHOLE + WATCHED] = 1;
    }
  }
  /** The last minute of a row, up to the second `now`, the oldest second first; undefined when nobody watched it. */
  rates(row: number, what: 'packets' | 'bytes', now: number): Float64Array | undefined {
    return this.watched.get(row)?.read(0, now)[what];
  }

  private forget(row: number): void {
    this.watched.delete(row);
    this.whole[row * WHOLE + WATCHED] = 0;
  }
  private add(): number {
    if (this.length === this.rows) this.widen(Math.min(this.most, this.rows * 2));
    const row = this.length++;
    this.clear(row);
    this.recency.add(row);
    return row;
  }
  private reuse(): number {
    const row = this.recency.oldest;
    this.evicted++;
    this.recency.touch(row);
    if (this.whole[row * WHOLE + WATCHED] === 1) this.forget(row);
    this.clear(row);
    return row;
  }
  private clear(row: number): void {
    const { doubles, whole } = this;
    for (let i = 0; i < DOUBLES; i++) doubles[row * DOUBLES + i] = 0;
    whole[row * WHOLE + ID] = this.made++ | 0;
    whole[row * WHOLE + STREAM] = -1;
    this.tcp?.begin(row);
  }
  private widen(rows: number): void {
    const { doubles, whole, ends } = this;
    this.doubles = new Float64Array(rows * DOUBLES);
    this.doubles.set(doubles);
    this.whole = new Int32Array(rows * WHOLE);
    this.whole.set(whole);
    this.ends = new Uint8Array(rows * 2 * this.addressSize);
    this.ends.set(ends);
    this.recency.widen(rows);
    this.tcp?.widen(rows);
    this.rows = rows;
  }
}
const isBefore = (seconds: number, nanos: number, otherSeconds: number, otherNanos: number): boolean =>
  seconds < otherSeconds || (seconds === otherSeconds && nanos < otherNanos);
