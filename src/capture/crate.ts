import type { FrameBatch, PcapngEnvelope } from '../frame/batch.ts';

/** What is in a packet block besides the packet, at most: its header, padding, the options, the end. */
const AROUND = 76;
const EACH = { seconds: 8, words: 5 * 4, port: 2, direction: 1, flags: 1 };

/**
 * Packets on their way from the capturing thread to the one that uses them, in memory that both see: blocks of pcapng, so
 * that a pcapng file takes them as they are, and the columns of a batch. It goes back and forth; nothing is allocated.
 */
export class Crate implements FrameBatch {
  count = 0;
  /** Bytes in use. */
  used = 0;
  readonly bytes: Uint8Array;
  /** The same memory. */
  readonly ints: Int32Array;
  readonly view: DataView;
  readonly offset: Uint32Array;
  readonly captured: Uint32Array;
  readonly wire: Uint32Array;
  readonly seconds: Float64Array;
  readonly nanos: Uint32Array;
  readonly port: Uint16Array;
  readonly direction: Uint8Array;
  readonly flags: Uint8Array;
  readonly start: Uint32Array;
  readonly clock = new Clock();
  /** The number of the first packet, from 1 on, in two words. */
  idLow = 1;
  idHigh = 0;
  readonly envelope: PcapngEnvelope;

  constructor(
    memory: ArrayBuffer,
    readonly capacity: number,
    /** What to do with it when nobody needs the packets any more. */
    private readonly giveBack: () => void = () => {},
  ) {
    let at = 0;
    const next = (size: number) => (at += size * capacity) - size * capacity;
    this.seconds = new Float64Array(memory, next(8), capacity);
    this.offset = new Uint32Array(memory, next(4), capacity);
    this.captured = new Uint32Array(memory, next(4), capacity);
    this.wire = new Uint32Array(memory, next(4), capacity);
    this.nanos = new Uint32Array(memory, next(4), capacity);
    this.start = new Uint32Array(memory, next(4), capacity);
    this.port = new Uint16Array(memory, next(2), capacity);
    this.direction = new Uint8Array(memory, next(1), capacity);
    this.flags = new Uint8Array(memory, next(1), capacity);
    this.bytes = new Uint8Array(memory, at);
    this.ints = new Int32Array(memory, at);
    this.view = new DataView(memory, at);
    this.envelope = {
      format: 'pcapng',
      littleEndian: true,
      firstPort: 0,
      start: this.start,
      touching: true,
      asides: [],
    };
  }
  /** How much memory it takes for `capacity` packets and so many bytes of blocks. */
  static size(capacity: number, bytes: number): number {
    const each = EACH.seconds + EACH.words + EACH.port + EACH.direction + EACH.flags;
    return capacity * each + bytes;
  }
  /** Is there room for one more packet of so many bytes, its link-layer header not counted if we make that? Or for its pieces? */
  hasRoom(length: number, pieces = 1): boolean {
    const more = pieces === 1 ? AROUND + MADE : pieces * (AROUND + HEADERS);
    return this.count + pieces <= this.capacity && this.used + length + more <= this.bytes.length;
  }
  /** So many packets came before. */
  empty(before: number): void {
    this.count = 0;
    this.used = 0;
    this.idLow = (before + 1) >>> 0;
    this.idHigh = Math.floor((before + 1) / WORD);
  }
  release(): void {
    this.giveBack();
  }
}
const WORD = 2 ** 32;
/** The headers of a piece, at most: the link layer, IP and TCP with all options. */
const HEADERS = 168;
/** The longest link-layer header that we make, with a VLAN tag. */
const MADE = 24;

/** The time of a whole second as pcapng has it, in nanoseconds since 1970: many packets come in the same. */
class Clock {
  second = -1;
  high = 0;
  low = 0;

  enter(second: number): void {
    const time = BigInt(second) * 1_000_000_000n;
    this.second = second;
    this.high = Number(time >> 32n);
    this.low = Number(time & 0xffff_ffffn);
  }
}
