import { statSync } from 'node:fs';
import { allNamespaces, folderChanged, HERE, type Namespace, namedNamespaces } from '../linux/namespace.ts';

const OWN = '/proc/thread-self/ns/net';
/** Looking through all processes takes some milliseconds: not for each packet of a namespace that has no name. */
const AGAIN_MS = 1000;
/** Names are looked at when their folder has changed, and for a while: the file is there before it is a namespace. */
const REFRESH_MS = 50;
const SETTLES_MS = 500;
/** As long as a packet may wait: see patience.ts. */
const KEPT_MS = 5000;
/** What only has processes is called by their ids, which come and go. */
const isName = (label: string): boolean => label !== '' && !/^\d+$/.test(label);

/** The network namespaces by their inodes, which is what the kernel calls them. */
export class NamespaceNames {
  private readonly names = new Map<number, Namespace>();
  /** What they are called: asked for at each step. */
  private readonly labels = new Map<number, string>();
  /** The one that was asked for last: most often it is asked for again. */
  private readonly last = { inode: Number.NaN, label: '' };
  private searched = Number.NEGATIVE_INFINITY;
  /** When names were looked at, and when they were found to be gone; ms since 1970. */
  private refreshed = 0;
  private readonly gone = new Map<number, number>();
  /** Those that were given names by whoever asked. */
  private readonly given: ReadonlySet<number>;
  readonly own = inodeOf(HERE);

  /** `only`: those that matter, and what they are called; otherwise every one that has a name or a process. */
  constructor(private readonly only?: readonly Namespace[]) {
    this.given = new Set(only?.map(inodeOf));
  }

  /** A name of `ip netns`; otherwise the inode. */
  name(inode: number): string {
    if (this.gone.size > 0) this.forget(inode);
    if (inode === this.last.inode) return this.last.label;
    const known = this.labels.get(inode);
    if (known !== undefined) {
      this.last.inode = inode;
      this.last.label = known;
      return known;
    }
    const found = this.find(inode);
    const label = found === undefined || !isName(found.label) ? String(inode) : found.label;
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
  /**
   * Looks whether names came or went. The kernel gives the number of a namespace that is gone to the next one: what was called
   * something has to be called otherwise then. A name that is gone is kept for packets that were there, if nobody has the number.
   */
  refresh(): void {
    const now = Date.now();
    if (now - this.refreshed < REFRESH_MS || folderChanged() < this.refreshed - SETTLES_MS) return;
    this.refreshed = now;
    const named = new Map(namedNamespaces().map((namespace) => [inodeOf(namespace), namespace]));
    for (const [inode, namespace] of named) if (!this.given.has(inode)) this.meet(inode, namespace);
    for (const [inode, namespace] of this.names) {
      if (named.has(inode) || this.given.has(inode) || !isName(namespace.label)) continue;
      const since = this.gone.get(inode) ?? now;
      this.gone.set(inode, since);
    }
    for (const inode of named.keys()) this.gone.delete(inode);
  }
  /** Names that have been gone for longer than packets are on their way. */
  private forget(inode: number): void {
    const since = this.gone.get(inode);
    if (since === undefined || Date.now() - since < KEPT_MS) return;
    this.gone.delete(inode);
    this.names.delete(inode);
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
