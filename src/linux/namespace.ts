import { closeSync, existsSync, openSync, readdirSync, statSync } from 'node:fs';
import { ToolError } from '../error.ts';
import { checked, systemError } from './failure.ts';
import { libc } from './library.ts';

const setns = libc<(fd: number, kind: number) => number>('int setns(int, int)');
const unshare = libc<(kinds: number) => number>('int unshare(int)');
const NETWORK = 0x4000_0000;
/** Of the calling thread: that of the process is its first thread's. */
const OWN = '/proc/thread-self/ns/net';
const NAMED = '/run/netns';

/** A network namespace. */
export interface Namespace {
  /** As the user may call it: a name, a process id, or nothing for the one we are in. */
  readonly label: string;
  /** A file that stands for it; `undefined` for the one we are in. */
  readonly path: string | undefined;
}
export const HERE: Namespace = { label: '', path: undefined };

/**
 * Runs `body` in another network namespace. Only the calling thread goes there, so the body has to be done when it returns;
 * the type keeps out promises. Sockets made in it stay there for ever.
 */
export function inNamespace<T>(namespace: Namespace, body: () => T extends PromiseLike<unknown> ? never : T): T {
  if (namespace.path === undefined) return body() as T;
  const own = openSync(OWN, 'r');
  try {
    const other = opened(namespace.path, namespace.label);
    try {
      checked(setns(other, NETWORK), `entering the network namespace "${namespace.label}"`);
    } finally {
      closeSync(other);
    }
    try {
      return body() as T;
    } finally {
      // A thread that stays in the wrong namespace would show one for the other.
      if (setns(own, NETWORK) < 0) {
        process.stderr.write(`hooktap: ${systemError('going back to our own network namespace').message}\n`);
        process.abort();
      }
    }
  } finally {
    closeSync(own);
  }
}
/** A network namespace that lives as long as this process keeps a file of it open. */
export interface HeldNamespace extends Namespace {
  readonly path: string;
  readonly fd: number;
}
/**
 * Makes a network namespace without a name. It is gone, with all devices and rules in it, when its file is closed and no
 * process is in it: also when this process is killed.
 */
export function makeNamespace(label: string): HeldNamespace {
  return inNamespace({ label, path: OWN }, () => {
    // The thread goes back from there as from any other.
    checked(unshare(NETWORK), 'making a network namespace');
    const fd = openSync(OWN, 'r');
    return { label, path: `/proc/${process.pid}/fd/${fd}`, fd };
  });
}
/** Namespaces go whenever their last process does: between two looks at them, too. */
function opened(path: string, label: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    const why = (error as Error).message;
    throw new ToolError('no-such-namespace', `the network namespace "${label}" cannot be entered: ${why}`, 'ip netns');
  }
}
/** What `--netns` names: `all`, a name of `ip netns`, or the id of a process in it. */
export function namespacesOf(name: string): Namespace[] {
  if (name === 'all') return allNamespaces();
  const named = `${NAMED}/${name}`;
  if (!name.includes('/') && name !== '' && existsSync(named)) return [{ label: name, path: named }];
  const ofProcess = `/proc/${name}/ns/net`;
  if (/^[1-9]\d*$/.test(name)) {
    if (existsSync(ofProcess)) return [{ label: name, path: ofProcess }];
    throw new ToolError('no-such-process', `there is neither a network namespace nor a process "${name}"`, 'ip netns');
  }
  throw new ToolError('no-such-namespace', `there is no network namespace "${name}"`, 'ip netns');
}
/** Every network namespace that has a name or a process, the one we are in first. */
export function allNamespaces(): Namespace[] {
  return [...identifiedNamespaces().values()];
}
/** The same by their {@link identity}. */
export function identifiedNamespaces(): Map<string, Namespace> {
  const found = new Map<string, Namespace>();
  const add = (path: string, label: string) => {
    const id = identityOf(path);
    if (id !== undefined && !found.has(id)) found.set(id, { label, path: label === '' ? undefined : path });
  };
  add(OWN, '');
  for (const name of entries(NAMED)) add(`${NAMED}/${name}`, name);
  for (const pid of entries('/proc')) if (/^\d+$/.test(pid)) add(`/proc/${pid}/ns/net`, pid);
  return found;
}
/** The names that `ip netns` has given, by the {@link identity} of what they name. */
export function namesOfNamespaces(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const name of entries(NAMED)) {
    const id = identityOf(`${NAMED}/${name}`);
    if (id !== undefined) found.set(id, [...(found.get(id) ?? []), name]);
  }
  return found;
}
/** Those that have names of `ip netns`. */
export function namedNamespaces(): Namespace[] {
  return entries(NAMED).map((name) => ({ label: name, path: `${NAMED}/${name}` }));
}
/** When a name came or went last, in ms since 1970; 0: there are none. */
export function folderChanged(): number {
  return statSync(NAMED, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
/** What tells a namespace from others. Of a process that went, or that is none of ours, nothing is known. */
export function identity({ path = OWN }: Pick<Namespace, 'path'>): string | undefined {
  return identityOf(path);
}
/** The file system that all namespaces are on. */
let device: number | undefined;
function identityOf(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path);
    // A name that is being made is an ordinary file yet.
    return dev === (device ??= statSync(OWN).dev) ? `${dev}:${ino}` : undefined;
  } catch {
    return undefined;
  }
}
