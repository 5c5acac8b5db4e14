const SYN = 0x02;
const ACK = 0x10;

/** The states of so many streams are kept; the oldest make room. */
const MOST = 1 << 18;
const FIRST = 1 << 8;
/** Bits of a stream's state. */
const KNOWN = [1, 2] as const;

/** What is remembered of each TCP connection, by its number; a connection has two sides, 0 and 1. */
export class StreamStates {
  private starts = new Uint32Array(FIRST * 2);
  private shifts = new Int8Array(FIRST * 2);
  private bits = new Uint8Array(FIRST);
  /** Which stream a slot belongs to. */
  private owners = new Int32Array(FIRST).fill(-1);

  begin(stream: number): void {
    if (stream >= this.owners.length && this.owners.length < MOST) this.widen();
    const slot = stream % this.owners.length;
    this.owners[slot] = stream;
    this.bits[slot] = 0;
    this.shifts[2 * slot] = -1;
    this.shifts[2 * slot + 1] = -1;
    this.starts[2 * slot] = 0;
    this.starts[2 * slot + 1] = 0;
  }
  /** Is this the first segment of another connection between the same ends? */
  beginsAnother(stream: number, side: number, flags: number, seq: number): boolean {
    const slot = this.slotOf(stream);
    if ((flags & (SYN | ACK)) !== SYN || (this.bits[slot]! & KNOWN[side as 0 | 1]) === 0) return false;
    // The same number again: the first segment was lost, or refused.
    return seq !== this.starts[2 * slot + side];
  }
  /** A segment's numbers: the first of each side, or what the other acknowledges, tell where a side began. */
  see(stream: number, side: number, flags: number, seq: number, ack: number): void {
    const slot = this.slotOf(stream);
    const other = 1 - side;
    if ((this.bits[slot]! & KNOWN[side as 0 | 1]) === 0) {
      // Without its beginning, the first number that is seen counts as 1.
      this.starts[2 * slot + side] = (flags & SYN) !== 0 ? seq : (seq - 1) >>> 0;
      this.bits[slot]! |= KNOWN[side as 0 | 1];
    }
    if ((flags & ACK) !== 0 && (this.bits[slot]! & KNOWN[other as 0 | 1]) === 0) {
      this.starts[2 * slot + other] = (ack - 1) >>> 0;
      this.bits[slot]! |= KNOWN[other as 0 | 1];
    }
  }
  /** `option`: what the segment says of its side's windows, or -1. Both sides must say so in their first segments. */
  scale(stream: number, side: number, flags: number, option: number): void {
    if ((flags & SYN) === 0) return;
    const own = 2 * this.slotOf(stream) + side;
    const other = own ^ 1;
    const { shifts } = this;
    if (option >= 0) shifts[own] = option;
    if (shifts[own] === -1) {
      shifts[own] = -2;
      shifts[other] = -2;
    } else if ((flags & ACK) !== 0 && shifts[other] === -2) shifts[own] = -2;
  }
  start(stream: number, side: number): number {
    return this.starts[2 * this.slotOf(stream) + side]!;
  }
  shift(stream: number, side: number): number {
    return this.shifts[2 * this.slotOf(stream) + side]!;
  }
  /** A stream whose state had to make room begins again. */
  private slotOf(stream: number): number {
    const slot = stream % this.owners.length;
    if (this.owners[slot] !== stream) this.begin(stream);
    return slot;
  }
  private widen(): void {
    const { starts, shifts, bits, owners } = this;
    const size = owners.length * 2;
    this.starts = new Uint32Array(size * 2);
    this.starts.set(starts);
    this.shifts = new Int8Array(size * 2);
    this.shifts.set(shifts);
    this.bits = new Uint8Array(size);
    this.bits.set(bits);
    this.owners = new Int32Array(size).fill(-1);
    this.owners.set(owners);
  }
}
