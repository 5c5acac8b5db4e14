import type { Rate, Rates } from '../../../src/topology/rates.ts';
import { scaled } from '../../../src/topology/scaled.ts';
import type { Device, Topology } from '../../../src/topology/topology.ts';
import { addressesOf, kindOf, nameOf, relationsOf, stateOf } from '../../../src/topology/words.ts';
import type { Glyphs } from '../glyphs.ts';
import { type Line, type Style, span } from '../pane.ts';
import { safe } from '../safe-text.ts';
import { conditionOf } from './boxes.ts';

/** `router/br0`; of the own namespace only the device's name. */
export function pathOf(device: Device, { namespaces }: Topology): string {
  const node = namespaces.find(({ id }) => id === device.namespace);
  return node === undefined || node.own ? device.name : `${nameOf(node)}/${device.name}`;
}
/** Everything that is known of a device. */
export function deviceLines(
  device: Device,
  topology: Topology,
  rates: Rates | undefined,
  deaths: number,
  glyphs: Glyphs,
): Line[] {
  const { mac, mtu, linkType, counters, addresses, obstacle } = device;
  const lost = (rates?.received.lost ?? 0) + (rates?.sent.lost ?? 0);
  const bad: Line[] = [];
  if (lost > 0) bad.push([span(`it drops ${perSecond(lost)} packets/s, as its counters tell`, 'bad')]);
  if (deaths > 0) bad.push([span(`packets die here: ${perSecond(deaths)}/s, as tracing tells`, 'bad')]);
  if (obstacle !== undefined)
    bad.push([span(safe(`not to be captured on: ${obstacle.why} (try: ${obstacle.remedy})`), 'warning')]);
  return [
    [
      span(safe(pathOf(device, topology)), 'strong'),
      span(`  ${safe(kindOf(device))}  `),
      span(stateOf(device), conditionOf(device, 0).style),
      span(`  mtu ${mtu}  ${mac === undefined ? '' : `${mac}  `}${linkType}`, 'dim'),
    ],
    ...bad,
    [span(safe(standing(device, topology).replaceAll('↔', glyphs.peer).replaceAll('←', glyphs.leftward)))],
    addresses.length === 0 ? [span('no address', 'dim')] : [span(safe(addressesOf(device)), 'address')],
    traffic('received', rates?.received, counters.received),
    traffic('sent    ', rates?.sent, counters.sent),
  ];
}
/** What it is a port of, and its other relations. */
function standing(device: Device, topology: Topology): string {
  const port = topology.edges.find(({ kind, from }) => kind === 'port' && from === device.id);
  const bridge = topology.devices.find(({ id }) => id === port?.to);
  const ports = topology.edges.filter(({ kind, to }) => kind === 'port' && to === device.id).length;
  const parts = [
    bridge === undefined ? '' : `port of ${bridge.name}`,
    ports === 0 ? '' : ports === 1 ? 'one port' : `${ports} ports`,
    relationsOf(device, topology),
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'joined with no other device that is seen' : parts.join(', ');
}
function traffic(way: string, rate: Rate | undefined, counted: Device['counters']['received']): Line {
  const { packets, bytes, dropped, errors } = counted;
  const bad: Style = dropped + errors > 0 ? 'warning' : 'dim';
  return [
    span(`${way}  `, 'dim'),
    span(`${perSecond(rate?.packets ?? 0)}/s  ${scaled(rate?.bits ?? 0)}bit/s`, 'number'),
    span(`  in all ${packets}, ${scaled(bytes)}B`, 'dim'),
    span(dropped + errors > 0 ? `, ${dropped} dropped, ${errors} errors` : '', bad),
  ];
}
const perSecond = (rate: number): string => (rate > 0 && rate < 10 ? rate.toFixed(1) : rate.toFixed(0));
