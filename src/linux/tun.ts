import { closeSync, constants, openSync } from 'node:fs';
import { ToolError } from '../error.ts';
import { checked, failedWith, type SystemError, systemError } from './failure.ts';
import { libc } from './library.ts';
import type { Outcome } from './packet-sender.ts';
import { FAMILY, Socket, TYPE } from './socket.ts';

const ioctl = libc<(fd: number, request: number, argument: Uint8Array) => number>(
  'int ioctl(int, unsigned long, _Inout_ void *)',
);
const read = libc<(fd: number, into: Uint8Array, length: number) => number | bigint>(
  'int64_t read(int, _Out_ void *, size_t)',
);
const write = libc<(fd: number, bytes: Uint8Array, length: number) => number | bigint>(
  'int64_t write(int, const void *, size_t)',
);
const DEVICE = '/dev/net/tun';
/** linux/if_tun.h, linux/sockios.h */
const REQUEST = { setDevice: 0x4004_54ca, getFlags: 0x8913, setFlags: 0x8914 } as const;
const FLAG = { tun: 1, tap: 2, multiQueue: 0x100, noHeader: 0x1000 } as const;
const UP = 1;
/** struct ifreq: a name of 16 bytes, and flags among others. */
const INTERFACE = { size: 40, name: 15, flags: 16 } as const;

/** `tap`: whole Ethernet frames; `tun`: IP packets. */
export type TunMode = 'tun' | 'tap';
export interface TunOptions {
  readonly name: string;
  readonly mode: TunMode;
  /** As the device was made; it makes no difference for one that is made now. */
  readonly multiQueue: boolean;
}

/** The far end of a tun or tap device: what the system sends through the device is read here, what is written here it receives. */
export class Tun {
  private constructor(
    readonly fd: number,
    readonly name: string,
  ) {}
  /** Takes hold of a device of the thread's network namespace, or makes it. Needs CAP_NET_ADMIN there, or to be its owner. */
  static open({ name, mode, multiQueue }: TunOptions): Tun {
    const fd = openDevice();
    const request = requestFor(name);
    const flags = FLAG[mode] | FLAG.noHeader | (multiQueue ? FLAG.multiQueue : 0);
    new DataView(request.buffer).setUint16(INTERFACE.flags, flags, true);
    if (ioctl(fd, REQUEST.setDevice, request) >= 0) return new Tun(fd, nameIn(request));
    const error = systemError(`taking hold of the ${mode} device "${name}"`);
    closeSync(fd);
    throw refined(error, name);
  }
  /** The next frame, in `into`, and its length; `undefined` when there is none. A longer one is cut. */
  read(into: Uint8Array): number | undefined {
    const length = Number(read(this.fd, into, into.length));
    if (length >= 0) return length;
    if (failedWith('EAGAIN') || failedWith('EINTR')) return undefined;
    throw this.failure('reading from');
  }
  write(frame: Uint8Array): Outcome {
    if (Number(write(this.fd, frame, frame.length)) >= 0) return 'sent';
    if (failedWith('EAGAIN') || failedWith('EINTR') || failedWith('ENOBUFS')) return 'full';
    if (failedWith('EMSGSIZE') || failedWith('EINVAL')) return 'unfit';
    throw this.failure('writing to');
  }
  private failure(doing: string): ToolError {
    if (failedWith('EBADFD')) return new ToolError('ENODEV', `the device "${this.name}" is gone`);
    const error = systemError(`${doing} "${this.name}"`);
    if (error.errno !== 'EIO') return error;
    return new ToolError('ENETDOWN', `the device "${this.name}" is down`, `ip link set ${this.name} up`);
  }
  close(): void {
    closeSync(this.fd);
  }
}
function openDevice(): number {
  try {
    return openSync(DEVICE, constants.O_RDWR | constants.O_NONBLOCK);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENODEV' || code === 'ENXIO')
      throw new ToolError('no-tun', 'this kernel offers no tun or tap devices', 'sudo modprobe tun');
    throw new ToolError('cannot-open', message, 'sudo hooktap …');
  }
}
function refined(error: SystemError, name: string): ToolError {
  if (error.errno === 'EBUSY')
    return new ToolError('EBUSY', `somebody else is the far end of "${name}" already`, 'hooktap interfaces');
  if (error.errno === 'EINVAL')
    return new ToolError('EINVAL', `"${name}" is no tun or tap device, or it is no name`, 'hooktap interfaces');
  return error;
}
function requestFor(name: string): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(name);
  if (bytes.length > INTERFACE.name)
    throw new ToolError('no-such-device', `"${name}" is too long for the name of a device: 15 bytes at most`);
  const request = new Uint8Array(INTERFACE.size);
  request.set(bytes);
  return request;
}
const nameIn = (request: Uint8Array): string => new TextDecoder().decode(request.subarray(0, request.indexOf(0)));

/** Switches a device of the thread's network namespace on. */
export function bringUp(name: string): void {
  const socket = Socket.open(FAMILY.internet, TYPE.datagram, 0, 'opening a socket');
  try {
    const request = requestFor(name);
    const view = new DataView(request.buffer);
    checked(ioctl(socket.fd, REQUEST.getFlags, request), `asking for the flags of "${name}"`);
    view.setUint16(INTERFACE.flags, view.getUint16(INTERFACE.flags, true) | UP, true);
    checked(ioctl(socket.fd, REQUEST.setFlags, request), `switching "${name}" on`);
  } finally {
    socket.close();
  }
}
/** May devices be made here? Throws what keeps us from it. */
export function tryTun(): void {
  closeSync(openDevice());
}
