/** The longest payload of either IP. */
const MOST = 0xffff;
/** What a fragment costs beside its bytes. */
const OVERHEAD = 64;
/** More than this is not kept of one datagram, however often its fragments overlap. */
const MOST_KEPT = 4 * MOST;

interface Part {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** A datagram of which fragments have come. */
export class Datagram {
  /** Bytes kept. */
  size = OVERHEAD;
  /** It cannot be put together: too long, or too many fragments say too much. */
  impossible = false;
  /** Known when the last fragment has come; -1 before. */
  private length = -1;
  /** In the order of their offsets; of equal ones in the order in which they came. */
  private readonly parts: Part[] = [];

  /** `since`: when the first fragment came, in seconds. */
  constructor(readonly since: number) {}

  add(bytes: Uint8Array, from: number, to: number, offset: number, more: boolean): void {
    const end = offset + to - from;
    if (end > MOST || this.size > MOST_KEPT) {
      this.impossible = true;
      return;
    }
    // The first fragment that ends the datagram tells its length.
    if (!more && this.length < 0) this.length = end;
    const { parts } = this;
    let place = parts.length;
    while (place > 0 && parts[place - 1]!.offset > offset) place--;
    parts.splice(place, 0, { offset, bytes: bytes.slice(from, to) });
    this.size += to - from + OVERHEAD;
  }
  /** All of it, once nothing is missing. Where fragments overlap, the one with the lower offset counts. */
  whole(): Uint8Array | undefined {
    const { parts, length } = this;
    if (length < 0) return undefined;
    let filled = 0;
    for (const { offset, bytes } of parts) {
      if (offset > filled) return undefined;
      filled = Math.max(filled, offset + bytes.length);
    }
    if (filled < length) return undefined;
    const whole = new Uint8Array(length);
    filled = 0;
    for (const { offset, bytes } of parts) {
      const end = Math.min(length, offset + bytes.length);
      if (end <= filled) continue;
      whole.set(bytes.subarray(filled - offset, end - offset), filled);
      filled = end;
    }
    return whole;
  }
}
