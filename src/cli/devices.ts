import { Neighbourhood, qualified } from '../capture/neighbourhood.ts';
import { ANY } from '../capture/selection.ts';
import { ToolError } from '../error.ts';
import { tell } from '../format/destination.ts';
import { displayed } from '../format/shell.ts';
import { COOKED, linkTypeOf } from '../linux/link-type.ts';
import { LINK, type Link } from '../linux/links.ts';
import type { Namespace } from '../linux/namespace.ts';

/** `-D`: the devices as tcpdump lists them. */
export function printDevices(namespaces: readonly Namespace[]): number {
  for (const [i, { name, namespace, about }] of listOf(namespaces).entries())
    tell(`${i + 1}.${displayed(qualified(namespace, name))} ${about}\n`);
  return 0;
}
/** The device of a number in that list, unless a device is called so: `-i 2`. */
export function numberedDevice(namespaces: readonly Namespace[], name: string): string {
  if (!/^[1-9]\d*$/.test(name) || namespaces.some((each) => linksOf(each).some((link) => link.name === name)))
    return name;
  return listOf(namespaces)[Number(name) - 1]?.name ?? name;
}
interface Listed {
  readonly namespace: Namespace;
  readonly name: string;
  readonly about: string;
}
function listOf(namespaces: readonly Namespace[]): Listed[] {
  return namespaces.flatMap((namespace) => {
    const links = linksOf(namespace).sort((a, b) => rank(a) - rank(b));
    const devices = links.map((link) => ({ namespace, name: link.name, about: `[${states(link)}]` }));
    const about = '(Pseudo-device that captures on all interfaces) [Up, Running]';
    const at = links.findIndex((link) => rank(link) > 0);
    return devices.toSpliced(at < 0 ? devices.length : at, 0, { namespace, name: ANY, about });
  });
}
/** Those that are up come first, then the loopback device, then those that are down. */
function rank({ flags }: Link): number {
  if ((flags & LINK.up) === 0) return 2;
  return (flags & LINK.loopback) === 0 ? 0 : 1;
}
function states({ flags }: Link): string {
  const names: string[] = [];
  const running = (flags & LINK.running) !== 0;
  if ((flags & LINK.up) !== 0) names.push('Up');
  if (running) names.push('Running');
  if ((flags & LINK.loopback) !== 0) names.push('Loopback');
  else if ((flags & LINK.up) !== 0) names.push(running ? 'Connected' : 'Disconnected');
  return names.length === 0 ? 'none' : names.join(', ');
}
/** `-L`: what packets of the devices begin with. */
export function printLinkTypes(namespaces: readonly Namespace[], devices: readonly string[]): number {
  for (const name of devices) {
    const found = namespaces.flatMap((namespace) => linksOf(namespace).filter((link) => link.name === name));
    if (found.length === 0 && name !== ANY)
      throw new ToolError('no-such-device', `there is no device "${name}"`, 'hooktap capture -D');
    const types = new Set([...found.map((link) => linkTypeOf(link.hardware)), COOKED]);
    tell(`Data link types for ${displayed(name)}:\n`);
    for (const type of types) {
      const how = type === COOKED ? ', with --cooked' : '';
      tell(`  ${type.name} (${type.title})${how}\n`);
    }
  }
  return 0;
}
function linksOf(namespace: Namespace): Link[] {
  const neighbourhood = Neighbourhood.open(namespace);
  try {
    return neighbourhood.all;
  } finally {
    neighbourhood.close();
  }
}
