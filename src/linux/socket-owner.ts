import { descriptorsOf, type Process, processIds, processOf } from './processes.ts';

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
  for (const pid of processIds()) {
    let process: Process | undefined;
    for (const { target } of descriptorsOf(pid)) {
      const inode = Number(/^socket:\[(\d+)\]$/.exec(target)?.[1]);
      if (Number.isNaN(inode) || owners.has(inode)) continue;
      process ??= processOf(pid) ?? { pid, name: '' };
      owners.set(inode, process);
    }
  }
  return owners;
}
