import type { Device, Edge } from './topology.ts';

/** A device among those of its namespace. */
export interface Nested {
  readonly device: Device;
  /** Whether it is the last one below what it hangs on, after the same of everything above it. */
  readonly lasts: readonly boolean[];
}
/** Devices of a namespace in the order of a tree: below a bridge its ports, below a device those that send through it. */
export function nested(devices: readonly Device[], edges: readonly Edge[]): Nested[] {
  const children = childrenOf(devices, edges);
  const rows: Nested[] = [];
  const placed = new Set<Device>();
  const place = (some: readonly Device[], above: readonly boolean[]) => {
    const left = some.filter((device) => !placed.has(device));
    for (const [i, device] of left.entries()) {
      placed.add(device);
      const lasts = [...above, i === left.length - 1];
      rows.push({ device, lasts });
      place(children.get(device.id) ?? [], lasts);
    }
  };
  const below = new Set([...children.values()].flat());
  place(
    devices.filter((device) => !below.has(device)),
    [],
  );
  // Links that went round in a circle while they were read.
  place(devices, []);
  return rows;
}
/** By the id of the device above: a port belongs below its bridge, whatever else it is. */
function childrenOf(devices: readonly Device[], edges: readonly Edge[]): Map<string, Device[]> {
  const here = new Set(devices.map(({ id }) => id));
  const children = new Map<string, Device[]>();
  for (const device of devices) {
    const up = edges.filter(({ from, to }) => from === device.id && to !== undefined && here.has(to));
    const above = (up.find(({ kind }) => kind === 'port') ?? up.find(({ kind }) => kind === 'over'))?.to;
    if (above !== undefined) children.set(above, [...(children.get(above) ?? []), device]);
  }
  return children;
}
