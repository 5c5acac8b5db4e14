import { closeSync, constants, fstatSync, openSync, readvSync, type Stats } from 'node:fs';
import { ToolError } from '../error.ts';
import { inputName, quoted } from '../format/shell.ts';
import { GrowingBytes } from './growing.ts';
import { PipeBytes } from './pipe.ts';

/** Where bytes come from. */
export interface Bytes extends AsyncDisposable {
  /** Bytes in all, when that is known. */
  readonly size: number | undefined;
  /** Of what is made from something else: how big that is, when it is known, and how much of it was used. */
  readonly source?: { readonly size: number | undefined; readonly position: number };
  /** Fills `into` from `at` on and says how many bytes it filled; 0 at the end. A promise only where waiting may be needed. */
  read(into: Uint8Array, at: number): number | Promise<number>;
  /** Fills `into` with what stands at `position`, whatever was read; where bytes stay where they are. */
  readonly readAt?: ((into: Uint8Array, position: number) => number) | undefined;
  /** Ends a read that waits: it comes back with 0, and so do all later ones. */
  stop(): void;
}

/** Opens a file, a named pipe, or with `-` the standard input. With `follow` a file's end is where more is waited for. */
export function openBytes(path: string, follow = false): Bytes {
  if (path === '-' && process.getBuiltinModule('node:tty').isatty(0)) {
    throw new ToolError('terminal', 'the standard input is a terminal, not a capture', 'hooktap read FILE');
  }
  const fd = path === '-' ? 0 : open(path);
  const stat = fstatSync(fd);
  if (stat.isFIFO() || stat.isSocket()) return new PipeBytes(inputName(path), fd);
  if (stat.isDirectory()) {
    if (fd > 2) closeSync(fd);
    throw new ToolError('directory', `${inputName(path)} is a directory`, `ls ${quoted(path)}`);
  }
  const file = new FileBytes(inputName(path), fd, stat);
  return follow && stat.isFile() ? new GrowingBytes(inputName(path), fd, file) : file;
}
function open(path: string): number {
  try {
    // Without O_NONBLOCK the opening of a named pipe waits for a writer, and nothing can interrupt it.
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw refusal(path, error as NodeJS.ErrnoException);
  }
}
function refusal(path: string, error: NodeJS.ErrnoException): ToolError {
  const name = inputName(path);
  if (error.code === 'ENOENT') {
    return new ToolError('no-such-file', `${name}: no such file`, `ls ${quoted(path.replace(/[^/]*$/, '') || '.')}`);
  }
  if (error.code === 'EACCES' || error.code === 'EPERM') {
    return new ToolError('no-permission', `${name}: not allowed to read it`, `sudo hooktap read ${quoted(path)}`);
  }
  return new ToolError('cannot-open', `${name}: ${error.message}`, `ls -l ${quoted(path)}`);
}

/** A file, or a device that never waits. Reads are synchronous: a disk answers sooner than the event loop. */
class FileBytes implements Bytes {
  readonly size: number | undefined;
  readonly readAt: ((into: Uint8Array, position: number) => number) | undefined;
  private stopped = false;

  constructor(
    private readonly name: string,
    private fd: number,
    stat: Stats,
  ) {
    this.size = stat.isFile() ? stat.size : undefined;
    this.readAt = stat.isFile() ? (into, position) => this.readFrom(into, 0, position) : undefined;
  }
  read(into: Uint8Array, at: number): number {
    return this.stopped ? 0 : this.readFrom(into, at);
  }
  /** Without a `position`: where the read before ended. `readv`, as Node checks its arguments in half the time. */
  private readFrom(into: Uint8Array, at: number, position?: number): number {
    try {
      return readvSync(this.fd, [at === 0 ? into : into.subarray(at)], position);
    } catch (error) {
      throw new ToolError('cannot-read', `${this.name}: ${(error as Error).message}`, 'dmesg | tail');
    }
  }
  stop(): void {
    this.stopped = true;
  }
  async [Symbol.asyncDispose](): Promise<void> {
    this.stopped = true;
    const { fd } = this;
    this.fd = -1;
    if (fd > 2) closeSync(fd);
  }
}
