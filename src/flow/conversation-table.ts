import type { Frame } from '../dissect/frame.ts';
import { addressText } from './address-text.ts';
import { greatest, type Wanted } from './greatest.ts';
import { PairTable } from './pair-table.ts';
import { TcpAnalysis, type TcpHealth } from './tcp-analysis.ts';
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
/** Whole numbers of each row. `OLDER` and `NEWER`: the rows that were seen just before and after it; -1: none. */
const OLDER = 0;
const NEWER = 1;
const ID = 2;
/** The ports, A's in the upper half. */
const PORTS = 3;
const STREAM = 4;
const ADDRESS_SIZE = 5;
const WATCHED = 6;
const WHOLE = 8;
/** Values in the index. */
const ROW = 0;
const ROW_ID = 1;

export interface Moment {
  /** Since 1970. */
  readonly seconds: number;
  readonly nanos: number;
}
/** One conversation, to show it. A sent the first packet of it that was seen; bytes are frames' lengths on the wire. */
export interface Conversation {
  /** Counts the table's conversations from 0: tells whether a row that was reused is still the same. */
  readonly id: number;
  readonly a: string;
  readonly b: string;
  readonly portA: number | undefined;
  readonly portB: number | undefined;
  /** As `tcp.stream` and `udp.stream` count. */
  readonly stream: number | undefined;
  readonly packetsAB: number;
  readonly packetsBA: number;
  readonly bytesAB: number;
  readonly bytesBA: number;
  /** In seconds since 1970, exact to about 200 ns. */
  readonly first: number;
  readonly last: number;
  readonly firstAt: Moment;
  readonly lastAt: Moment;
  readonly tcp: TcpHealth | undefined;
}
/** What rows are ordered by: numbers both ways together, spans in milliseconds. */
export type ConversationColumn = keyof typeof COLUMNS;

const COLUMNS = {
  packets: (t: ConversationTable, row: number) => t.doubles[row * DOUBLES]! + t.doubles[row * DOUBLES + 1]!,
  packetsAB: (t: ConversationTable, row: number) => t.doubles[row * DOUBLES + PACKETS]!,
  packetsBA: (t: ConversationTable, row: number) => t.doubles[row * DOUBLES + PACKETS + 1]!,
  bytes: (t: ConversationTable, row: number) =>
    t.doubles[row * DOUBLES + BYTES]! + t.doubles[row * DOUBLES + BYTES + 1]!,
  bytesAB: (t: ConversationTable, row: number) => t.doubles[row * DOUBLES + BYTES]!,
  bytesBA: (t: ConversationTable, row: number) => t.doubles[row * DOUBLES + BYTES + 1]!,
  first: (t: ConversationTable, row: number) => t.firstOf(row),
  last: (t: ConversationTable, row: number) => t.lastOf(row),
  duration: (t: ConversationTable, row: number) => t.lastOf(row) - t.firstOf(row),
  portA: (t: ConversationTable, row: number) => t.whole[row * WHOLE + PORTS]! >>> 16,
  portB: (t: ConversationTable, row: number) => t.whole[row * WHOLE + PORTS]! & 0xffff,
  stream: (t: ConversationTable, row: number) => t.whole[row * WHOLE + STREAM]!,
  state: (t: ConversationTable, row: number) => t.tcp?.state(row) ?? Number.NaN,
  serverRtt: (t: ConversationTable, row: number) => t.tcp?.serverRtt(row) ?? Number.NaN,
  clientRtt: (t: ConversationTable, row: number) => t.tcp?.clientRtt(row) ?? Number.NaN,
  retransmissions: (t: ConversationTable, row: number) => t.tcp?.retransmissions(row) ?? Number.NaN,
  outOfOrder: (t: ConversationTable, row: number) => t.tcp?.outOfOrder(row) ?? Number.NaN,
  zeroWindows: (t: ConversationTable, row: number) => t.tcp?.zeroWindows(row) ?? Number.NaN,
  payload: (t: ConversationTable, row: number) => t.tcp?.payload(row) ?? Number.NaN,
} as const;

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
  doubles = new Float64Array(0);
  whole = new Int32Array(0);
  readonly tcp: TcpAnalysis | undefined;
  /** A's address and B's. */
  private ends = new Uint8Array(0);
  /** From key to row, and to the row's id: of a conversation that made room it may still tell the row that it had. */
  private readonly index: PairTable;
  private readonly watched = new Map<number, TimeBuckets>();
  private rows = 0;
  private made = 0;
  private oldest = -1;
  private newest = -1;

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
    const { index, whole } = this;
    const at = index.find(a, b, c);
    const known = index.get(at, ROW);
    if (!index.isNew && whole[known * WHOLE + ID] === index.get(at, ROW_ID)) {
      this.isNew = false;
      this.touch(known);
      return known;
    }
    this.isNew = true;
    const row = this.length < this.most ? this.add() : this.reuse();
    index.set(at, ROW, row);
    index.set(at, ROW_ID, this.whole[row * WHOLE + ID]!);
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
  firstOf(row: number): number {
    return this.doubles[row * DOUBLES + FIRST]! + this.doubles[row * DOUBLES + FIRST_NANOS]! / NANOS;
  }
  lastOf(row: number): number {
    return this.doubles[row * DOUBLES + LAST]! + this.doubles[row * DOUBLES + LAST_NANOS]! / NANOS;
  }
  row(row: number): Conversation {
    const { doubles, whole, ends, addressSize } = this;
    const d = row * DOUBLES;
    const w = row * WHOLE;
    const size = whole[w + ADDRESS_SIZE]!;
    const stream = whole[w + STREAM]!;
    const ports = whole[w + PORTS]!;
    return {
      id: whole[w + ID]!,
      a: addressText(ends, row * 2 * addressSize, size),
      b: addressText(ends, row * 2 * addressSize + addressSize, size),
      portA: stream < 0 ? undefined : ports >>> 16,
      portB: stream < 0 ? undefined : ports & 0xffff,
      stream: stream < 0 ? undefined : stream,
      packetsAB: doubles[d + PACKETS]!,
      packetsBA: doubles[d + PACKETS + 1]!,
      bytesAB: doubles[d + BYTES]!,
      bytesBA: doubles[d + BYTES + 1]!,
      first: this.firstOf(row),
      last: this.lastOf(row),
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
    this.append(row);
    return row;
  }
  private reuse(): number {
    const row = this.oldest;
    this.evicted++;
    this.touch(row);
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
  /** Makes the row the newest. */
  private touch(row: number): void {
    if (row === this.newest) return;
    const { whole } = this;
    const older = whole[row * WHOLE + OLDER]!;
    const newer = whole[row * WHOLE + NEWER]!;
    // It is not the newest, so there is a newer one.
    whole[newer * WHOLE + OLDER] = older;
    if (older >= 0) whole[older * WHOLE + NEWER] = newer;
    else this.oldest = newer;
    this.append(row);
  }
  private append(row: number): void {
    const { whole, newest } = this;
    whole[row * WHOLE + OLDER] = newest;
    whole[row * WHOLE + NEWER] = -1;
    if (newest >= 0) whole[newest * WHOLE + NEWER] = row;
    else this.oldest = row;
    this.newest = row;
  }
  private widen(rows: number): void {
    const { doubles, whole, ends } = this;
    this.doubles = new Float64Array(rows * DOUBLES);
    this.doubles.set(doubles);
    this.whole = new Int32Array(rows * WHOLE);
    this.whole.set(whole);
    this.ends = new Uint8Array(rows * 2 * this.addressSize);
    this.ends.set(ends);
    this.tcp?.widen(rows);
    this.rows = rows;
  }
}
const isBefore = (seconds: number, nanos: number, otherSeconds: number, otherNanos: number): boolean =>
  seconds < otherSeconds || (seconds === otherSeconds && nanos < otherNanos);
