import { Text } from '../../src/bytes/text.ts';
import { Frame } from '../../src/dissect/frame.ts';
import { Line } from '../../src/dissect/line.ts';
import { NONE } from '../../src/dissect/protocol.ts';
import type { Registry } from '../../src/dissect/registry.ts';
import { safe } from './safe-text.ts';
import type { PacketStore } from './store.ts';

/** Looks at packets one by one, as they come on the screen: nothing of a packet is kept that can be read again. */
export class PacketLens {
  private readonly frame: Frame;
  private readonly line = new Line();
  private readonly text = new Text();
  private looking = -1;

  constructor(
    readonly registry: Registry,
    private readonly store: PacketStore,
    /** Sets what makes a packet's TCP numbers relative. */
    private readonly relative: (i: number, frame: Frame) => void,
  ) {
    this.frame = new Frame(registry);
  }
  /** The packet, dissected; valid until the next call. Undefined: it is gone. */
  look(i: number): Frame | undefined {
    const { frame, store } = this;
    const found = store.batch(i);
    if (found === undefined) return undefined;
    frame.ports = store.ports;
    frame.load(found.batch, found.row);
    frame.number = i + 1;
    const port = store.ports[frame.port];
    frame.dissect(port === undefined ? NONE : this.registry.linkLayer(port.linkType));
    frame.seqBase.fill(0);
    frame.ackBase.fill(0);
    frame.sackBase.fill(0);
    this.relative(i, frame);
    this.looking = i;
    return frame;
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
    for (let d = frame.depth - 1; d >= 0; d--) {
      const id = frame.layer[d]!;
      const size = endSize[id]!;
      if (size < 4 || frame.from[d]! + registry.sizes[id]! > frame.limit(d)) continue;
      const at = frame.from[d]!;
      const [source, destination] = [
        this.address(frame, size, at + endSource[id]!),
        this.address(frame, size, at + endDestination[id]!),
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
      source: this.address(frame, 6, at + source.distance),
      destination: this.address(frame, 6, at + destination.distance),
    };
  }
  private address(frame: Frame, size: number, at: number): string {
    const { text } = this;
    text.at = 0;
    if (size === 4) text.ipv4(frame.bytes, at);
    else if (size === 16) text.ipv6(frame.bytes, at);
    else text.mac(frame.bytes, at);
    return text.toString();
  }
  /** The packet that was looked at last. */
  get current(): number {
    return this.looking;
  }
}
const port = ({ bytes }: Frame, at: number): number => (bytes[at]! << 8) | bytes[at + 1]!;
