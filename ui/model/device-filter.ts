import { qualified } from '../../src/capture/neighbourhood.ts';
import { textAsLiteral } from '../../src/filter/display/as-filter.ts';
import type { Device, Topology } from '../../src/topology/topology.ts';

/** The packets of an interface, by the name that a capture gives it. */
export const filterOfPort = (name: string): string => `frame.interface_name == ${textAsLiteral(name)}`;

/** The packets of a device. */
export function filterOfDevice(device: Device, { namespaces }: Topology): string {
  const { namespace } = namespaces.find(({ id }) => id === device.namespace)!;
  return filterOfPort(qualified(namespace, device.name));
}
