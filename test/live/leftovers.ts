/** What a demo has while it runs, and what the machine has before and after it. */
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { expect } from 'vitest';
import { project } from '../support/project.ts';
import { done } from './world.ts';

/** Everything that a demo has while it runs, and that has to be gone when it is over. */
export function traces(pid: number): { processes: number[]; namespaces: Set<string> } {
  const processes = descendants(pid);
  const own = readlinkSync('/proc/self/ns/net');
  const held = processes.flatMap((each) => entries(`/proc/${each}/fd`).map((fd) => link(`/proc/${each}/fd/${fd}`)));
  const entered = processes.map((each) => link(`/proc/${each}/ns/net`));
  const namespaces = new Set([...held, ...entered].filter((text) => text.startsWith('net:[') && text !== own));
  return { processes, namespaces };
}
function descendants(pid: number): number[] {
  const children = entries(`/proc/${pid}/task`).flatMap((thread) =>
    read(`/proc/${pid}/task/${thread}/children`).split(' ').filter(Boolean).map(Number),
  );
  return [pid, ...children.flatMap(descendants)];
}
const entries = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);
function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
/** Who is in these namespaces, or holds them. */
function holders(namespaces: ReadonlySet<string>): string[] {
  const places = entries('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => [`/proc/${pid}/ns/net`, ...entries(`/proc/${pid}/fd`).map((fd) => `/proc/${pid}/fd/${fd}`)]);
  return places.filter((path) => namespaces.has(link(path)));
}
export async function gone({ processes, namespaces }: ReturnType<typeof traces>): Promise<void> {
  for (let i = 0; i < 100 && processes.some((pid) => existsSync(`/proc/${pid}/ns/net`)); i++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  expect(processes.filter((pid) => link(`/proc/${pid}/ns/net`) !== '')).toEqual([]);
  expect(holders(namespaces)).toEqual([]);
}
/** What the machine has for everybody to see. */
export function machine() {
  const names = /^\d+: (lan|web0|db0|br0|tap0|vx0|eth0)[@:]/gm;
  return {
    links: done('ip', 'link').match(names) ?? [],
    tables: done('nft', 'list', 'tables').match(/.* wall/g) ?? [],
    settings: ['ip_forward', 'conf/all/rp_filter', 'conf/default/rp_filter'].map((key) =>
      read(`/proc/sys/net/ipv4/${key}`),
    ),
    files: [...readdirSync(project), ...entries(process.cwd())],
  };
}
