import { systemError } from './failure.ts';
import { ffi, libc } from './library.ts';

const map = libc<(at: null, length: number, access: number, flags: number, fd: number, offset: number) => unknown>(
  'void *mmap(void *, size_t, int, int, int, int64_t)',
);
const unmap = libc<(at: unknown, length: number) => number>('int munmap(void *, size_t)');
const READ_WRITE = 3;
const SHARED = 1;
/** All pages at once: none is missing when a packet comes. */
const POPULATE = 0x8000;
const FAILED = 0xffff_ffff_ffff_ffffn;

/** Memory that the kernel shares with us through a descriptor. */
export class Mapping {
  /** Reading it after {@link close} ends the process. */
  readonly memory: ArrayBuffer;
  private readonly at: unknown;

  constructor(
    fd: number,
    private readonly length: number,
    doing: string,
  ) {
    const at = map(null, length, READ_WRITE, SHARED | POPULATE, fd, 0);
    if (at === FAILED || at === null) throw systemError(doing);
    this.at = at;
    this.memory = ffi().view(at, length);
  }
  close(): void {
    unmap(this.at, this.length);
  }
}
