import { WHOLE } from '../../capture/kernel-filter.ts';
import type { LiveSource } from '../../capture/live.ts';
import { ring } from '../../capture/ring.ts';
import type { Namespace } from '../../linux/namespace.ts';

const BUFFER = 1 << 20;

/** What passes on any device of the demo's network. */
export const capturing = (namespaces: readonly Namespace[]): Promise<LiveSource> =>
  ring.open({
    devices: ['*'],
    namespaces,
    expression: '',
    snaplen: WHOLE,
    direction: 'inout',
    optimise: true,
    promiscuous: false,
    cooked: false,
    asOnWire: false,
    haste: 'immediate',
    buffer: BUFFER,
  });
