import { displayed } from '../../format/shell.ts';
import type { Device } from '../../topology/topology.ts';
import {
  addressesOf,
  aligned,
  headingOf,
  kindOf,
  relationsOf,
  remarksOn,
  stateOf,
  trafficOf,
  type View,
} from './words.ts';

const HEAD = ['DEVICE', 'KIND', 'STATE', 'MTU', 'RECEIVED', 'SENT', 'ADDRESSES'];

/** Each namespace, below it its devices, below a bridge its ports, below a device those that send through it. */
export function tree(view: View): string {
  const drawn = view.namespaces.map((node) => {
    const devices = view.topology.devices.filter(({ namespace }) => namespace === node.id);
    return { heading: headingOf(node), remarks: remarksOn(node, devices), rows: rowsOf(devices, view) };
  });
  const lines = aligned([HEAD, ...drawn.flatMap(({ rows }) => rows)]);
  const blocks = [lines.shift()!];
  for (const { heading, remarks, rows } of drawn)
    blocks.push('', heading, ...remarks.map((remark) => `   ${remark}`), ...lines.splice(0, rows.length));
  return `${blocks.join('\n')}\n`;
}
function rowsOf(devices: readonly Device[], view: View): string[][] {
  const children = childrenOf(devices, view);
  const rows: string[][] = [];
  const drawn = new Set<Device>();
  const draw = (some: readonly Device[], indent: string) => {
    const left = some.filter((device) => !drawn.has(device));
    for (const [i, device] of left.entries()) {
      drawn.add(device);
      const last = i === left.length - 1;
      rows.push(rowOf(device, `${indent}${last ? '└─' : '├─'} ${displayed(device.name)}`, view));
      draw(children.get(device.id) ?? [], `${indent}${last ? '   ' : '│  '}`);
    }
  };
  const below = new Set([...children.values()].flat());
  draw(
    devices.filter((device) => !below.has(device)),
    '',
  );
  // Links that went round in a circle while they were read.
  draw(devices, '');
  return rows;
}
/** By the id of the device above: a port belongs below its bridge, whatever else it is. */
function childrenOf(devices: readonly Device[], { topology }: View): Map<string, Device[]> {
  const here = new Set(devices.map(({ id }) => id));
  const children = new Map<string, Device[]>();
  for (const device of devices) {
    const up = topology.edges.filter(({ from, to }) => from === device.id && to !== undefined && here.has(to));
    const above = (up.find(({ kind }) => kind === 'port') ?? up.find(({ kind }) => kind === 'over'))?.to;
    if (above !== undefined) children.set(above, [...(children.get(above) ?? []), device]);
  }
  return children;
}
function rowOf(device: Device, label: string, view: View): string[] {
  return [
    label,
    [kindOf(device), relationsOf(device, view)].filter((part) => part !== '').join(' '),
    stateOf(device),
    String(device.mtu),
    trafficOf(device, 'received', view),
    trafficOf(device, 'sent', view),
    addressesOf(device),
  ];
}
