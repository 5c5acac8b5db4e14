import { constants, openSync, readlinkSync } from 'node:fs';
import type { OnReadOpts, Socket, SocketConstructorOpts } from 'node:net';
import { ToolError } from '../error.ts';
import type { Bytes } from './bytes.ts';

/** As much as a pipe holds unless somebody enlarged it. */
const STAGE = 64 << 10;

/**
 * A pipe or a socket. It is read through the event loop: a read in the thread pool could not be interrupted, and even
 * `process.exit` would wait for it.
 */
export class PipeBytes implements Bytes {
  readonly size = undefined;
  private readonly stage = Buffer.alloc(STAGE);
  private readonly socket: Socket;
  /** What arrived and was not asked for yet: `[from, to)` of the stage. */
  private from = 0;
  private to = 0;
  private ended = false;
  private failure: ToolError | undefined;
  private wake: (() => void) | undefined;

  constructor(name: string, fd: number) {
    const onread = { buffer: this.stage, callback: (count: number) => this.arrived(count) };
    // The types know `onread` for connections only.
    const options: SocketConstructorOpts & { onread: OnReadOpts } = { fd: ownDescription(fd), writable: false, onread };
    // Loaded only for pipes: node:net takes longer to load than a small file to read.
    this.socket = new (process.getBuiltinModule('node:net').Socket)(options);
    const end = () => {
      this.ended = true;
      this.wake?.();
    };
    this.socket.on('end', end).on('close', end);
    this.socket.on('error', (error) => {
      this.failure = new ToolError('cannot-read', `${name}: ${error.message}`, 'start the program that feeds it again');
      end();
    });
  }
  /** One stage at a time: false pauses the socket. */
  private arrived(count: number): boolean {
    this.from = 0;
    this.to = count;
    this.wake?.();
    return false;
  }
  read(into: Uint8Array, at: number): number | Promise<number> {
    if (this.from < this.to) return this.take(into, at);
    if (this.ended) return this.take(into, at);
    return new Promise((resolve, reject) => {
      this.wake = () => {
        this.wake = undefined;
        try {
          resolve(this.take(into, at));
        } catch (error) {
          reject(error);
        }
      };
      this.socket.resume();
    });
  }
  private take(into: Uint8Array, at: number): number {
    if (this.from === this.to && this.failure !== undefined) throw this.failure;
    const count = Math.min(this.to - this.from, into.length - at);
    into.set(this.stage.subarray(this.from, this.from + count), at);
    this.from += count;
    return count;
  }
  stop(): void {
    this.ended = true;
    this.from = this.to;
    this.socket.destroy();
    this.wake?.();
  }
  async [Symbol.asyncDispose](): Promise<void> {
    this.stop();
  }
}
/**
 * The event loop makes the descriptor non-blocking, which would surprise whoever shares the standard input with us:
 * a pipe opened anew through /proc is ours alone. Not so sockets, which cannot be opened, and named pipes: one that is
 * opened when its writer is gone already waits for another one.
 */
function ownDescription(fd: number): number {
  if (fd > 2) return fd;
  try {
    const path = `/proc/self/fd/${fd}`;
    if (readlinkSync(path).startsWith('pipe:')) return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    // Without /proc the descriptor is taken as it is.
  }
  return fd;
}
