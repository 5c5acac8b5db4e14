import { displayed } from '../../format/shell.ts';
import { LINK } from '../../linux/links.ts';
import type { Traffic } from '../../linux/rtnetlink/counters.ts';
import type { Rate, Rates } from '../../topology/rates.ts';
import type { Device, NamespaceNode, Topology } from '../../topology/topology.ts';

/** What is shown: a part of the topology, which knows the rest. */
export interface View {
  readonly topology: Topology;
  /** The namespaces to show. */
  readonly namespaces: readonly NamespaceNode[];
  /** By device, if they were measured. */
  readonly rates: ReadonlyMap<string, Rates> | undefined;
}
const LOOPBACK = 772;

/** What a namespace is called in front of a device's name. */
export function nameOf({ own, names, container, namespace }: NamespaceNode): string {
  return displayed(own ? 'here' : (names[0] ?? container?.id ?? namespace.label));
}
/** `blue, container 3f4e5d6c7b8a of docker, 3 processes, the first 4711 (nginx)` */
export function headingOf(node: NamespaceNode): string {
  const { own, names, container, processes, firstProcess } = node;
  const also = (own ? names : names.slice(1)).map((name) => `also ${displayed(name)}`);
  const parts = [nameOf(node), ...(own ? ['this network namespace'] : []), ...also];
  if (container !== undefined) parts.push(`container ${displayed(container.id)} of ${container.runtime}`);
  parts.push(processes === 1 ? '1 process' : `${processes === 0 ? 'no' : processes} processes`);
  if (firstProcess !== undefined) {
    const { pid, name } = firstProcess;
    parts.push(`${processes === 1 ? '' : 'the first '}${pid} (${displayed(name)})`);
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
export function relationsOf(device: Device, { topology }: View): string {
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
  return holders.length === 0 ? 'nobody' : holders.map(({ pid, name }) => `${displayed(name)} (${pid})`).join(', ');
}
/** The other end: with its namespace unless that is the same. */
function end(device: Device, id: string | undefined, { devices, namespaces }: Topology): string {
  const other = devices.find((each) => each.id === id);
  if (other === undefined) return `index ${device.lower} in a namespace that is not seen from here`;
  if (other.namespace === device.namespace) return displayed(other.name);
  return `${nameOf(namespaces.find((each) => each.id === other.namespace)!)}/${displayed(other.name)}`;
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

/** What passed, or with rates what passes in a second. */
export function trafficOf({ id, counters }: Device, way: 'received' | 'sent', { rates }: View): string {
  if (rates === undefined) return counted(counters[way]);
  const rate = rates.get(id);
  return rate === undefined ? '' : rated(rate[way]);
}
function counted({ packets, bytes, dropped, errors }: Traffic): string {
  if (packets + dropped + errors === 0) return '-';
  const parts = [`${packets}, ${scaled(bytes)}B`];
  if (dropped > 0) parts.push(`${dropped} dropped`);
  if (errors > 0) parts.push(`${errors} errors`);
  return parts.join(', ');
}
const rated = ({ packets, bits }: Rate): string =>
  packets === 0 ? '-' : `${packets < 10 ? packets.toFixed(1) : packets.toFixed(0)}/s, ${scaled(bits)}bit/s`;

const THOUSAND = 1000;
const PREFIXES = ['', 'k', 'M', 'G', 'T', 'P'] as const;
/** `1.2 k`: three digits at least, with a prefix of the SI. */
function scaled(value: number): string {
  const power = value < 1 ? 0 : Math.min(PREFIXES.length - 1, Math.floor(Math.log10(value) / 3));
  const number = value / THOUSAND ** power;
  return `${power === 0 || number >= 100 ? Math.round(number) : number.toFixed(1)} ${PREFIXES[power]}`;
}
/** Why nothing can be captured, and what was not seen: lines of their own. */
export function remarksOn(node: NamespaceNode, devices: readonly Device[]): string[] {
  if (node.obstacle !== undefined) return [`not seen: ${displayed(node.obstacle.why)} (try: ${node.obstacle.remedy})`];
  // What keeps us from capturing keeps us from all devices of a namespace.
  const obstacle = devices[0]?.obstacle;
  return obstacle === undefined ? [] : [`not to be captured on: ${displayed(obstacle.why)} (try: ${obstacle.remedy})`];
}
/** Lines of cells, each column as wide as its widest; the last is as it is. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('  ')
      .trimEnd(),
  );
}
