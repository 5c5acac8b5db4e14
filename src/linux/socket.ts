import { checked, failedWith, systemError } from './failure.ts';
import { libc } from './library.ts';

const call = {
  socket: libc<(family: number, type: number, protocol: number) => number>('int socket(int, int, int)'),
  bind: libc<(fd: number, address: Uint8Array, length: number) => number>('int bind(int, const void *, uint32_t)'),
  connect: libc<(fd: number, address: Uint8Array, length: number) => number>(
    'int connect(int, const void *, uint32_t)',
  ),
  close: libc<(fd: number) => number>('int close(int)'),
  set: libc<(fd: number, level: number, name: number, value: Uint8Array, length: number) => number>(
    'int setsockopt(int, int, int, const void *, uint32_t)',
  ),
  get: libc<(fd: number, level: number, name: number, value: Uint8Array, length: number[]) => number>(
    'int getsockopt(int, int, int, _Inout_ void *, _Inout_ uint32_t *)',
  ),
  send: libc<(fd: number, bytes: Uint8Array, length: number, flags: number) => number>(
    'int64_t send(int, const void *, size_t, int)',
  ),
  receive: libc<(fd: number, bytes: Uint8Array, length: number, flags: number) => number>(
    'int64_t recv(int, _Out_ void *, size_t, int)',
  ),
};
/** From sys/socket.h; the same on every architecture that Node runs on but MIPS and SPARC. */
export const FAMILY = { internet: 2, netlink: 16, packet: 17 } as const;
export const TYPE = { stream: 1, datagram: 2, raw: 3 } as const;
export const LEVEL = { ip: 0, socket: 1, packet: 263, netlink: 270 } as const;
export const OPTION = { error: 4, attachFilter: 26, receiveBufferForce: 33 } as const;
const CLOSE_ON_EXEC = 0o2000000;
const NON_BLOCKING = 0o4000;
/** Ask for a message's whole length, also when it does not fit. */
const TRUNCATED_LENGTH = 0x20;

/** A socket that never waits. It stays in the network namespace that it was made in. */
export class Socket {
  constructor(readonly fd: number) {}

  static open(family: number, type: number, protocol: number, doing: string): Socket {
    return new Socket(checked(call.socket(family, type | CLOSE_ON_EXEC | NON_BLOCKING, protocol), doing));
  }
  bind(address: Uint8Array, doing: string): void {
    checked(call.bind(this.fd, address, address.length), doing);
  }
  /** Where packets are to go. A connection that is not made at once is made meanwhile. */
  connect(address: Uint8Array, doing: string): void {
    if (call.connect(this.fd, address, address.length) < 0 && !failedWith('EINPROGRESS')) throw systemError(doing);
  }
  set(level: number, name: number, value: Uint8Array, doing: string): void {
    checked(call.set(this.fd, level, name, value, value.length), doing);
  }
  /** The same, where it does not matter whether the system grants it. */
  wish(level: number, name: number, value: Uint8Array): void {
    call.set(this.fd, level, name, value, value.length);
  }
  get(level: number, name: number, value: Uint8Array, doing: string): void {
    checked(call.get(this.fd, level, name, value, [value.length]), doing);
  }
  /** The error that waits on the socket, which this clears; 0: none. */
  takeError(): number {
    const value = words(0);
    this.get(LEVEL.socket, OPTION.error, value, 'asking a socket for its error');
    return new DataView(value.buffer).getInt32(0, true);
  }
  send(bytes: Uint8Array, doing: string): void {
    checked(Number(call.send(this.fd, bytes, bytes.length, 0)), doing);
  }
  /** The next message, in `into`, and how long it is, which may be more than fits; `undefined` when there is none. */
  receive(into: Uint8Array, doing: string): number | undefined {
    const length = Number(call.receive(this.fd, into, into.length, TRUNCATED_LENGTH));
    if (length >= 0) return length;
    if (failedWith('EAGAIN') || failedWith('EINTR')) return undefined;
    throw systemError(doing);
  }
  close(): void {
    call.close(this.fd);
  }
}
/** Numbers as C's int, one after the other, as the kernel wants them: all machines that Node runs on here are little-endian. */
export function words(...values: number[]): Uint8Array {
  return new Uint8Array(Int32Array.from(values).buffer);
}
