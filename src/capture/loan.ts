import type { FileLent } from '../format/writer.ts';

/** Whose the file is: nobody asks the capturing thread; offered to it; it has it; it is to give it back. */
const STATE = { own: 0, offered: 1, lent: 2, recalled: 3 } as const;
const [PLACE_OF_STATE, DESCRIPTOR, PORTS] = [0, 1, 2];
/** Packets written since the beginning, bytes since the file was lent. */
const [PACKETS, BYTES] = [0, 1];
const COUNTERS = 2 * 8;

/**
 * A file that one thread lends to the one that captures, which then writes the packets there itself: what both know of it.
 * It changes hands by one word, so that neither waits for the other unless it wants the file back.
 */
export class Loan {
  private readonly counters: Float64Array;
  private readonly words: Int32Array;

  constructor(memory: SharedArrayBuffer) {
    this.counters = new Float64Array(memory, 0, 2);
    this.words = new Int32Array(memory, COUNTERS);
  }
  static memory(): SharedArrayBuffer {
    return new SharedArrayBuffer(COUNTERS + 3 * 4);
  }
  /** Packets written by the thread that captures. */
  get packets(): number {
    return this.counters[PACKETS]!;
  }
  /** Bytes that it wrote since it was lent the file. */
  get bytes(): number {
    return this.counters[BYTES]!;
  }

  /** For the thread that has the file. */
  offer({ descriptor, ports }: FileLent): void {
    this.counters[BYTES] = 0;
    this.words[DESCRIPTOR] = descriptor;
    this.words[PORTS] = ports;
    Atomics.store(this.words, PLACE_OF_STATE, STATE.offered);
  }
  /** Wants it back; true: the other thread did not have it yet. */
  recall(): boolean {
    if (this.change(STATE.offered, STATE.own)) return true;
    this.change(STATE.lent, STATE.recalled);
    return false;
  }

  /** For the thread that captures. */
  get isOffered(): boolean {
    return this.state === STATE.offered;
  }
  get isRecalled(): boolean {
    return this.state === STATE.recalled;
  }
  take(): boolean {
    return this.change(STATE.offered, STATE.lent);
  }
  get descriptor(): number {
    return this.words[DESCRIPTOR]!;
  }
  /** So many ports are described in the file: it takes packets of no other. */
  get ports(): number {
    return this.words[PORTS]!;
  }
  wrote(packets: number, bytes: number): void {
    this.counters[PACKETS] = this.packets + packets;
    this.counters[BYTES] = this.bytes + bytes;
  }
  /** Whatever the other thread asked for meanwhile: it is told by a message. */
  giveBack(): void {
    Atomics.store(this.words, PLACE_OF_STATE, STATE.own);
  }
  private get state(): number {
    return Atomics.load(this.words, PLACE_OF_STATE);
  }
  private change(from: number, to: number): boolean {
    return Atomics.compareExchange(this.words, PLACE_OF_STATE, from, to) === from;
  }
}
