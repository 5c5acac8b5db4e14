import type { LiveSource } from '../../capture/live.ts';
import { ring } from '../../capture/ring.ts';
import { EVERYTHING } from '../../capture/selection.ts';
import type { Namespace } from '../../linux/namespace.ts';

const BUFFER = 1 << 20;

/** What passes on any device of the demo's network. */
export const capturing = (namespaces: readonly Namespace[]): Promise<LiveSource> =>
  ring.open({
    ...EVERYTHING,
    devices: ['*'],
    namespaces,
    haste: 'immediate',
    buffer: BUFFER,
  });
