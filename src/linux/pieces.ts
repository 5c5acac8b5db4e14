import { failedWith, systemError } from './failure.ts';
import { libc } from './library.ts';
import type { Mapping } from './mapping.ts';
import { shareMemory } from './shared-memory.ts';

const writeVector = libc<(fd: number, vector: bigint, count: number) => number>('int64_t writev(int, uintptr_t, int)');
/** How many pieces a call takes at most (UIO_MAXIOV). */
const AT_ONCE = 1024;
/** struct iovec: an address and a length, in words of 32 bits. */
const ENTRY = 4;
const WORD = 2 ** 32;
/** How long to leave alone a device that takes nothing just now. */
const PAUSE_MS = 1;

/** Parts of one mapping that are to be written one after the other, from where they lie. */
export class Pieces {
  count = 0;
  /** Where each begins in the mapping, and how many bytes it has. */
  readonly from: Uint32Array;
  readonly length: Uint32Array;
  private readonly vector: Uint32Array;
  private readonly address: bigint;

  constructor(readonly capacity: number) {
    this.from = new Uint32Array(capacity);
    this.length = new Uint32Array(capacity);
    const { memory, shared } = shareMemory(AT_ONCE * ENTRY * 4);
    this.vector = new Uint32Array(memory);
    this.address = shared.address;
  }
  add(from: number, length: number): void {
    const n = this.count++;
    this.from[n] = from;
    this.length[n] = length;
  }
  /** Writes all of them, and says how many bytes that was. */
  write(fd: number, mapping: Mapping): number {
    let written = 0;
    // The piece to go on with, and how much of it is written already.
    let first = 0;
    let done = 0;
    while (first < this.count) {
      const wrote = Number(writeVector(fd, this.address, this.fill(first, done, mapping.address)));
      if (wrote < 0) wait();
      else {
        written += wrote;
        done += wrote;
        while (first < this.count && done >= this.length[first]!) done -= this.length[first++]!;
      }
    }
    return written;
  }
  /** Enters the next pieces into the vector, and says how many. */
  private fill(first: number, done: number, base: number): number {
    const { vector, from, length } = this;
    const count = Math.min(AT_ONCE, this.count - first);
    for (let i = 0; i < count; i++) {
      const skip = i === 0 ? done : 0;
      const at = base + from[first + i]! + skip;
      vector[i * ENTRY] = at;
      vector[i * ENTRY + 1] = Math.floor(at / WORD);
      vector[i * ENTRY + 2] = length[first + i]! - skip;
      vector[i * ENTRY + 3] = 0;
    }
    return count;
  }
}
/** What failed was interrupted, or somebody made the file non-blocking; anything else is thrown. */
function wait(): void {
  if (failedWith('EINTR')) return;
  if (!failedWith('EAGAIN')) throw systemError('writing packets');
  Atomics.wait(PAUSE, 0, 0, PAUSE_MS);
}
const PAUSE = new Int32Array(new SharedArrayBuffer(4));
