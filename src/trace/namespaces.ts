import { statSync } from 'node:fs';
import { allNamespaces, HERE, type Namespace } from '../linux/namespace.ts';

const OWN = '/proc/thread-self/ns/net';
/** Looking through all processes takes some milliseconds: not for each packet of a namespace that has no name. */
const AGAIN_MS = 1000;

/** The network namespaces by their inodes, which is what the kernel calls them. */
export class NamespaceNames {
  private readonly names = new Map<number, Namespace>();
  /** What they are called: asked for at each step. */
  private readonly labels = new Map<number, string>();
  /** The one that was asked for last: most often it is asked for again. */
  private readonly last = { inode: Number.NaN, label: '' };
  private searched = Number.NEGATIVE_INFINITY;
  readonly own = inodeOf(HERE);

  /** `only`: those that matter, and what they are called; otherwise every one that has a name or a process. */
  constructor(private readonly only?: readonly Namespace[]) {}

  /** A name of `ip netns`; otherwise the inode. */
  name(inode: number): string {
    if (inode === this.last.inode) return this.last.label;
    const known = this.labels.get(inode);
    if (known !== undefined) {
      this.last.inode = inode;
      this.last.label = known;
      return known;
    }
    const found = this.find(inode);
    // What only has processes is called by their ids, which come and go.
    const label = found === undefined || found.label === '' || /^\d+$/.test(found.label) ? String(inode) : found.label;
    if (found !== undefined) this.labels.set(inode, label);
    return label;
  }
  find(inode: number): Namespace | undefined {
    if (!this.names.has(inode)) this.search();
    return this.names.get(inode);
  }
  private search(): void {
    const now = performance.now();
    if (now - this.searched <= AGAIN_MS) return;
    this.searched = now;
    // Packets come from others, too, and go there: what those are called is told all the same.
    for (const each of [...allNamespaces(), ...(this.only ?? [])]) this.meet(inodeOf(each), each);
  }
  private meet(inode: number, namespace: Namespace): void {
    this.names.set(inode, namespace);
    this.labels.delete(inode);
    this.last.inode = Number.NaN;
  }
  /** Those that matter now. Their names stay known when they are gone. */
  all(): Map<number, Namespace> {
    const found = new Map((this.only ?? allNamespaces()).map((namespace) => [inodeOf(namespace), namespace]));
    for (const [inode, namespace] of found) this.meet(inode, namespace);
    return found;
  }
}
export function inodeOf(namespace: Namespace): number {
  try {
    return statSync(namespace.path ?? OWN).ino;
  } catch {
    return 0;
  }
}
