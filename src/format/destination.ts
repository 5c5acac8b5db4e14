import { closeSync, constants, fstatSync, ftruncateSync, openSync, statSync, writeSync, writevSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { ToolError } from '../error.ts';
import { type Device, Output, type WriteError } from './output.ts';
import { displayed, quoted } from './shell.ts';

/** Opens a file, a named pipe, or with `-` the standard output for packets; `source` is the file that must not be overwritten. */
export async function openOutput(path: string, source?: string): Promise<Output> {
  if (path !== '-') return outputTo(path, await open(path, source));
  const { isatty } = process.getBuiltinModule('node:tty');
  if (isatty(1)) throw new ToolError('terminal', 'packets are not written to a terminal', '-w FILE, or -w - | PROGRAM');
  return standardOutput();
}
/** The standard output, for text: a terminal will do. */
export const standardOutput = (): Output => outputTo('-', 1);

/** Writes text to the standard output: all of it, at once. What somebody may leave unread goes through {@link standardOutput}. */
export function tell(text: string | Uint8Array): void {
  try {
    writeAll(1, [typeof text === 'string' ? Buffer.from(text) : text]);
  } catch (error) {
    throw failure('-', error as NodeJS.ErrnoException);
  }
}

function outputTo(path: string, fd: number): Output {
  const stat = fstatSync(fd);
  return new Output(stat.isFIFO() || stat.isSocket() ? pipe(path, fd) : file(path, fd, stat.isFile() && fd > 2));
}

const { O_CREAT, O_NONBLOCK, O_WRONLY } = constants;

async function open(path: string, source: string | undefined): Promise<number> {
  for (;;) {
    try {
      const fd = openSync(path, O_WRONLY | O_CREAT | O_NONBLOCK, 0o666);
      if (!fstatSync(fd).isFile()) return fd;
      if (source !== undefined && source !== '-') refuseSame(path, fd, source);
      ftruncateSync(fd);
      return fd;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // A named pipe that nobody reads yet.
      if (code !== 'ENXIO') throw error instanceof ToolError ? error : refusal(path, error as NodeJS.ErrnoException);
      await setTimeout(20);
    }
  }
}
function refuseSame(path: string, fd: number, source: string): void {
  const here = fstatSync(fd);
  const there = statSync(source, { throwIfNoEntry: false });
  if (there === undefined || there.dev !== here.dev || there.ino !== here.ino) return;
  closeSync(fd);
  throw new ToolError('same-file', `${displayed(path)} is the file that is being read`, `-w ${quoted(`${path}.new`)}`);
}
function refusal(path: string, error: NodeJS.ErrnoException): ToolError {
  const name = displayed(path);
  const directory = quoted(path.replace(/[^/]*$/, '') || '.');
  if (error.code === 'ENOENT')
    return new ToolError('no-such-file', `${name}: no such directory`, `mkdir -p ${directory}`);
  if (error.code === 'ENOTDIR')
    return new ToolError('no-such-file', `${name}: a part of its path is no directory`, `ls -ld ${directory}`);
  if (error.code === 'EISDIR') {
    return new ToolError('directory', `${name} is a directory`, `-w ${quoted(`${path}/capture.pcapng`)}`);
  }
  if (error.code === 'EACCES' || error.code === 'EPERM' || error.code === 'EROFS') {
    return new ToolError('no-permission', `${name}: not allowed to write it`, `ls -ld ${directory}`);
  }
  return failure(path, error, 0);
}
/** What a failed write means, of packets after so many bytes. */
function failure(path: string, error: WriteError, written?: number): ToolError {
  const name = path === '-' ? 'the standard output' : displayed(path);
  if (error.code === 'EPIPE') return new ToolError('closed-pipe', `${name}: nobody reads it any more`);
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT' || error.code === 'EFBIG') {
    const why = error.code === 'ENOSPC' ? 'the disk is full' : 'the file may not grow further';
    const kept = written === 0 ? '; nothing was written' : '; the packets written before are in it';
    const what = `${name}: ${why}${written === undefined ? '' : kept}`;
    return new ToolError('disk-full', what, `df -h ${quoted(path.replace(/[^/]*$/, '') || '.')}`);
  }
  return new ToolError('cannot-write', `${name}: ${error.message}`, 'dmesg | tail');
}

/** A file or a device, where a write does not wait for anybody. */
function file(path: string, fd: number, truncates: boolean): Device {
  let whole = 0;
  let broken: ToolError | undefined;
  const fail = (error: WriteError) => {
    // No half record at the end.
    if (truncates && whole > 0) ftruncateSync(fd, whole);
    broken = failure(path, error, whole);
    return broken;
  };
  return {
    waits: false,
    descriptor: fd,
    write(parts) {
      // What came behind a part that is missing could not be read.
      if (broken !== undefined) throw broken;
      try {
        whole += writeAll(fd, parts);
      } catch (error) {
        throw fail(error as NodeJS.ErrnoException);
      }
    },
    wrote(bytes, error) {
      whole += bytes;
      if (error !== undefined) throw fail(error);
    },
    close() {
      if (fd > 2) closeSync(fd);
    },
  };
}
/** The kernel takes at most 1024 parts at once (UIO_MAXIOV), and may take less than it is given. */
function writeAll(fd: number, parts: Uint8Array[]): number {
  let total = 0;
  let first = 0;
  while (first < parts.length) {
    let wrote = writeSome(fd, parts.slice(first, first + 1024));
    total += wrote;
    while (first < parts.length && wrote >= parts[first]!.length) {
      wrote -= parts[first]!.length;
      first++;
    }
    if (wrote > 0) parts[first] = parts[first]!.subarray(wrote);
  }
  return total;
}
/** Somebody who shares a terminal with us may have made it non-blocking. */
function writeSome(fd: number, parts: Uint8Array[]): number {
  for (;;) {
    try {
      // What writes text has one part, which the plain call takes sooner.
      return parts.length === 1 ? writeSync(fd, parts[0]!) : writevSync(fd, parts);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(PAUSE, 0, 0, 1);
    }
  }
}
const PAUSE = new Int32Array(new SharedArrayBuffer(4));

/** A pipe or a socket, whose reader may be slow or go away: written through the event loop, so that ctrl-C works. */
function pipe(path: string, fd: number): Device {
  // Loaded only here: node:net takes longer to load than a small file to read.
  const { Socket } = process.getBuiltinModule('node:net');
  const socket = new Socket({ fd: ownDescription(fd), readable: false, writable: true });
  let broken: ToolError | undefined;
  socket.on('error', (error) => {
    broken ??= failure(path, error, 0);
  });
  const wrote = (part: Uint8Array) =>
    new Promise<void>((resolve, reject) => {
      socket.write(part, (error) => (error ? reject(failure(path, error, 0)) : resolve()));
    });
  return {
    waits: true,
    async write(parts) {
      if (broken !== undefined) throw broken;
      socket.cork();
      const all = parts.map(wrote);
      socket.uncork();
      await Promise.all(all);
    },
    close() {
      if (broken === undefined) return new Promise<void>((resolve) => void socket.end(() => resolve()));
      socket.destroy();
      return;
    },
  };
}
/** The event loop wants the descriptor to be non-blocking; whoever shares the standard output with us does not. */
function ownDescription(fd: number): number {
  if (fd > 2) return fd;
  try {
    return openSync(`/proc/self/fd/${fd}`, O_WRONLY | O_NONBLOCK);
  } catch {
    return fd;
  }
}
