import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { identity } from './namespace.ts';

export interface Process {
  readonly pid: number;
  /** As `ps -o comm` shows it. */
  readonly name: string;
}
/** A container, as far as the control groups of its processes tell. */
export interface Container {
  /** What runs it: `docker`, `podman`, … */
  readonly runtime: string;
  /** A name, or the first 12 digits of its id. */
  readonly id: string;
}
export interface Census {
  /** Ids of processes, in their order, by the identity of their network namespace. */
  readonly members: ReadonlyMap<string, readonly number[]>;
  /** Processes whose namespace we may not know. */
  readonly unseen: number;
}

export function processIds(): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .sort((a, b) => a - b);
}
/** Which process is in which network namespace. */
export function census(): Census {
  const members = new Map<string, number[]>();
  let unseen = 0;
  for (const pid of processIds()) {
    const id = identity({ path: `/proc/${pid}/ns/net` });
    if (id === undefined) {
      if (isForbidden(`/proc/${pid}/ns/net`)) unseen++;
      continue;
    }
    const known = members.get(id);
    if (known === undefined) members.set(id, [pid]);
    else known.push(pid);
  }
  return { members, unseen };
}
/** Of a process that ended, but whose parent did not hear of it, there is nothing to know either. */
function isForbidden(path: string): boolean {
  try {
    readlinkSync(path);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES';
  }
}
/** What a process has open, as far as we may see it: each descriptor, and what it leads to, such as `socket:[4711]`. */
export function* descriptorsOf(pid: number): Generator<{ readonly fd: number; readonly target: string }> {
  const folder = `/proc/${pid}/fd`;
  for (const fd of entries(folder)) {
    try {
      yield { fd: Number(fd), target: readlinkSync(`${folder}/${fd}`) };
    } catch {
      // Closed in the meantime.
    }
  }
}
function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
/** `undefined` when it is gone. */
export function processOf(pid: number): Process | undefined {
  const name = nameOf(pid);
  return name === undefined ? undefined : { pid, name };
}
const nameOf = (pid: number): string | undefined => contents(`/proc/${pid}/comm`)?.replace(/\n$/, '');

/** What runtimes put into the path of a control group. */
const CONTAINERS: readonly (readonly [runtime: string, path: RegExp])[] = [
  ['docker', /\/docker[-/]([0-9a-f]{12,})/],
  ['podman', /\/libpod-([0-9a-f]{12,})/],
  ['containerd', /\/cri-containerd-([0-9a-f]{12,})/],
  ['cri-o', /\/crio-([0-9a-f]{12,})/],
  ['lxc', /\/lxc(?:\.payload)?[./]([^/\n]+)/],
  ['nspawn', /\/systemd-nspawn@([^/\n]+)\.service|\/machine-([^/\n]+)\.scope/],
  ['kubernetes', /\/kubepods[^\n]*\/([0-9a-f]{64})/],
];
const SHORT_ID = 12;
/** The container that a process is in. */
export function containerOf(pid: number): Container | undefined {
  return containerIn(contents(`/proc/${pid}/cgroup`) ?? '');
}
/** The container that /proc/PID/cgroup tells of (cgroups(7)). */
export function containerIn(cgroup: string): Container | undefined {
  for (const [runtime, path] of CONTAINERS) {
    const found = path.exec(cgroup);
    const id = found?.[1] ?? found?.[2];
    if (id !== undefined) return { runtime, id: /^[0-9a-f]{64}$/.test(id) ? id.slice(0, SHORT_ID) : id };
  }
  return undefined;
}
function contents(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
