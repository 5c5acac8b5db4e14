import { Mapping } from '../mapping.ts';

/** kernel/bpf/ringbuf.c: two pages of positions, then the data, which is mapped twice so that no record is ever in two pieces. */
const PAGE = 4096;
const BUSY = 1 << 31;
const DISCARDED = 1 << 30;
const LENGTH = 0x3fff_ffff;
const HEADER = 8;
const TWO_32 = 0x1_0000_0000;

/** What BPF programs tell, record by record. */
export class RingBuffer {
  private readonly bytes: Uint8Array;
  private readonly consumer: Mapping;
  private readonly producer: Mapping;
  private readonly taken: BigUint64Array;
  private readonly given: Uint32Array;
  private readonly words: Int32Array;
  /** How much was taken since it began, in bytes. */
  private position: number;

  /** `size`: of the data, a power of two. */
  constructor(
    fd: number,
    private readonly size: number,
  ) {
    const doing = 'mapping the BPF ring buffer';
    this.consumer = new Mapping(fd, PAGE, doing);
    this.producer = new Mapping(fd, PAGE + 2 * size, doing, { offset: PAGE, readOnly: true });
    this.taken = new BigUint64Array(this.consumer.memory);
    this.given = new Uint32Array(this.producer.memory, 0, 2);
    this.words = new Int32Array(this.producer.memory, PAGE);
    this.bytes = new Uint8Array(this.producer.memory, PAGE);
    this.position = Number(this.taken[0]);
  }
  /** Takes what is there, but not much more than `most` bytes: whole records, one after the other, with their headers. */
  copy(most: number): Uint8Array {
    const end = Math.min(this.end(), this.position + most);
    let position = this.position;
    while (position < end) {
      const header = Atomics.load(this.words, (position % this.size) >>> 2);
      if ((header & BUSY) !== 0) break;
      position += sizeOf(header);
    }
    // As it is mapped twice, it is in one piece wherever it begins.
    const from = this.position % this.size;
    const taken = this.bytes.slice(from, from + position - this.position);
    this.position = position;
    Atomics.store(this.taken, 0, BigInt(position));
    return taken;
  }
  /** Tells where each record of a {@link copy} begins. */
  each(copy: Uint8Array, visit: (at: number) => void): void {
    const view = new DataView(copy.buffer, copy.byteOffset, copy.byteLength);
    for (let at = 0; at < copy.length; ) {
      const header = view.getInt32(at, true);
      if ((header & DISCARDED) === 0) visit(at + HEADER);
      at += sizeOf(header);
    }
  }
  private end(): number {
    // The upper half changes once in four gigabytes; read before and after, it cannot be of another time than the lower one.
    for (;;) {
      const upper = Atomics.load(this.given, 1);
      const lower = Atomics.load(this.given, 0);
      if (Atomics.load(this.given, 1) === upper) return upper * TWO_32 + lower;
    }
  }
  /** Nothing of it may be looked at afterwards. */
  close(): void {
    this.consumer.close();
    this.producer.close();
  }
}
const sizeOf = (header: number): number => ((header & LENGTH) + HEADER + 7) & ~7;
