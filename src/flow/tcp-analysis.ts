/** RFC 9293 section 3.1. */
const FIN = 0x01;
const SYN = 0x02;
const RST = 0x04;
const ACK = 0x10;

/** States of a connection as somebody between its ends sees them, in the order in which it passes through them. */
const STATES = ['new', 'syn-seen', 'syn-ack-seen', 'established', 'closing', 'closed', 'reset'] as const;
export type TcpState = (typeof STATES)[number];
const NEW = 0;
const SYN_SEEN = 1;
const SYN_ACK_SEEN = 2;
const ESTABLISHED = 3;
const CLOSING = 4;
const CLOSED = 5;
const RESET = 6;

/** Whole numbers of each connection; those with two places have one for each side. */
const NEXT = 0;
const HOLE_FROM = 2;
const HOLE_TO = 4;
const RETRANSMISSIONS = 6;
const OUT_OF_ORDER = 8;
const ZERO_WINDOWS = 10;
const PORT = 12;
const STATE = 14;
const BITS = 15;
const WHOLE = 16;
/** Numbers of each connection that are moments, spans (both in nanoseconds) or sums. */
const SYN_AT = 0;
const SYN_ACK_AT = 1;
const SERVER_RTT = 2;
const CLIENT_RTT = 3;
const PAYLOAD = 4;
const HOLE_AT = 6;
const DOUBLES = 8;

/** Bits of {@link BITS}; those of sides are shifted by the side. */
const KNOWN = 1;
const FINISHED = 4;
const FIN_ACKED = 16;
const BOTH_FINS_ACKED = FIN_ACKED | (FIN_ACKED << 1);
const WINDOW_SHUT = 64;
/** Which side sent the SYN, if one was seen or answered. */
const OPENED = 256;
const OPENED_BY_B = 512;

/** What comes later than this after a hole was seen was sent again, where the round-trip time is not known: 3 ms. */
const REORDERED_NANOS = 3e6;

/** How a connection fares. A is the side that sent its first packet. */
export interface TcpHealth {
  readonly state: TcpState;
  /** From the last SYN to the SYN/ACK: from where the capture was made to the server and back, in milliseconds. */
  readonly serverRttMs: number | undefined;
  /** From the SYN/ACK to its ACK: to the client and back, in milliseconds. */
  readonly clientRttMs: number | undefined;
  readonly retransmissionsAB: number;
  readonly retransmissionsBA: number;
  readonly outOfOrderAB: number;
  readonly outOfOrderBA: number;
  /** Segments that said that their sender has no room. */
  readonly zeroWindowsAB: number;
  readonly zeroWindowsBA: number;
  /** Bytes of data, counted again where they were sent again. */
  readonly payloadAB: number;
  readonly payloadBA: number;
}
/** What the analysis needs of a segment; one object for all. Numbers of sequence have a sign (`n | 0`). */
export interface Segment {
  flags: number;
  seq: number;
  ack: number;
  window: number;
  /** Bytes of data that it claims. */
  length: number;
  /** The device that saw it: see {@link TcpAnalysis.see}. */
  port: number;
  /** In nanoseconds since the connection's first packet. */
  readonly at: Float64Array;
}

/** State, handshake and losses of TCP connections, by their rows in a table. */
export class TcpAnalysis {
  private whole = new Int32Array(0);
  private doubles = new Float64Array(0);

  /** Makes room for so many rows. */
  widen(rows: number): void {
    const { whole, doubles } = this;
    this.whole = new Int32Array(rows * WHOLE);
    this.whole.set(whole);
    this.doubles = new Float64Array(rows * DOUBLES);
    this.doubles.set(doubles);
  }
  begin(row: number): void {
    const { whole, doubles } = this;
    // For so few numbers `fill` takes longer.
    for (let i = 0; i < WHOLE; i++) whole[row * WHOLE + i] = 0;
    for (let i = 0; i < DOUBLES; i++) doubles[row * DOUBLES + i] = i < PAYLOAD ? Number.NaN : 0;
  }
  /**
   * One segment from side 0 (A) or 1 (B). Where several devices forward a packet, each of them sees it: what a side
   * sends counts on the device that saw it first, and copies are no retransmissions.
   */
  see(row: number, side: number, segment: Segment): void {
    const { whole } = this;
    const w = row * WHOLE;
    if ((whole[w + BITS]! & (KNOWN << side)) === 0) whole[w + PORT + side] = segment.port;
    else if (whole[w + PORT + side] !== segment.port) return;
    const { flags } = segment;
    this.doubles[row * DOUBLES + PAYLOAD + side]! += segment.length;
    if (segment.window === 0 && (flags & (SYN | FIN | RST)) === 0) whole[w + ZERO_WINDOWS + side]!++;
    // A reset's number may be anything.
    if ((flags & RST) === 0 || (whole[w + BITS]! & (KNOWN << side)) === 0) this.order(row, side, segment);
    this.follow(row, side, segment);
    const shut = WINDOW_SHUT << side;
    if (segment.window === 0) whole[w + BITS]! |= shut;
    else whole[w + BITS]! &= ~shut;
  }
  /** Is the segment what comes next, or was some of it, or of what is before it, seen already? */
  private order(row: number, side: number, { flags, seq, length, at }: Segment): void {
    const { whole } = this;
    const w = row * WHOLE;
    const marked = (flags & (SYN | FIN)) !== 0;
    const taken = length + (flags & SYN ? 1 : 0) + (flags & FIN ? 1 : 0);
    const end = (seq + taken) | 0;
    const next = whole[w + NEXT + side]!;
    if ((whole[w + BITS]! & (KNOWN << side)) === 0) {
      whole[w + BITS]! |= KNOWN << side;
      whole[w + NEXT + side] = end;
      return;
    }
    const ahead = (seq - next) | 0;
    if (ahead < 0) {
      // A byte at most, just before what comes next: is the other end still there? (RFC 1122 section 4.2.3.6)
      if (taken === 0 || (ahead === -1 && length <= 1 && !marked)) return;
      if (this.fills(row, side, seq, end, at[0]!)) whole[w + OUT_OF_ORDER + side]!++;
      else whole[w + RETRANSMISSIONS + side]!++;
    } else if (ahead > 0) this.hole(row, side, next, seq, at[0]!);
    // A byte that asks whether there is room again comes a second time with those that follow.
    else if (length === 1 && !marked && (whole[w + BITS]! & (WINDOW_SHUT << (1 - side))) !== 0) return;
    if (((end - next) | 0) > 0) whole[w + NEXT + side] = end;
  }
  /**
   * `[from, to)` was not seen. Of several such holes one is remembered, and with it what lies between them, unless the
   * first is too old for reordering.
   */
  private hole(row: number, side: number, from: number, to: number, now: number): void {
    const { whole, doubles } = this;
    const w = row * WHOLE;
    const d = row * DOUBLES + HOLE_AT + side;
    const open = whole[w + HOLE_FROM + side] !== whole[w + HOLE_TO + side];
    if (!open || now - doubles[d]! >= this.patience(row)) {
      whole[w + HOLE_FROM + side] = from;
      doubles[d] = now;
    }
    whole[w + HOLE_TO + side] = to;
  }
  /**
   * Does the segment fill a hole so soon that nobody can have asked for it? What was lost comes again a round trip
   * after its hole was seen, or later.
   */
  private fills(row: number, side: number, seq: number, end: number, now: number): boolean {
    const { whole, doubles } = this;
    const w = row * WHOLE;
    const from = whole[w + HOLE_FROM + side]!;
    const to = whole[w + HOLE_TO + side]!;
    if (((seq - from) | 0) < 0 || ((to - seq) | 0) <= 0) return false;
    if (seq === from) whole[w + HOLE_FROM + side] = ((to - end) | 0) > 0 ? end : to;
    return now - doubles[row * DOUBLES + HOLE_AT + side]! < this.patience(row);
  }
  private patience(row: number): number {
    const d = row * DOUBLES;
    const rtt = this.doubles[d + SERVER_RTT]! + this.doubles[d + CLIENT_RTT]!;
    return rtt > 0 ? rtt : REORDERED_NANOS;
  }
  private follow(row: number, side: number, { flags, ack, at }: Segment): void {
    const { whole, doubles } = this;
    const w = row * WHOLE;
    const d = row * DOUBLES;
    const state = whole[w + STATE]!;
    if ((flags & RST) !== 0) {
      if (state !== CLOSED) whole[w + STATE] = RESET;
    } else if ((flags & (SYN | ACK)) === SYN) {
      doubles[d + SYN_AT] = at[0]!;
      this.opened(w, side);
      if (state === NEW || state === RESET) whole[w + STATE] = SYN_SEEN;
    } else if ((flags & SYN) !== 0) {
      if (state >= ESTABLISHED && state !== RESET) return;
      // Sent again: the answer to the first one is on its way, or was lost.
      if (state !== SYN_ACK_SEEN) doubles[d + SERVER_RTT] = at[0]! - doubles[d + SYN_AT]!;
      doubles[d + SYN_ACK_AT] = at[0]!;
      this.opened(w, 1 - side);
      whole[w + STATE] = SYN_ACK_SEEN;
    } else if ((flags & ACK) !== 0) this.acknowledged(row, side, ack, at[0]!);
    if ((flags & FIN) === 0 || (flags & RST) !== 0) return;
    whole[w + BITS]! |= FINISHED << side;
    if (state < CLOSING) whole[w + STATE] = CLOSING;
  }
  private opened(w: number, side: number): void {
    this.whole[w + BITS]! |= OPENED | (side === 1 ? OPENED_BY_B : 0);
  }
  private acknowledged(row: number, side: number, ack: number, now: number): void {
    const { whole, doubles } = this;
    const w = row * WHOLE;
    const d = row * DOUBLES;
    const state = whole[w + STATE]!;
    const bits = whole[w + BITS]!;
    if (state < ESTABLISHED) {
      // Only who opened it acknowledges the other's SYN.
      if ((bits & OPENED) !== 0 && ((bits & OPENED_BY_B) !== 0 ? 1 : 0) !== side) return;
      if (state === SYN_ACK_SEEN) doubles[d + CLIENT_RTT] = now - doubles[d + SYN_ACK_AT]!;
      whole[w + STATE] = ESTABLISHED;
    } else if (state === CLOSING) {
      const other = 1 - side;
      if ((bits & (FINISHED << other)) === 0 || ((ack - whole[w + NEXT + other]!) | 0) < 0) return;
      whole[w + BITS]! |= FIN_ACKED << other;
      if ((whole[w + BITS]! & BOTH_FINS_ACKED) === BOTH_FINS_ACKED) whole[w + STATE] = CLOSED;
    }
  }
  of(row: number): TcpHealth {
    const { whole } = this;
    const w = row * WHOLE;
    const d = row * DOUBLES + PAYLOAD;
    return {
      state: STATES[whole[w + STATE]!]!,
      serverRttMs: known(this.serverRtt(row)),
      clientRttMs: known(this.clientRtt(row)),
      retransmissionsAB: whole[w + RETRANSMISSIONS]!,
      retransmissionsBA: whole[w + RETRANSMISSIONS + 1]!,
      outOfOrderAB: whole[w + OUT_OF_ORDER]!,
      outOfOrderBA: whole[w + OUT_OF_ORDER + 1]!,
      zeroWindowsAB: whole[w + ZERO_WINDOWS]!,
      zeroWindowsBA: whole[w + ZERO_WINDOWS + 1]!,
      payloadAB: this.doubles[d]!,
      payloadBA: this.doubles[d + 1]!,
    };
  }
  // What tables are ordered by; both ways together, spans in milliseconds, NaN where there is none.
  state(row: number): number {
    return this.whole[row * WHOLE + STATE]!;
  }
  serverRtt(row: number): number {
    return this.doubles[row * DOUBLES + SERVER_RTT]! / NANOS_PER_MS;
  }
  clientRtt(row: number): number {
    return this.doubles[row * DOUBLES + CLIENT_RTT]! / NANOS_PER_MS;
  }
  retransmissions(row: number): number {
    return this.both(row, RETRANSMISSIONS);
  }
  outOfOrder(row: number): number {
    return this.both(row, OUT_OF_ORDER);
  }
  zeroWindows(row: number): number {
    return this.both(row, ZERO_WINDOWS);
  }
  payload(row: number): number {
    const d = row * DOUBLES + PAYLOAD;
    return this.doubles[d]! + this.doubles[d + 1]!;
  }
  private both(row: number, what: number): number {
    const w = row * WHOLE + what;
    return this.whole[w]! + this.whole[w + 1]!;
  }
}
const NANOS_PER_MS = 1e6;
const known = (ms: number): number | undefined => (Number.isNaN(ms) ? undefined : ms);
