import type { Device, NamespaceNode } from '../../topology/topology.ts';
import { stateOf } from '../../topology/words.ts';
import type { View } from './words.ts';

/** One object. Ends of edges may be devices of namespaces that are not shown. */
export function json(view: View): string {
  const { topology, namespaces } = view;
  const shown = new Set(namespaces.map(({ id }) => id));
  const ids = new Set(topology.devices.filter(({ namespace }) => shown.has(namespace)).map(({ id }) => id));
  const object = {
    namespaces: namespaces.map((node) => namespaceObject(node, view)),
    edges: topology.edges.filter(({ from, to }) => ids.has(from) || (to !== undefined && ids.has(to))),
    unseenProcesses: topology.unseen,
  };
  // Names may hold what a terminal obeys, of which JSON escapes only half.
  const harmless = JSON.stringify(object).replace(
    /[\u007f-\u009f]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${harmless}\n`;
}
function namespaceObject(node: NamespaceNode, view: View): object {
  const { id, own, names, namespace, container, firstProcess, processes, obstacle } = node;
  return {
    id,
    netns: namespace.label,
    own,
    names,
    container,
    firstProcess,
    processes,
    obstacle,
    devices: view.topology.devices.filter((each) => each.namespace === id).map((device) => deviceObject(device, view)),
  };
}
function deviceObject(device: Device, { rates }: View): object {
  const { id, index, name, kind, mac, mtu, details, counters, holders, linkType, obstacle } = device;
  return {
    id,
    index,
    name,
    kind,
    mac,
    mtu,
    state: stateOf(device),
    details,
    addresses: device.addresses.map(({ address, prefix, peer, scope }) => ({ address, prefix, peer, scope })),
    counters,
    rates: rates?.get(id),
    holders,
    capture: obstacle === undefined ? { possible: true, linkType } : { possible: false, ...obstacle },
  };
}
