import { ToolError } from '../../error.ts';
import { inNamespace } from '../../linux/namespace.ts';
import { type ListedSocket, listSockets } from '../../linux/socket-table.ts';
import type { SocketOfEvent } from '../event.ts';
import { type Headers, innermost } from '../headers.ts';
import type { NamespaceNames } from '../namespaces.ts';

/** A namespace is asked again after so long, or later if it has that many sockets. */
const AGAIN_MS = 100;
/** Of our time, no more than one part in so many. */
const SHARE = 20;
const WILDCARDS: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/** Which sockets there are, and were a moment ago: those of a short question may be gone when its answer is looked at. */
export class SocketTables {
  private readonly tables = new Map<
    number,
    { now: ListedSocket[]; before: ListedSocket[]; open: ListedSocket[]; until: number }
  >();

  /** How many packets each socket dropped, and since when that is known, by inode. */
  private readonly drops = new Map<
    number,
    { readonly count: number; readonly more: number; readonly noticed: number }
  >();

  /** `now`: in ns since tracing began. */
  constructor(
    private readonly namespaces: NamespaceNames,
    private readonly now: () => number,
  ) {}
  /** How many packets a socket was found to have dropped after this moment. */
  droppedSince(at: number, { inode }: SocketOfEvent): number {
    const drops = this.drops.get(inode);
    return drops === undefined || drops.noticed < at ? 0 : drops.more;
  }

  /** The socket that a packet is for which came to its namespace. */
  find(netns: number, headers: Headers): SocketOfEvent | undefined {
    const { protocol, source, sourcePort, destination, destinationPort } = innermost(headers);
    if (destinationPort === undefined) return undefined;
    const fits = (s: ListedSocket) => s.transport === protocol && s.localPort === destinationPort;
    const here = (s: ListedSocket) => isHere(s, destination);
    const connected = (s: ListedSocket) => plain(s.remote) === source && s.remotePort === sourcePort;
    const all = this.of(netns).filter((s) => fits(s) && here(s));
    const open = all.find(({ remotePort }) => remotePort === 0);
    const found = all.find((s) => connected(s) && s.inode !== 0) ?? all.find(connected) ?? open;
    // A connection that is over by now has lost its file; who listened for it is known.
    return found === undefined ? undefined : { ...found, netns, inode: found.inode || (open?.inode ?? 0) };
  }
  /** The socket that takes what comes from anybody: which a packet is for that belongs to no connection yet. */
  open(netns: number, headers: Headers): SocketOfEvent | undefined {
    const { protocol, destination, destinationPort } = innermost(headers);
    this.meet(netns);
    const found = this.tables
      .get(netns)!
      .open.find((s) => s.transport === protocol && s.localPort === destinationPort && isHere(s, destination));
    return found === undefined ? undefined : { ...found, netns };
  }
  /** Looks now, while the sockets that packets belong to are there. */
  meet(netns: number): void {
    const known = this.tables.get(netns);
    const begin = performance.now();
    if (known !== undefined && known.until > begin) return;
    const now = this.ask(netns);
    const end = performance.now();
    for (const socket of now) this.count(socket);
    const until = end + Math.max(AGAIN_MS, (end - begin) * SHARE);
    const before = known?.now ?? [];
    const open = [...now, ...before].filter(({ remotePort, inode }) => remotePort === 0 && inode !== 0);
    this.tables.set(netns, { now, before, open, until });
  }
  private count({ inode, drops: count }: ListedSocket): void {
    const before = this.drops.get(inode);
    if (before?.count === count) return;
    this.drops.set(inode, { count, more: count - (before?.count ?? count), noticed: this.now() });
  }
  private of(netns: number): ListedSocket[] {
    this.meet(netns);
    const { now, before } = this.tables.get(netns)!;
    return [...now, ...before];
  }
  private ask(netns: number): ListedSocket[] {
    const namespace = this.namespaces.find(netns);
    if (namespace === undefined) return [];
    try {
      return inNamespace(namespace, () => listSockets());
    } catch (error) {
      if (error instanceof ToolError) return [];
      throw error;
    }
  }
}
const isHere = ({ local }: ListedSocket, address: string): boolean => WILDCARDS.has(local) || plain(local) === address;
/** A socket for both versions of IP has addresses of version 4 in a form of version 6. */
const plain = (address: string): string => (address.startsWith('::ffff:') ? address.slice(7) : address);
