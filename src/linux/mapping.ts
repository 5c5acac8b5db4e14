import { systemError } from './failure.ts';
import { ffi, libc } from './library.ts';

const map = libc<(at: null, length: number, access: number, flags: number, fd: number, offset: number) => unknown>(
  'void *mmap(void *, size_t, int, int, int, int64_t)',
);
const unmap = libc<(at: unknown, length: number) => number>('int munmap(void *, size_t)');
const ACCESS = { readOnly: 1, readWrite: 3 } as const;
const [SHARED, PRIVATE] = [1, 2];
/** All pages at once: none is missing when a packet comes. */
const POPULATE = 0x8000;
const FAILED = 0xffff_ffff_ffff_ffffn;

/** Memory that the kernel shares with us through a descriptor. */
export class Mapping {
  /** Reading it after {@link close} ends the process. */
  readonly memory: ArrayBuffer;
  /** Where it lies: below 2⁴⁷ for any process. */
  readonly address: number;
  private readonly at: unknown;

  constructor(
    fd: number,
    private readonly length: number,
    doing: string,
    { offset = 0, readOnly = false, shared = true }: { offset?: number; readOnly?: boolean; shared?: boolean } = {},
  ) {
    const access = readOnly ? ACCESS.readOnly : ACCESS.readWrite;
    const at = map(null, length, access, (shared ? SHARED : PRIVATE) | POPULATE, fd, offset);
    if (at === FAILED || at === null) throw systemError(doing);
    this.at = at;
    this.address = Number(ffi().address(at as never));
    this.memory = ffi().view(at, length);
  }
  close(): void {
    unmap(this.at, this.length);
  }
}
