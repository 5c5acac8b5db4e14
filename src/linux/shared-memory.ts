import { systemError } from './failure.ts';
import { ffi, libc } from './library.ts';

const map = libc<(at: null, length: number, access: number, flags: number, fd: number, offset: number) => unknown>(
  'void *mmap(void *, size_t, int, int, int, int64_t)',
);
const unmap = libc<(at: bigint, length: number) => number>('int munmap(uintptr_t, size_t)');
const READ_WRITE = 3;
const PRIVATE_ANONYMOUS = 0x22;
const FAILED = 0xffff_ffff_ffff_ffffn;

/** What one thread tells another of memory. */
export interface SharedMemory {
  readonly address: bigint;
  readonly length: number;
}
/** Gives memory back that nobody can see any more. */
const unseen = new FinalizationRegistry<SharedMemory>(({ address, length }) => void unmap(address, length));

/**
 * Memory that several threads see. JavaScript has its own for that, but copies into it byte by byte, which takes ten times
 * as long. The thread that asked for it has to outlive the others, and whoever hands something on does it by a message.
 */
export function shareMemory(length: number): { memory: ArrayBuffer; shared: SharedMemory } {
  const at = map(null, length, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0);
  if (at === FAILED || at === null) throw systemError(`asking for ${length >> 10} KiB of memory`);
  const memory = ffi().view(at, length) as ArrayBuffer;
  const shared = { address: ffi().address(at), length };
  unseen.register(memory, shared);
  return { memory, shared };
}
/** The same memory, in another thread. */
export function sharedMemory({ address, length }: SharedMemory): ArrayBuffer {
  return ffi().view(address, length) as ArrayBuffer;
}
