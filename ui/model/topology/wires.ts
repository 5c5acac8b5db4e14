import type { Device, Topology } from '../../../src/topology/topology.ts';

/** Something that leads from one box to another: a cable, a device over one elsewhere, a tunnel, a process's hold on a tap. */
export interface Wire {
  readonly kind: 'peer' | 'port' | 'over' | 'overlay' | 'held';
  /** The rows that it ends at: ids of devices, or what {@link heldPin} makes of them. */
  readonly from: string;
  readonly to: string;
  readonly fromBox: string;
  readonly toBox: string;
}
export const processBox = (pid: number): string => `process ${pid}`;
export const heldPin = (device: string, pid: number): string => `${device} held by ${pid}`;

/** What is to be drawn between boxes; inside a namespace, its rows tell how devices hang together. */
export function wiresOf({ devices, edges }: Topology): Wire[] {
  const boxOf = new Map(devices.map(({ id, namespace }) => [id, namespace]));
  const wires: Wire[] = [];
  for (const { kind, from, to } of edges) {
    const [fromBox, toBox] = [boxOf.get(from), to === undefined ? undefined : boxOf.get(to)];
    if (to !== undefined && fromBox !== undefined && toBox !== undefined && fromBox !== toBox)
      wires.push({ kind, from, to, fromBox, toBox });
  }
  for (const { id, namespace, holders } of devices)
    for (const { pid } of holders)
      wires.push({ kind: 'held', from: id, to: heldPin(id, pid), fromBox: namespace, toBox: processBox(pid) });
  return [...wires, ...overlays(devices)];
}
/** Tunnels between devices that we see: the same network's number, and the address of the other one's namespace. */
function overlays(devices: readonly Device[]): Wire[] {
  const owners = new Map<string, string[]>();
  for (const { namespace, addresses } of devices)
    for (const { address } of addresses) owners.set(address, [...(owners.get(address) ?? []), namespace]);
  const tunnels = devices.filter(({ details }) => details.remote !== undefined);
  return tunnels.flatMap((a, i) =>
    tunnels.flatMap((b, j): Wire[] => {
      const meets =
        i < j &&
        a.kind === b.kind &&
        a.details.id === b.details.id &&
        a.namespace !== b.namespace &&
        owners.get(a.details.remote!)?.includes(b.namespace) === true &&
        owners.get(b.details.remote!)?.includes(a.namespace) === true;
      return meets ? [{ kind: 'overlay', from: a.id, to: b.id, fromBox: a.namespace, toBox: b.namespace }] : [];
    }),
  );
}
