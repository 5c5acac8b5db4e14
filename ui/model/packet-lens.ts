import type { Frame } from '../../src/dissect/frame.ts';
import { Lens } from '../../src/dissect/lens.ts';
import { Line } from '../../src/dissect/line.ts';
import { NONE } from '../../src/dissect/protocol.ts';
import type { Registry } from '../../src/dissect/registry.ts';
import { addressText } from '../../src/flow/address-text.ts';
import { Fragments } from '../../src/flow/fragments.ts';
import { safe } from './safe-text.ts';
import type { PacketStore } from './store.ts';

/** Fragments are looked for among so many packets before: they come one after the other, and it takes milliseconds. */
const FRAGMENTS_AMONG = 4096;

/** Looks at packets one by one, as they come on the screen: nothing of a packet is kept that can be read again. */
export class PacketLens {
  private readonly lens: Lens;
  private readonly line = new Line();
  private readonly icmp: number;
  private readonly icmpv6: number;

  constructor(
    readonly registry: Registry,
    private readonly store: PacketStore,
    /** Sets what makes a packet's TCP numbers relative. */
    private readonly relative: (i: number, frame: Frame) => void,
  ) {
    this.lens = new Lens(registry, store.ports);
    this.icmp = registry.id('icmp');
    this.icmpv6 = registry.id('icmpv6');
  }
  /** The packet, dissected; valid until the next call. Undefined: it is gone. */
  look(i: number): Frame | undefined {
    const found = this.store.batch(i);
    if (found === undefined) return undefined;
    const { frame } = this.lens;
    this.lens.look(found.batch, found.row);
    frame.number = i + 1;
    frame.seqBase.fill(0);
    frame.ackBase.fill(0);
    frame.sackBase.fill(0);
    this.relative(i, frame);
    return frame;
  }
  /** The same as all its fragments tell, if it is the last of them; what is in a fragment alone, nobody reads. */
  whole(i: number): Frame | undefined {
    const frame = this.look(i);
    if (frame === undefined || !new Fragments(this.registry).join(frame)) return frame;
    const fragments = new Fragments(this.registry);
    for (let before = Math.max(this.store.first, i - FRAGMENTS_AMONG); before < i; before++) {
      const earlier = this.look(before);
      if (earlier !== undefined) fragments.join(earlier);
    }
    const last = this.look(i);
    if (last !== undefined) fragments.join(last);
    return last;
  }
  /** What tcpdump would print of the packet that is looked at, in one line and without its time. */
  summary(frame: Frame): string {
    const { line } = this;
    line.at = 0;
    line.packetLine(frame);
    return safe(line.toString().replace(/\s*\n\s*/g, '  '));
  }
  /** The name of the highest layer. */
  protocol(frame: Frame): string {
    return frame.depth === 0 ? '?' : frame.registry.shown[frame.layer[frame.depth - 1]!]!;
  }
  /** The ends of the highest layer that has addresses, with the ports above it. */
  ends(frame: Frame): { source: string; destination: string; sourcePort?: number; destinationPort?: number } {
    const { registry } = frame;
    const { endSize, endSource, endDestination } = registry;
    for (let d = this.unquoted(frame) - 1; d >= 0; d--) {
      const id = frame.layer[d]!;
      const size = endSize[id]!;
      if (size < 4 || frame.from[d]! + registry.sizes[id]! > frame.limit(d)) continue;
      const at = frame.from[d]!;
      const [source, destination] = [
        addressText(frame.bytes, at + endSource[id]!, size),
        addressText(frame.bytes, at + endDestination[id]!, size),
      ];
      const above = d + 1 < frame.depth ? frame.layer[d + 1]! : NONE;
      if (above === NONE || endSize[above] !== 2 || frame.from[d + 1]! + 4 > frame.limit(d + 1))
        return { source, destination };
      const ports = frame.from[d + 1]!;
      return {
        source,
        destination,
        sourcePort: port(frame, ports + endSource[above]!),
        destinationPort: port(frame, ports + endDestination[above]!),
      };
    }
    return this.stations(frame);
  }
  /** How many layers there are below what an error of ICMP quotes. */
  private unquoted(frame: Frame): number {
    const { icmp, icmpv6 } = this;
    for (let d = 0; d < frame.depth; d++) if (frame.layer[d] === icmp || frame.layer[d] === icmpv6) return d;
    return frame.depth;
  }
  /** Of a link layer with addresses of its own. */
  private stations(frame: Frame): { source: string; destination: string } {
    const id = frame.depth === 0 ? NONE : frame.layer[0]!;
    const name = frame.registry.protocols[id]?.name;
    const [source, destination] = ['src', 'dst'].map((end) => frame.registry.field(`${name}.${end}`));
    if (source?.size !== 6 || destination?.size !== 6 || frame.from[0]! + destination.size > frame.end)
      return { source: '', destination: '' };
    const at = frame.from[0]!;
    if (at + frame.registry.sizes[id]! > frame.limit(0)) return { source: '', destination: '' };
    return {
      source: addressText(frame.bytes, at + source.distance, source.size),
      destination: addressText(frame.bytes, at + destination.distance, destination.size),
    };
  }
}
const port = ({ bytes }: Frame, at: number): number => (bytes[at]! << 8) | bytes[at + 1]!;
