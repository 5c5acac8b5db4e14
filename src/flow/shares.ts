import type { Frame } from '../dissect/frame.ts';
import type { Registry } from '../dissect/registry.ts';

/** More chains of layers than any capture has that nobody made for this. */
const MOST_NODES = 4096;
const ROOT = 0;
const NOBODY = -1;

export interface Share {
  /** As filters call it; `frame`: packets of which not even the link layer is known. */
  readonly protocol: string;
  readonly title: string;
  readonly packets: number;
  /** On the wire. */
  readonly bytes: number;
}
/** A layer in its place on top of others, with all packets that have it there. */
export interface ShareTree extends Share {
  /** The greatest first. */
  readonly children: readonly ShareTree[];
}
type By = 'packets' | 'bytes';

/** Which protocols the traffic is made of: by the highest of each packet, and as a tree of what lies on what. */
export class Shares {
  /** By protocol, the last one: of no protocol. */
  private readonly packets: Float64Array;
  private readonly bytes: Float64Array;
  // By node of the tree, of which node 0 is the packet.
  private readonly nodePackets = new Float64Array(MOST_NODES);
  private readonly nodeBytes = new Float64Array(MOST_NODES);
  private readonly protocol = new Int16Array(MOST_NODES).fill(NOBODY);
  private readonly firstChild = new Int16Array(MOST_NODES).fill(NOBODY);
  private readonly sibling = new Int16Array(MOST_NODES).fill(NOBODY);
  private nodes = 1;
  /** By protocol: the first of those that users know by the same name; {@link NOBODY}: it only delimits messages. */
  private readonly shownAs: Int16Array;
  /** What an ICMP error quotes is in the tree, but not what the packet is. */
  private readonly quotes: Uint8Array;

  constructor(private readonly registry: Registry) {
    const { protocols, shown } = registry;
    this.packets = new Float64Array(protocols.length + 1);
    this.bytes = new Float64Array(protocols.length + 1);
    this.shownAs = Int16Array.from(protocols, (p, id) => (p.framing === true ? NOBODY : shown.indexOf(shown[id]!)));
    this.quotes = Uint8Array.from(protocols, ({ name }) => (name === 'icmp' || name === 'icmpv6' ? 1 : 0));
  }
  see(frame: Frame): void {
    const { shownAs, quotes } = this;
    const { depth, layer, wireLength } = frame;
    let highest = this.packets.length - 1;
    let quoted = false;
    let node = ROOT;
    this.pass(node, wireLength);
    for (let d = 0; d < depth; d++) {
      const id = shownAs[layer[d]!]!;
      if (id === NOBODY) continue;
      if (!quoted) highest = id;
      quoted ||= quotes[layer[d]!] === 1;
      if (node !== NOBODY) node = this.childOf(node, id);
      if (node !== NOBODY) this.pass(node, wireLength);
    }
    this.packets[highest]! += 1;
    this.bytes[highest]! += wireLength;
  }
  private pass(node: number, bytes: number): void {
    this.nodePackets[node]! += 1;
    this.nodeBytes[node]! += bytes;
  }
  /** Protocols as the highest of packets, the greatest first. */
  top(n: number, by: By): Share[] {
    return Array.from(this.packets, (packets, id) => this.share(id, packets, this.bytes[id]!))
      .filter(({ packets }) => packets > 0)
      .sort((a, b) => b[by] - a[by])
      .slice(0, n);
  }
  tree(by: By): ShareTree {
    return this.treeAt(ROOT, by);
  }
  private treeAt(node: number, by: By): ShareTree {
    const children: ShareTree[] = [];
    for (let child = this.firstChild[node]!; child !== NOBODY; child = this.sibling[child]!)
      children.push(this.treeAt(child, by));
    const share = this.share(this.protocol[node]!, this.nodePackets[node]!, this.nodeBytes[node]!);
    return { ...share, children: children.sort((a, b) => b[by] - a[by]) };
  }
  private share(id: number, packets: number, bytes: number): Share {
    const protocol = this.registry.shown[id] ?? 'frame';
    return { protocol, title: this.registry.protocols[id]?.title ?? 'Packets', packets, bytes };
  }
  /** {@link NOBODY}: there are too many. */
  private childOf(node: number, protocol: number): number {
    const { sibling, firstChild } = this;
    for (let child = firstChild[node]!; child !== NOBODY; child = sibling[child]!)
      if (this.protocol[child] === protocol) return child;
    if (this.nodes === MOST_NODES) return NOBODY;
    const made = this.nodes++;
    this.protocol[made] = protocol;
    sibling[made] = firstChild[node]!;
    firstChild[node] = made;
    return made;
  }
}
