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
  /** Records are in here. */
  readonly view: DataView;
  readonly bytes: Uint8Array;
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
    this.view = new DataView(this.producer.memory, PAGE);
    this.position = Number(this.taken[0]);
  }
  /** Takes what is there, at most so many records; `each` is told where a record is, and must be done with it when it returns. */
  take(each: (at: number, length: number) => void, most = Number.POSITIVE_INFINITY): number {
    let count = 0;
    while (count < most && this.position < this.end()) {
      const at = this.position % this.size;
      const header = Atomics.load(this.words, at >>> 2);
      if ((header & BUSY) !== 0) break;
      const length = header & LENGTH;
      if ((header & DISCARDED) === 0) {
        each(at + HEADER, length);
        count++;
      }
      this.position += (length + HEADER + 7) & ~7;
    }
    Atomics.store(this.taken, 0, BigInt(this.position));
    return count;
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
