import type { Frame } from '../dissect/frame.ts';

const SYN = 0x02;
const SYN_FIN_RST_ACK = 0x17;
const ACK = 0x10;

/** The times of so many streams are kept; the oldest make room. */
const MOST = 1 << 18;
const FIRST_SLOTS = 1 << 8;
const BILLION = 1_000_000_000;
/** Numbers of each stream: moments as seconds and nanoseconds, and a span in nanoseconds. */
const FIRST = 0;
const PREVIOUS = 2;
const SYN_AT = 4;
const HANDSHAKE = 6;
const STRIDE = 8;

/** When the packets of each stream came, by its number. */
export class StreamClocks {
  private times = new Float64Array(FIRST_SLOTS * STRIDE);
  private owners = new Int32Array(FIRST_SLOTS).fill(-1);

  /** Tells layer `d` how long ago its stream's first packet came, and the one before this. */
  see(stream: number, frame: Frame, d: number): void {
    const { seconds, nanos } = frame;
    const at = this.placeOf(stream, seconds, nanos);
    const { times } = this;
    frame.sinceFirst[d] = (seconds - times[at + FIRST]!) * BILLION + (nanos - times[at + FIRST + 1]!);
    frame.sincePrevious[d] = (seconds - times[at + PREVIOUS]!) * BILLION + (nanos - times[at + PREVIOUS + 1]!);
    times[at + PREVIOUS] = seconds;
    times[at + PREVIOUS + 1] = nanos;
  }
  /** Of a stream that was seen just now: from its last SYN to the ACK that ends the handshake, which `isFirst` may be. */
  handshake(stream: number, frame: Frame, d: number, flags: number, isFirst: boolean): void {
    const { times } = this;
    const at = (stream % this.owners.length) * STRIDE;
    const kind = flags & SYN_FIN_RST_ACK;
    if (kind === SYN) {
      times[at + SYN_AT] = frame.seconds;
      times[at + SYN_AT + 1] = frame.nanos;
    } else if (kind === ACK && isFirst && Number.isNaN(times[at + HANDSHAKE]!))
      times[at + HANDSHAKE] = (frame.seconds - times[at + SYN_AT]!) * BILLION + (frame.nanos - times[at + SYN_AT + 1]!);
    frame.handshake[d] = times[at + HANDSHAKE]!;
  }
  /** Where the stream's numbers are; one that is new, or whose numbers had to make room, begins now. */
  private placeOf(stream: number, seconds: number, nanos: number): number {
    if (stream >= this.owners.length && this.owners.length < MOST) this.widen();
    const slot = stream % this.owners.length;
    const at = slot * STRIDE;
    if (this.owners[slot] === stream) return at;
    const { times } = this;
    this.owners[slot] = stream;
    times[at + FIRST] = times[at + PREVIOUS] = seconds;
    times[at + FIRST + 1] = times[at + PREVIOUS + 1] = nanos;
    times[at + SYN_AT] = times[at + HANDSHAKE] = Number.NaN;
    return at;
  }
  private widen(): void {
    const { times, owners } = this;
    this.times = new Float64Array(times.length * 2);
    this.times.set(times);
    this.owners = new Int32Array(owners.length * 2).fill(-1);
    this.owners.set(owners);
  }
}
