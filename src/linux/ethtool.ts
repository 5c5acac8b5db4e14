import { ffi, libc } from './library.ts';

const ioctl = libc<(fd: number, request: number, argument: Uint8Array) => number>(
  'int ioctl(int, unsigned long, _Inout_ void *)',
);
/** linux/sockios.h, linux/ethtool.h */
const SIOCETHTOOL = 0x8946;
const COMMAND = { settings: 1, driver: 3 } as const;
/** struct ifreq: a name of 16 bytes, and a pointer among others. */
const REQUEST = { size: 40, name: 15, pointer: 16 } as const;
/** struct ethtool_cmd; the speed in Mbit/s is in two halves. */
const SETTINGS = { size: 44, speed: 12, speedHigh: 28 } as const;
/** struct ethtool_drvinfo: the driver's name, its version, and more. */
const DRIVER = { size: 196, name: 4, length: 32 } as const;
const UNKNOWN_SPEED = 0xffff_ffff;
const MEGABIT = 1_000_000;

export interface Hardware {
  /** Bits in a second. */
  readonly speed: number | undefined;
  readonly driver: string | undefined;
}
/** What the driver of a device tells, in the network namespace of the socket `fd`. Not all devices have something to tell. */
export function hardwareOf(fd: number, device: string): Hardware {
  return { speed: speedOf(fd, device), driver: driverOf(fd, device) };
}
function speedOf(fd: number, device: string): number | undefined {
  return ask(fd, device, COMMAND.settings, SETTINGS.size, (view) => {
    const megabits = view.getUint16(SETTINGS.speed, true) + view.getUint16(SETTINGS.speedHigh, true) * 0x1_0000;
    return megabits === 0 || megabits === UNKNOWN_SPEED ? undefined : megabits * MEGABIT;
  });
}
function driverOf(fd: number, device: string): string | undefined {
  return ask(fd, device, COMMAND.driver, DRIVER.size, (view) => {
    const name = new Uint8Array(view.buffer, view.byteOffset + DRIVER.name, DRIVER.length);
    const text = new TextDecoder().decode(name.slice(0, name.indexOf(0)));
    return text === '' ? undefined : text;
  });
}
function ask<T>(fd: number, device: string, command: number, size: number, read: (view: DataView) => T): T | undefined {
  const answer = ffi().alloc('uint8_t', size);
  try {
    const view = new DataView(ffi().view(answer, size));
    for (let i = 0; i < size; i++) view.setUint8(i, 0);
    view.setUint32(0, command, true);
    const request = new Uint8Array(REQUEST.size);
    request.set(new TextEncoder().encode(device).subarray(0, REQUEST.name));
    new DataView(request.buffer).setBigUint64(REQUEST.pointer, ffi().address(answer), true);
    return ioctl(fd, SIOCETHTOOL, request) < 0 ? undefined : read(view);
  } finally {
    ffi().free(answer);
  }
}
