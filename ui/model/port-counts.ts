import type { Frame } from '../../src/dissect/frame.ts';
import { LINK_TYPES } from '../../src/linux/link-type.ts';
import type { Observer } from './ingest.ts';
import type { PacketStore } from './store.ts';
import type { FilePorts, PortTraffic } from './topology-feed.ts';

/** How much came from each interface. */
export class PortCounts implements FilePorts, Observer {
  private readonly packets: number[] = [];
  private readonly bytes: number[] = [];

  constructor(private readonly store: PacketStore) {}
  get version(): number {
    return this.store.version;
  }
  see({ port, wireLength }: Frame): void {
    this.packets[port] = (this.packets[port] ?? 0) + 1;
    this.bytes[port] = (this.bytes[port] ?? 0) + wireLength;
  }
  get ports(): readonly PortTraffic[] {
    return this.store.ports.map(({ name, linkType }, i) => ({
      name: name ?? '',
      linkType: LINK_TYPES.find((each) => each.number === linkType)?.name ?? `link type ${linkType}`,
      packets: this.packets[i] ?? 0,
      bytes: this.bytes[i] ?? 0,
    }));
  }
}
