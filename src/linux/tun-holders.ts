import { closeSync, readFileSync } from 'node:fs';
import { libc } from './library.ts';
import { identity } from './namespace.ts';
import { descriptorsOf, processIds } from './processes.ts';

/** Numbers that are the same on every architecture. */
const SYSTEM_CALL = { pidfdOpen: 434, pidfdGetfd: 438 } as const;
const call = libc<(number: number, a: number, b: number, c: number) => number | bigint>(
  'long syscall(long, long, long, long)',
);
const ioctl = libc<(fd: number, request: number, argument: number) => number>(
  'int ioctl(int, unsigned long, unsigned long)',
);
/** TUNGETDEVNETNS: a descriptor of the namespace that the device is in (linux/if_tun.h, since Linux 5.7). */
const GET_NAMESPACE = 0x54e3;
const TUN = '/dev/net/tun';

/** A process that is the far end of a tun or tap device. */
export interface Holder {
  readonly pid: number;
  readonly device: string;
  /** The identity of the device's network namespace, which may be another one than the process's. */
  readonly namespace: string | undefined;
}
/** Everybody who holds a tun or tap device, as far as we may see the descriptors of processes. */
export function tunHolders(): Holder[] {
  return processIds().flatMap((pid) => {
    const found = [...descriptorsOf(pid)].flatMap(({ fd, target }) => {
      const device = target === TUN ? deviceIn(pid, fd) : undefined;
      return device === undefined ? [] : [{ pid, device, namespace: namespaceOf(pid, fd) }];
    });
    // One with several queues is held several times.
    return found.filter((a, i) => found.findIndex((b) => b.device === a.device && b.namespace === a.namespace) === i);
  });
}
/** The kernel tells the name of the device that a descriptor is attached to. */
function deviceIn(pid: number, fd: number): string | undefined {
  try {
    return /^iff:\t(.+)$/m.exec(readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}
/** Of the device, if we may have a copy of the descriptor; else we take it to be where the process is. */
function namespaceOf(pid: number, fd: number): string | undefined {
  const process = Number(call(SYSTEM_CALL.pidfdOpen, pid, 0, 0));
  if (process >= 0) {
    const copy = Number(call(SYSTEM_CALL.pidfdGetfd, process, fd, 0));
    closeSync(process);
    if (copy >= 0) {
      const namespace = ioctl(copy, GET_NAMESPACE, 0);
      closeSync(copy);
      if (namespace >= 0) {
        const id = identity({ path: `/proc/self/fd/${namespace}` });
        closeSync(namespace);
        return id;
      }
    }
  }
  return identity({ path: `/proc/${pid}/ns/net` });
}
