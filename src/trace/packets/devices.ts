import { readTopology } from '../../topology/read.ts';
import type { Device, Topology } from '../../topology/topology.ts';
import type { Wires } from './trails.ts';

/** Devices change seldom; they are looked at again after so long, if there is one that is not known. */
const AGAIN_MS = 1000;
/** Kinds of devices that only hand packets to another one. */
const UPPER: ReadonlySet<string | undefined> = new Set([
  'bridge',
  'bond',
  'vlan',
  'vxlan',
  'geneve',
  'macvlan',
  'ipvlan',
]);
const LOOPBACK = 'lo';

/** What is known of a device. */
export interface KnownDevice {
  readonly name: string;
  readonly isUpper: boolean;
  /** The other end of its cable, as `netns/device`, if that is in a namespace that is seen. */
  readonly peer: string | undefined;
}
/** The devices of all namespaces, by `netns/device`: the inode of the one, the index of the other. */
export class Devices implements Wires {
  private known = new Map<string, KnownDevice>();
  private read = Number.NEGATIVE_INFINITY;

  constructor(private readonly topology: () => Topology = readTopology) {}

  find(netns: number, device: number): KnownDevice | undefined {
    const key = `${netns}/${device}`;
    if (!this.known.has(key) && performance.now() - this.read > AGAIN_MS) this.refresh();
    return this.known.get(key);
  }
  /** There are others now. */
  renew(): void {
    this.read = Number.NEGATIVE_INFINITY;
  }
  at(place: string): KnownDevice | undefined {
    return this.known.get(place);
  }
  peer(netns: number, device: number): string | undefined {
    return this.find(netns, device)?.peer;
  }
  isUpper(netns: number, device: number): boolean {
    return this.find(netns, device)?.isUpper ?? false;
  }
  named(netns: number, name: string): KnownDevice | undefined {
    for (const [key, device] of this.known) if (device.name === name && key.startsWith(`${netns}/`)) return device;
    return undefined;
  }
  private refresh(): void {
    const { devices, edges } = this.topology();
    const peers = new Map<string, string>();
    const places = new Map(devices.map((device) => [device.id, placeOf(device)]));
    for (const { kind, from, to } of edges) {
      if (kind !== 'peer' || to === undefined) continue;
      peers.set(places.get(from)!, places.get(to)!);
      peers.set(places.get(to)!, places.get(from)!);
    }
    this.known = new Map(
      devices.map((device) => {
        const place = placeOf(device);
        const { name, kind } = device;
        return [place, { name, isUpper: UPPER.has(kind) || name === LOOPBACK, peer: peers.get(place) }];
      }),
    );
    this.read = performance.now();
  }
}
/** A namespace is identified by its file system and its inode, of which only the inode is of interest here. */
const placeOf = ({ namespace, index }: Device): string => `${namespace.slice(namespace.indexOf(':') + 1)}/${index}`;
