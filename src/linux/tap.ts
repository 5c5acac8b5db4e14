import { closeSync, openSync } from 'node:fs';
import { ToolError } from '../error.ts';
import { systemError } from './failure.ts';
import { libc } from './library.ts';

const ioctl = libc<(fd: number, request: number, argument: Uint8Array) => number>(
  'int ioctl(int, unsigned long, const void *)',
);
const DEVICE = '/dev/net/tun';
/** linux/if_tun.h: TUNSETIFF, IFF_TAP | IFF_NO_PI. */
const SET_DEVICE = 0x4004_54ca;
const TAP_WITHOUT_HEADER = 0x1002;
/** struct ifreq: a name of 16 bytes, then flags. */
const REQUEST = { size: 40, flags: 16 } as const;

/** Makes a tap device in the thread's network namespace. It lives as long as the descriptor, which is its far end: whole frames. */
export function openTap(name: string): number {
  const fd = openDevice();
  const request = new Uint8Array(REQUEST.size);
  request.set(new TextEncoder().encode(name));
  new DataView(request.buffer).setUint16(REQUEST.flags, TAP_WITHOUT_HEADER, true);
  if (ioctl(fd, SET_DEVICE, request) >= 0) return fd;
  const error = systemError(`making the tap device "${name}"`);
  closeSync(fd);
  throw error;
}
function openDevice(): number {
  try {
    return openSync(DEVICE, 'r+');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENODEV' || code === 'ENXIO')
      throw new ToolError('no-tun', 'this kernel offers no tap devices', 'sudo modprobe tun');
    throw new ToolError('cannot-open', `${DEVICE} may not be opened`, 'sudo hooktap …');
  }
}
