import { LINK } from '../linux/links.ts';
import type { Device, NamespaceNode, Topology } from './topology.ts';

// Names are as the kernel has them, and may hold anything: whoever shows these texts escapes them.

const LOOPBACK = 772;

/** What a namespace is called in front of a device's name. */
export function nameOf({ own, names, container, namespace }: NamespaceNode): string {
  return own ? 'here' : (names[0] ?? container?.id ?? namespace.label);
}
/** `blue, container 3f4e5d6c7b8a of docker, 3 processes, the first 4711 (nginx)` */
export function headingOf(node: NamespaceNode): string {
  const { own, names, container, processes, firstProcess } = node;
  const also = (own ? names : names.slice(1)).map((name) => `also ${name}`);
  const parts = [nameOf(node), ...(own ? ['this network namespace'] : []), ...also];
  if (container !== undefined) parts.push(`container ${container.id} of ${container.runtime}`);
  parts.push(processes === 1 ? '1 process' : `${processes === 0 ? 'no' : processes} processes`);
  if (firstProcess !== undefined) {
    const { pid, name } = firstProcess;
    parts.push(`${processes === 1 ? '' : 'the first '}${pid} (${name})`);
  }
  return parts.join(', ');
}
/** `veth`, `vxlan 42`, `macvlan bridge`, `tap`. */
export function kindOf({ kind, hardware, details }: Device): string {
  if (kind === undefined) return hardware === LOOPBACK ? 'loopback' : 'hardware';
  if (kind === 'tun') return details.mode ?? kind;
  return [kind, details.id, details.mode].filter((each) => each !== undefined).join(' ');
}
/** How it hangs together with others; being a port is told by whoever draws it. */
export function relationsOf(device: Device, topology: Topology): string {
  const parts: string[] = [];
  for (const { kind, from, to } of topology.edges) {
    if (kind === 'peer' && from === device.id) parts.push(`↔ ${end(device, to, topology)}`);
    else if (kind === 'peer' && to === device.id) parts.push(`↔ ${end(device, from, topology)}`);
    else if (kind === 'over' && from === device.id) parts.push(`over ${end(device, to, topology)}`);
  }
  const { local, remote, port } = device.details;
  if (local !== undefined) parts.push(`from ${local}`);
  if (remote !== undefined) parts.push(`to ${remote}`);
  if (port !== undefined) parts.push(`port ${port}`);
  if (device.kind === 'tun') parts.push(`← ${holdersOf(device)}`);
  return parts.join(' ');
}
function holdersOf({ holders }: Device): string {
  return holders.length === 0 ? 'nobody' : holders.map(({ pid, name }) => `${name} (${pid})`).join(', ');
}
/** The other end: with its namespace unless that is the same. */
function end(device: Device, id: string | undefined, { devices, namespaces }: Topology): string {
  const other = devices.find((each) => each.id === id);
  if (other === undefined) return `index ${device.lower} in a namespace that is not seen from here`;
  if (other.namespace === device.namespace) return other.name;
  return `${nameOf(namespaces.find((each) => each.id === other.namespace)!)}/${other.name}`;
}
/** Whether it was switched on, and if so, whether its link works. */
export function stateOf({ flags, state }: Device): string {
  if ((flags & LINK.up) === 0) return 'down';
  if (state === 'up' || state === 'unknown') return 'up';
  return state === 'down' ? 'up, no link' : `up, ${state}`;
}
export const addressesOf = ({ addresses }: Device): string =>
  addresses
    .map(({ address, prefix, peer }) =>
      peer === undefined ? `${address}/${prefix}` : `${address} to ${peer}/${prefix}`,
    )
    .join(' ');
/** Why nothing can be captured, and what was not seen: lines of their own. */
export function remarksOn(node: NamespaceNode, devices: readonly Device[]): string[] {
  if (node.obstacle !== undefined) return [`not seen: ${node.obstacle.why} (try: ${node.obstacle.remedy})`];
  // What keeps us from capturing keeps us from all devices of a namespace.
  const obstacle = devices[0]?.obstacle;
  return obstacle === undefined ? [] : [`not to be captured on: ${obstacle.why} (try: ${obstacle.remedy})`];
}
