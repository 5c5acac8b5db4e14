import type { HookName } from './record.ts';

/** The socket that something happened to. */
export interface SocketOfEvent {
  /** Of the file that it is for its process; 0: none. */
  readonly inode: number;
  readonly netns: number;
  /** IPPROTO_ number. */
  readonly transport: number;
  /** TCP_ number. */
  readonly state: number;
  readonly local: string;
  readonly localPort: number;
  readonly remote: string;
  readonly remotePort: number;
}
export interface Tuple {
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
}
/** What conntrack knows of a packet's connection. */
export interface ConnectionOfEvent {
  /** The address of the kernel's record. */
  readonly id: number;
  readonly original: Tuple;
  /** What packets that go back look like: the original turned round, but for what is translated. */
  readonly answer: Tuple;
}
/** What the routing table said. */
export interface RouteOfEvent {
  readonly destination: string;
  readonly table: number;
  readonly gateway: string | undefined;
  /** Negative error number; 0: there is a route. */
  readonly error: number;
}
/** One packet at one hook point. What tells of many may use one object for all: it is valid until the next. */
export interface HookEvent {
  /** In ns since tracing began. */
  readonly at: number;
  readonly hook: HookName;
  /** The address of the packet, which the kernel uses again for another when this one is gone. */
  readonly skb: number;
  /** The address of its data, which copies share. */
  readonly head: number;
  /** The code that dropped or consumed it. */
  readonly place: bigint;
  /** Inode of the network namespace; 0: not known. */
  readonly netns: number;
  readonly device: number;
  readonly name: string;
  /** With the Ethernet header. */
  readonly length: number;
  readonly mark: number;
  readonly flags: number;
  /** What the hook says: a drop reason, a netfilter hook and family, states, a length. */
  readonly detail: number;
  /** The process that ran on the CPU, whosoever the packet is; told where packets are queued, read and used up. */
  readonly pid: number;
  readonly task: string;
  /** The VLAN tag that the kernel took out of the packet. */
  readonly tag: number | undefined;
  readonly other: number;
  /** How many packets it stands for on the wire, with segmentation offload. */
  readonly segments: number;
  /** Of a drop, if it was asked for: the code that was on its way, the innermost function first. */
  readonly stack: readonly bigint[];
  /** From the Ethernet header on, as far as they were copied; none for what happens while a packet is received. */
  readonly bytes: Uint8Array;
  /** How many bytes those are. */
  readonly captured: number;
  /** Are the bytes and the tag what they were at the packet's last event? Then they are not told again. */
  readonly looksAsBefore: boolean;
  /** Is its checksum to be as it should be? Undefined: its end will tell. */
  readonly checksumFilled: boolean | undefined;
  /** Of the socket's file; 0: none. */
  readonly inode: number;
  /** The socket's addresses and ports in one number, which most often is another for others. */
  readonly ends: number;
  readonly socket: SocketOfEvent | undefined;
  /** The address of conntrack's record, 0: none; and what that says of it: bits IPS_. */
  readonly connectionId: number;
  readonly connectionStatus: number;
  readonly connection: ConnectionOfEvent | undefined;
  readonly route: RouteOfEvent | undefined;
}
