import { cap } from '../../capture/cap/source.ts';
import type { LiveSource } from '../../capture/live.ts';
import { type RingOptions, ring } from '../../capture/ring.ts';
import { ANY, isPattern } from '../../capture/selection.ts';
import type { Availability } from '../../capture/source.ts';
import { tap } from '../../capture/tap.ts';
import { ToolError } from '../../error.ts';
import { HERE } from '../../linux/namespace.ts';
import type { CaptureOptions } from './options.ts';

interface Adapter {
  available(): Promise<Availability>;
  open(options: RingOptions): Promise<LiveSource>;
  /** Options that it cannot serve, by their names and flags. */
  readonly without: Readonly<Partial<Record<keyof CaptureOptions, string>>>;
}
export type AdapterName = 'ring' | 'tap' | 'cap';
/** The ways to capture, by what `--adapter` calls them. */
export const ADAPTERS: Readonly<Record<AdapterName, Adapter>> = {
  ring: { available: () => ring.available(), open: (options) => ring.open(options), without: {} },
  tap: {
    available: () => tap.available(),
    open: (options) => tap.open({ ...options, ...oneDevice(options) }),
    without: {
      direction: '-Q',
      cooked: '--cooked',
      asOnWire: '--as-on-wire',
      bufferSize: '-B',
      immediateMode: '--immediate-mode',
    },
  },
  cap: {
    available: () => cap.available(),
    open: (options) => cap.open({ ...options, ...oneDevice(options) }),
    without: { direction: '-Q', cooked: '--cooked', asOnWire: '--as-on-wire', immediateMode: '--immediate-mode' },
  },
};
function oneDevice({ devices, namespaces }: RingOptions) {
  const [device] = devices;
  if (device === undefined || devices.length > 1 || namespaces.length > 1 || device === ANY || isPattern(device))
    throw new ToolError('usage', 'this adapter captures on one device', '-i DEVICE');
  return { device, namespace: namespaces[0] ?? HERE };
}

/** Throws what keeps the adapter from working, or options that it does not know. */
export async function requireAdapter(options: CaptureOptions): Promise<void> {
  const { adapter: name = 'ring' } = options;
  const { without, available } = ADAPTERS[name];
  for (const [option, flag] of Object.entries(without))
    if (options[option as keyof CaptureOptions] !== undefined)
      throw new ToolError(
        'usage',
        `--adapter ${name} knows no ${flag}`,
        `leave ${flag} out, or capture without --adapter`,
      );
  const able = await available();
  if (!able.ok) throw new ToolError('cannot-capture', able.why, able.remedy);
}
export const openAdapter = ({ adapter = 'ring' }: CaptureOptions, options: RingOptions): Promise<LiveSource> =>
  ADAPTERS[adapter].open(options);
