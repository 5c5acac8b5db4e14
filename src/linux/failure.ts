import { getSystemErrorName } from 'node:util';
import { ToolError } from '../error.ts';
import { ffi, libc } from './library.ts';

/** What mends a call that failed so, where one answer fits. */
const REMEDY: Readonly<Record<string, string>> = {
  EPERM: 'sudo hooktap …',
  EACCES: 'sudo hooktap …',
  ENODEV: 'hooktap capture -D',
  ENXIO: 'hooktap capture -D',
  ENOMEM: 'a smaller buffer: -B 1024',
  ENOBUFS: 'a smaller buffer: -B 1024',
  EMFILE: 'ulimit -n 65536',
  EAFNOSUPPORT: 'sudo modprobe af_packet',
};
const describe = libc<(errno: number) => string>('const char *strerror(int errnum)');

/** A call of the system that failed. */
export class SystemError extends ToolError {
  constructor(
    /** What was being done, for a person: `entering the network namespace "blue"`. */
    readonly doing: string,
    /** The name of the error: `EPERM`. */
    readonly errno: string,
    text: string,
  ) {
    super(errno, `${doing}: ${text} (${errno})`, REMEDY[errno]);
    this.name = 'SystemError';
  }
}
/** The error of the call just made. */
export function systemError(doing: string): SystemError {
  return fromNumber(doing, ffi().errno());
}
export function fromNumber(doing: string, number: number): SystemError {
  return new SystemError(doing, nameOf(number), describe(number));
}
function nameOf(number: number): string {
  try {
    return getSystemErrorName(-number);
  } catch {
    return `errno ${number}`;
  }
}
/** The result of a call, which is negative when it failed. */
export function checked(result: number, doing: string): number {
  if (result < 0) throw systemError(doing);
  return result;
}
/** Was it this error that the call just made failed with? */
export function failedWith(name: keyof typeof NUMBER): boolean {
  return ffi().errno() === NUMBER[name];
}
/** The same on every architecture that Node runs on but MIPS and SPARC. */
const NUMBER = { EINTR: 4, EAGAIN: 11, EINVAL: 22, EBADFD: 77, EMSGSIZE: 90, ENOBUFS: 105, EINPROGRESS: 115 } as const;
