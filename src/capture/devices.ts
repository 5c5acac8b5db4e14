import { ToolError } from '../error.ts';
import { COOKED, LINK_TYPES, type LinkType, linkTypeOf } from '../linux/link-type.ts';
import { LINK, type Link } from '../linux/links.ts';
import { HERE, type Namespace } from '../linux/namespace.ts';
import { deviceFilter, everyDeviceFilter, type KernelFilterOptions } from './kernel-filter.ts';
import { Neighbourhood, qualified } from './neighbourhood.ts';
import type { LaneSpec } from './ring-thread.ts';
import type { Port } from './source.ts';

export const ANY = 'any';

export interface Selection extends KernelFilterOptions {
  /** Names of devices, or {@link ANY}; none: the first that is up. */
  readonly devices: readonly string[];
  readonly namespaces: readonly Namespace[];
  readonly promiscuous: boolean;
  readonly cooked: boolean;
}
export interface Selected {
  readonly lanes: readonly LaneSpec[];
  readonly ports: readonly Port[];
  /** What is listened on, for people. */
  readonly name: string;
  /** Of the packets, if it is the same for all. */
  readonly linkType: LinkType | undefined;
}

/** Finds the devices in the namespaces. Each has to be in one of them. */
export function select(selection: Selection): Selected {
  const namespaces = selection.namespaces.length === 0 ? [HERE] : selection.namespaces;
  const lanes: LaneSpec[] = [];
  const ports: Port[] = [];
  const names: string[] = [];
  const missing = new Set(selection.devices);
  for (const namespace of namespaces) {
    const neighbourhood = Neighbourhood.open(namespace);
    try {
      for (const name of selection.devices.length === 0 ? [firstOf(neighbourhood)] : selection.devices) {
        const link = name === ANY ? undefined : neighbourhood.find(name);
        if (name !== ANY && link === undefined) continue;
        missing.delete(name);
        names.push(qualified(namespace, name));
        lanes.push(
          link === undefined ? everyDevice(selection, namespace) : oneDevice(selection, namespace, link, ports),
        );
      }
    } finally {
      neighbourhood.close();
    }
  }
  for (const name of missing) throw noDevice(name, namespaces);
  return { lanes, ports, name: names.join(','), linkType: common(selection, lanes, ports) };
}
function noDevice(name: string, namespaces: readonly Namespace[]): ToolError {
  const labels = namespaces.map(({ label }) => label).filter((label) => label !== '');
  const where = labels.length === 0 ? '' : ` in the network namespace ${labels.map((l) => `"${l}"`).join(' or ')}`;
  const options = labels.map((label) => ` --netns ${label}`).join('');
  return new ToolError('no-such-device', `there is no device "${name}"${where}`, `hooktap capture -D${options}`);
}
function firstOf(neighbourhood: Neighbourhood): string {
  const up = neighbourhood.all.filter((link) => (link.flags & LINK.up) !== 0);
  const first = up.find((link) => (link.flags & LINK.loopback) === 0) ?? up[0];
  if (first !== undefined) return first.name;
  throw new ToolError('no-device', 'no device is up', 'hooktap capture -D, then: -i DEVICE');
}
function everyDevice(selection: Selection, namespace: Namespace): LaneSpec {
  // As with tcpdump: other stations' packets are only asked for on devices that are named.
  return { namespace, device: 0, port: undefined, filter: everyDeviceFilter(selection), promiscuous: false };
}
function oneDevice(selection: Selection, namespace: Namespace, link: Link, ports: Port[]): LaneSpec {
  const own = linkTypeOf(link.hardware);
  const { snaplen, promiscuous } = selection;
  const name = qualified(namespace, link.name);
  ports.push({ name, linkType: selection.cooked ? COOKED.number : own.number, snaplen, nanos: true });
  const filter = deviceFilter(selection, own.number, (link.flags & LINK.loopback) !== 0);
  return { namespace, device: link.index, port: ports.length - 1, filter, promiscuous };
}
function common(selection: Selection, lanes: readonly LaneSpec[], ports: readonly Port[]): LinkType | undefined {
  if (selection.cooked) return COOKED;
  const [first] = ports;
  if (first === undefined || ports.length < lanes.length) return undefined;
  if (ports.some((port) => port.linkType !== first.linkType)) return undefined;
  return LINK_TYPES.find(({ number }) => number === first.linkType) ?? COOKED;
}
