import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface Process {
  readonly pid: number;
  readonly name: string;
}
/** Looking through all processes takes some milliseconds: not for each of a thousand sockets that nobody has. */
const AGAIN_MS = 250;

/** Which process has a socket, by the inode that the socket is for it. */
export class SocketOwners {
  private owners = new Map<number, Process>();
  private searched = Number.NEGATIVE_INFINITY;

  find(inode: number): Process | undefined {
    if (inode === 0) return undefined;
    const known = this.owners.get(inode);
    if (known !== undefined) return known;
    const now = performance.now();
    if (now - this.searched > AGAIN_MS) {
      this.owners = search();
      this.searched = now;
    }
    return this.owners.get(inode);
  }
}
function search(): Map<number, Process> {
  const owners = new Map<number, Process>();
  for (const pid of entries('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    let process: Process | undefined;
    for (const fd of entries(`/proc/${pid}/fd`)) {
      const inode = socketInode(`/proc/${pid}/fd/${fd}`);
      if (inode === undefined || owners.has(inode)) continue;
      process ??= { pid: Number(pid), name: processName(Number(pid)) };
      owners.set(inode, process);
    }
  }
  return owners;
}
function socketInode(path: string): number | undefined {
  try {
    const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(path))?.[1];
    return inode === undefined ? undefined : Number(inode);
  } catch {
    return undefined;
  }
}
/** As `ps` shows it; empty when it is gone. */
export function processName(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').replace(/\n$/, '');
  } catch {
    return '';
  }
}
function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
