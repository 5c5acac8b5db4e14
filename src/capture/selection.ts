import { ToolError } from '../error.ts';
import { LINK, type Link } from '../linux/links.ts';
import type { Namespace } from '../linux/namespace.ts';
import { type KernelFilterOptions, WHOLE } from './kernel-filter.ts';
import type { Neighbourhood } from './neighbourhood.ts';

export const ANY = 'any';

/** What to capture on. */
export interface Selection extends KernelFilterOptions {
  /** Names of devices, patterns of names with `*` and `?`, or {@link ANY}; none: the first that is up. */
  readonly devices: readonly string[];
  readonly namespaces: readonly Namespace[];
  /** Namespaces that come later, too. */
  readonly everyNamespace?: boolean;
  readonly promiscuous: boolean;
  /** Linux's header (SLL2) in place of every device's own. */
  readonly cooked: boolean;
  /** Packets as they are on the wire: split, and with checksums filled in, where the device is to do that. */
  readonly asOnWire: boolean;
}
/** Packets whole and as they are, none left out. */
export const EVERYTHING = {
  expression: '',
  snaplen: WHOLE,
  direction: 'inout',
  optimise: true,
  promiscuous: false,
  cooked: false,
  asOnWire: false,
} as const satisfies Omit<Selection, 'devices' | 'namespaces'>;
export const isPattern = (name: string): boolean => /[*?]/.test(name);

/** May further sockets be needed later? Then the thread that captures keeps the right to open them. */
export function grows({ devices, everyNamespace }: Selection): boolean {
  return everyNamespace === true || devices.some(isPattern);
}
/** Does a name, or a pattern, mean this device? */
export function means(name: string, device: string): boolean {
  return name === device || (isPattern(name) && expressionOf(name).test(device));
}
function expressionOf(pattern: string): RegExp {
  const parts = [...pattern].map((c) => (c === '*' ? '.*' : c === '?' ? '.' : c.replace(/[\\^$.|+()[\]{}]/, '\\$&')));
  return new RegExp(`^${parts.join('')}$`, 's');
}
/** The device for those who name none: the first that is up. */
export function firstOf(neighbourhood: Neighbourhood): string {
  const up = neighbourhood.all.filter((link: Link) => (link.flags & LINK.up) !== 0);
  const first = up.find((link) => (link.flags & LINK.loopback) === 0) ?? up[0];
  if (first !== undefined) return first.name;
  throw new ToolError('no-device', 'no device is up', 'hooktap capture -D, then: -i DEVICE');
}
export function noDevice(name: string, namespaces: readonly Namespace[]): ToolError {
  const labels = namespaces.map(({ label }) => label).filter((label) => label !== '');
  const where = labels.length === 0 ? '' : ` in the network namespace ${labels.map((l) => `"${l}"`).join(' or ')}`;
  const options = labels.map((label) => ` --netns ${label}`).join('');
  return new ToolError('no-such-device', `there is no device "${name}"${where}`, `hooktap capture -D${options}`);
}
