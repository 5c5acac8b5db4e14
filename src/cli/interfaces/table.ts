import { displayed } from '../../format/shell.ts';
import type { Device } from '../../topology/topology.ts';
import { addressesOf, kindOf, nameOf, relationsOf, remarksOn, stateOf } from '../../topology/words.ts';
import { aligned, trafficOf, type View } from './words.ts';

const HEAD = [
  'NAMESPACE',
  'INDEX',
  'DEVICE',
  'KIND',
  'STATE',
  'MTU',
  'MAC',
  'LINK TYPE',
  'RECEIVED',
  'SENT',
  'HANGS TOGETHER',
  'ADDRESSES',
];

/** A line for each device, for grep. */
export function table(view: View): string {
  const lines: string[] = [];
  const rows = view.namespaces.flatMap((node) => {
    const devices = view.topology.devices.filter(({ namespace }) => namespace === node.id);
    const name = nameOf(node);
    lines.push(...remarksOn(node, devices).map((remark) => displayed(`${name}: ${remark}`)));
    return devices.map((device) => rowOf(device, name, view));
  });
  return `${[...aligned([HEAD, ...rows]), ...lines].join('\n')}\n`;
}
function rowOf(device: Device, namespace: string, view: View): string[] {
  const cells = [
    namespace,
    String(device.index),
    device.name,
    kindOf(device),
    stateOf(device),
    String(device.mtu),
    device.mac ?? '',
    device.obstacle === undefined ? device.linkType : 'not allowed',
    trafficOf(device, 'received', view),
    trafficOf(device, 'sent', view),
    [portOf(device, view), relationsOf(device, view.topology)].filter((part) => part !== '').join(' '),
    addressesOf(device),
  ];
  return cells.map((cell) => (cell === '' ? '-' : cell));
}
function portOf(device: Device, { topology }: View): string {
  const edge = topology.edges.find(({ kind, from }) => kind === 'port' && from === device.id);
  const master = topology.devices.find(({ id }) => id === edge?.to);
  return master === undefined ? '' : `port of ${master.name}`;
}
