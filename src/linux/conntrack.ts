import { addressText } from './inet.ts';
import { attributes, type Message, Netlink } from './netlink.ts';

/** linux/netfilter/nfnetlink.h, linux/netfilter/nfnetlink_conntrack.h */
const NETFILTER = 12;
const CONNTRACK = 1;
const MESSAGE = { new: 0, get: 1 } as const;
const GROUP = { new: 1, update: 2 } as const;
/** struct nfgenmsg: any family. */
const NFNETLINK_HEADER = 4;
const ATTRIBUTE = { original: 1, reply: 2 } as const;
const TUPLE = { addresses: 1, protocol: 2 } as const;
const ADDRESS = { source4: 1, destination4: 2, source6: 3, destination6: 4 } as const;
const PROTOCOL = { number: 1, sourcePort: 2, destinationPort: 3, id4: 4, id6: 7 } as const;

/** One direction of a connection. */
export interface TrackedTuple {
  readonly source: string;
  readonly destination: string;
  /** IPPROTO_ number. */
  readonly protocol: number;
  /** For ICMP its identifier, in both. */
  readonly sourcePort: number;
  readonly destinationPort: number;
}
/** A connection that the kernel tracks. */
export interface Tracked {
  readonly original: TrackedTuple;
  /** What packets that go back look like. */
  readonly reply: TrackedTuple;
}

/** The connections of the network namespace that it was opened in. Needs CAP_NET_ADMIN there. */
export class Conntrack {
  private constructor(private readonly netlink: Netlink) {}
  static open(): Conntrack {
    return new Conntrack(Netlink.open(NETFILTER, [GROUP.new, GROUP.update]));
  }
  /** Those that there are. */
  list(each: (tracked: Tracked) => void): void {
    const type = (CONNTRACK << 8) | MESSAGE.get;
    this.netlink.dump(type, new Uint8Array(NFNETLINK_HEADER), (message) => tell(message, each));
  }
  /** Those that began or changed since the last time; false when some were missed. */
  take(each: (tracked: Tracked) => void): boolean {
    return this.netlink.events((message) => tell(message, each));
  }
  close(): void {
    this.netlink.close();
  }
}
function tell({ type, body }: Message, each: (tracked: Tracked) => void): void {
  if (type !== ((CONNTRACK << 8) | MESSAGE.new)) return;
  const values = new Map(attributes(body, NFNETLINK_HEADER));
  const [original, reply] = [tuple(values.get(ATTRIBUTE.original)), tuple(values.get(ATTRIBUTE.reply))];
  if (original !== undefined && reply !== undefined) each({ original, reply });
}
function tuple(value: DataView | undefined): TrackedTuple | undefined {
  if (value === undefined) return undefined;
  const parts = new Map(attributes(value));
  const addresses = new Map(attributes(parts.get(TUPLE.addresses) ?? NOTHING));
  const protocol = new Map(attributes(parts.get(TUPLE.protocol) ?? NOTHING));
  const half = (type: number) => protocol.get(type)?.getUint16(0);
  const id = half(PROTOCOL.id4) ?? half(PROTOCOL.id6) ?? 0;
  return {
    source: addressText(addresses.get(ADDRESS.source4) ?? addresses.get(ADDRESS.source6) ?? NOTHING),
    destination: addressText(addresses.get(ADDRESS.destination4) ?? addresses.get(ADDRESS.destination6) ?? NOTHING),
    protocol: protocol.get(PROTOCOL.number)?.getUint8(0) ?? 0,
    sourcePort: half(PROTOCOL.sourcePort) ?? id,
    destinationPort: half(PROTOCOL.destinationPort) ?? id,
  };
}
const NOTHING = new DataView(new ArrayBuffer(0));
