import { checked, failedWith } from './failure.ts';
import { libc } from './library.ts';

const poll = libc<(set: Uint8Array, count: number, milliseconds: number) => number>(
  'int poll(_Inout_ void *, unsigned long, int)',
);
const READABLE = 1;
const FAILED = 8;
/** struct pollfd: a descriptor, the events asked for, the events found. */
const ENTRY = 8;

/**
 * Waits for descriptors. The thread stands still meanwhile, which suits one that has nothing else to do, and keeps us off
 * the event loop's own watching of descriptors that koffi offers but does not document.
 */
export class PollSet {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;

  constructor(private readonly fds: readonly number[]) {
    this.bytes = new Uint8Array(fds.length * ENTRY);
    this.view = new DataView(this.bytes.buffer);
    for (let i = 0; i < fds.length; i++) this.watch(i, true);
  }
  /** Leaves a descriptor out of the waiting, or takes it in again. */
  watch(i: number, on: boolean): void {
    // The kernel passes over negative descriptors.
    this.view.setInt32(i * ENTRY, on ? this.fds[i]! : -1, true);
    this.view.setInt16(i * ENTRY + 4, READABLE, true);
  }
  /** Waits so long at most; -1: without end. */
  wait(milliseconds: number): void {
    const found = poll(this.bytes, this.fds.length, milliseconds);
    if (found >= 0) return;
    if (!failedWith('EINTR')) checked(found, 'waiting for packets');
    for (let i = 0; i < this.fds.length; i++) this.view.setInt16(i * ENTRY + 6, 0, true);
  }
  readable(i: number): boolean {
    return (this.view.getInt16(i * ENTRY + 6, true) & READABLE) !== 0;
  }
  failed(i: number): boolean {
    return (this.view.getInt16(i * ENTRY + 6, true) & FAILED) !== 0;
  }
}

const read = libc<(fd: number, into: Uint8Array, length: number) => number>('int64_t read(int, _Out_ void *, size_t)');
const eventfd = libc<(count: number, flags: number) => number>('int eventfd(unsigned int, int)');
const CLOSE_ON_EXEC = 0o2000000;
const NON_BLOCKING = 0o4000;
/** What it takes to make a bell readable: eight bytes, from any thread. */
export const RING_THE_BELL: Uint8Array = Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0);
/** A descriptor that another thread makes readable, to wake one that waits for it. */
export function bell(): number {
  return checked(eventfd(0, CLOSE_ON_EXEC | NON_BLOCKING), 'making a descriptor to be woken by');
}
/** Makes a bell that rang ready to be rung again. */
export function silence(fd: number): void {
  read(fd, new Uint8Array(8), 8);
}
