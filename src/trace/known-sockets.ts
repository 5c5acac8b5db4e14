import type { Process } from '../linux/processes.ts';
import type { HookEvent, SocketOfEvent } from './event.ts';
import { type Headers, headersOf } from './headers.ts';
import type { Delivery } from './journey.ts';
import { FLAG } from './record.ts';

const REMEMBERED = 20_000;

/** The sockets that events were about, by their ends: what a socket loses when it is closed stays known for its last packets. */
export class KnownSockets {
  private readonly sockets = new Map<string, SocketOfEvent>();
  /** The ends of each, by inode, in one number: most often they are known. */
  private readonly ends = new Map<number, number>();
  /** Who sent with them, by inode. */
  private readonly senders = new Map<number, Process>();

  meet(event: HookEvent): void {
    const { inode } = event;
    if (inode === 0) return;
    this.meetSender(event, inode);
    const { ends } = event;
    if (this.ends.get(inode) === ends) return;
    this.ends.set(inode, ends);
    forgetOldest(this.ends);
    const { socket } = event;
    if (socket === undefined || socket.remotePort === 0) return;
    const key = keyOf(socket.netns, socket.local, socket.localPort, socket.remote, socket.remotePort);
    this.sockets.delete(key);
    this.sockets.set(key, socket);
    forgetOldest(this.sockets);
  }
  /** What is sent while nothing is being received, a program sends: it may be gone before it can be looked for. */
  private meetSender(event: HookEvent, inode: number): void {
    const { hook, flags, pid, task } = event;
    if (hook !== 'queue' || (flags & FLAG.meanwhile) !== 0 || pid === 0 || this.senders.has(inode)) return;
    if (isAnswerOfTcp(event)) return;
    this.senders.set(inode, { pid, name: task });
    forgetOldest(this.senders);
  }
  sender(inode: number): Process | undefined {
    return this.senders.get(inode);
  }
  /** The socket that a received packet is for. */
  find(netns: number, { source, sourcePort, destination, destinationPort }: Headers): SocketOfEvent | undefined {
    return this.sockets.get(keyOf(netns, destination, destinationPort ?? 0, source, sourcePort ?? 0));
  }
  /** Gives a closed socket what it had when it was open. */
  complete(delivery: Delivery): Delivery {
    const { socket } = delivery;
    if (socket === undefined || socket.inode !== 0) return delivery;
    const { netns, local, localPort, remote, remotePort } = socket;
    const open = this.sockets.get(keyOf(netns, local, localPort, remote, remotePort));
    return open === undefined ? delivery : { ...delivery, socket: open };
  }
}
/** TCP acknowledges and resets in whatever program's time the packet came that it answers; data and ends are a program's. */
function isAnswerOfTcp({ bytes, tag }: HookEvent): boolean {
  const { tcp } = headersOf(bytes, tag);
  return tcp !== undefined && tcp.data === 0 && tcp.flags !== SYN && (tcp.flags & FIN) === 0;
}
/** TCP flags. */
const FIN = 0x01;
const SYN = 0x02;

function forgetOldest<Key>(map: Map<Key, unknown>): void {
  if (map.size <= REMEMBERED) return;
  for (const [oldest] of map) {
    map.delete(oldest);
    return;
  }
}
/** A socket for both versions of IP has addresses of version 4 in a form of version 6. */
const plain = (address: string): string => (address.startsWith('::ffff:') ? address.slice(7) : address);
function keyOf(netns: number, local: string, localPort: number, remote: string, remotePort: number): string {
  return `${netns} ${plain(local)} ${localPort} ${plain(remote)} ${remotePort}`;
}
