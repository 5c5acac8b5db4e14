import { arch, cpus, release, type as system } from 'node:os';
import type { Port } from '../frame/port.ts';
import { COOKED, linkTypeOf } from '../linux/link-type.ts';
import { type Neighbourhood, qualified } from './neighbourhood.ts';
import type { Selection } from './selection.ts';

/** `Linux 6.1.0 (x64)`, and what it runs on. */
export const MACHINE = {
  system: `${system()} ${release()} (${arch()})`,
  hardware: cpus()[0]?.model ?? arch(),
} as const;

/** Describes a device, which may be gone by the time that its packets are looked at. */
export function portOf(
  neighbourhood: Neighbourhood,
  device: number,
  hardware: number,
  { snaplen, cooked, expression }: Pick<Selection, 'snaplen' | 'cooked' | 'expression'>,
): Port {
  const link = neighbourhood.at(device);
  const linkType = cooked ? COOKED.number : linkTypeOf(hardware).number;
  const name = qualified(neighbourhood.namespace, link?.name ?? `if${device}`);
  const known = { name, linkType, snaplen, nanos: true, system: MACHINE.system };
  const filtered = expression === '' ? known : { ...known, filter: expression };
  if (link === undefined) return filtered;
  const { speed, driver } = neighbourhood.hardwareOf(link);
  const description = `${link.kind ?? driver ?? 'device'}, index ${link.index}, mtu ${link.mtu}`;
  return { ...filtered, description, mac: link.mac, speed, hardware: driver };
}
