import { displayed } from '../../format/shell.ts';
import { type Nested, nested } from '../../topology/nested.ts';
import { addressesOf, headingOf, kindOf, relationsOf, remarksOn, stateOf } from '../../topology/words.ts';
import { aligned, trafficOf, type View } from './words.ts';

const HEAD = ['DEVICE', 'KIND', 'STATE', 'MTU', 'RECEIVED', 'SENT', 'ADDRESSES'];

/** Each namespace, below it its devices, below a bridge its ports, below a device those that send through it. */
export function tree(view: View): string {
  const drawn = view.namespaces.map((node) => {
    const devices = view.topology.devices.filter(({ namespace }) => namespace === node.id);
    const rows = nested(devices, view.topology.edges).map((each) => rowOf(each, view));
    return { heading: displayed(headingOf(node)), remarks: remarksOn(node, devices).map(displayed), rows };
  });
  const lines = aligned([HEAD, ...drawn.flatMap(({ rows }) => rows)]);
  const blocks = [lines.shift()!];
  for (const { heading, remarks, rows } of drawn)
    blocks.push('', heading, ...remarks.map((remark) => `   ${remark}`), ...lines.splice(0, rows.length));
  return `${blocks.join('\n')}\n`;
}
/** Lines in front of a device: how it hangs below others. */
const branch = (lasts: readonly boolean[]): string =>
  lasts.map((last, i) => (i < lasts.length - 1 ? (last ? '   ' : '│  ') : last ? '└─ ' : '├─ ')).join('');
function rowOf({ device, lasts }: Nested, view: View): string[] {
  return [
    `${branch(lasts)}${device.name}`,
    [kindOf(device), relationsOf(device, view.topology)].filter((part) => part !== '').join(' '),
    stateOf(device),
    String(device.mtu),
    trafficOf(device, 'received', view),
    trafficOf(device, 'sent', view),
    addressesOf(device),
  ];
}
