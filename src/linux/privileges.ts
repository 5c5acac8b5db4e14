import { ToolError } from '../error.ts';
import { checked } from './failure.ts';
import { ffi, libc } from './library.ts';

const control = libc<(what: number, a: number, b: number, c: number, d: number) => number>(
  'int prctl(int, unsigned long, unsigned long, unsigned long, unsigned long)',
);
const set = libc<(header: Uint8Array, data: Uint8Array) => number>('int capset(const void *, const void *)');
const get = libc<(header: Uint8Array, data: Uint8Array) => number>('int capget(const void *, _Out_ void *)');
const byName = libc<(name: string) => unknown>('void *getpwnam(const char *)');
const byId = libc<(id: number) => unknown>('void *getpwuid(unsigned int)');

/** linux/prctl.h */
const PRCTL = { signalOfParent: 1, keepCapabilities: 8, noNewPrivileges: 38 } as const;
/** linux/capability.h: what it takes to enter further network namespaces and to capture there. */
export const CAPABILITY = { readAll: 2, netRaw: 13, trace: 19, admin: 21 } as const;
const VERSION_3 = 0x2008_0522;

export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}
/** The user of a name or a number. */
export function userOf(name: string): User {
  const found = /^\d+$/.test(name) ? byId(Number(name)) : byName(name);
  if (found === null) throw new ToolError('no-such-user', `there is no user "${name}"`, 'getent passwd');
  // struct passwd: name, password, uid, gid, …
  const view = new DataView(ffi().view(found, 24));
  return {
    name: ffi().decode(found, 'const char *') as string,
    uid: view.getUint32(16, true),
    gid: view.getUint32(20, true),
  };
}
/** Who called sudo, if we are root because of that. */
export function invokingUser(): User | undefined {
  const { SUDO_UID: uid } = process.env;
  if (process.getuid!() !== 0 || uid === undefined || !/^[1-9]\d*$/.test(uid)) return undefined;
  try {
    return userOf(uid);
  } catch (error) {
    if (error instanceof ToolError) return undefined;
    throw error;
  }
}
/** The whole process, all of its threads, is this user's from now on. There is no way back. */
export function become({ name, uid, gid }: User): void {
  try {
    // The types do not know it.
    (process as unknown as { initgroups(user: string, group: number): void }).initgroups(name, gid);
    process.setgid!(gid);
    process.setuid!(uid);
  } catch (error) {
    const why = (error as Error).message;
    throw new ToolError('cannot-become', `becoming the user "${name}": ${why}`, '-Z root, to remain who you are');
  }
  if (process.getuid!() !== uid || process.geteuid!() !== uid)
    throw new ToolError('cannot-become', `becoming the user "${name}" had no effect`);
}
/** Capabilities of this thread are to survive that the process becomes another user's. */
export function keepCapabilities(): void {
  checked(control(PRCTL.keepCapabilities, 1, 0, 0, 0), 'keeping capabilities');
}
/** This thread, and the programs that it starts, never get more rights than it has. */
export function noNewPrivileges(): void {
  checked(control(PRCTL.noNewPrivileges, 1, 0, 0, 0), 'giving up new privileges');
}
/** This thread has these capabilities at most from now on, of those that it has. */
export function reduceCapabilities(kept: readonly number[]): void {
  const header = new Uint8Array(Uint32Array.of(VERSION_3, 0).buffer);
  // Twice effective, permitted, inheritable: the lower and the upper 32 bits.
  const data = new Uint32Array(6);
  const bytes = new Uint8Array(data.buffer);
  checked(get(header, bytes), 'asking for capabilities');
  const permitted = data[1]! & kept.reduce((mask, capability) => mask | (1 << capability), 0);
  data.set([permitted, permitted, 0, 0, 0, 0]);
  checked(set(header, bytes), 'giving up capabilities');
}
/** This process is killed when the one that started it ends. */
export function endWithParent(): void {
  checked(control(PRCTL.signalOfParent, SIGKILL, 0, 0, 0), 'asking to end with the process that started this one');
}
const SIGKILL = 9;
