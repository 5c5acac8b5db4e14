import { setTimeout } from 'node:timers/promises';
import { endpoint } from '../../../src/linux/address.ts';
import type { Journey } from '../../../src/trace/journey.ts';
import { NamespaceNames } from '../../../src/trace/namespaces.ts';
import { block } from '../../../src/trace/text.ts';
import { Tracer } from '../../../src/trace/tracer.ts';
import type { Network } from './network.ts';

const LOOK_MS = 5;
const GRACE_MS = 250;

/** What a test says of a journey. */
export interface Seen {
  readonly journey: Journey;
  /** `a/a0 queue`, `r/r0 receive`, … */
  readonly path: readonly string[];
  /** `dropped at r/r0: IP_RPFILTER`, `delivered at b/b0`. */
  readonly end: string;
  readonly sockets: readonly string[];
  readonly text: string;
}
/** Traces while `send` works, and until what it sent has ended. */
export async function watch(
  net: Network,
  expression: string,
  send: () => unknown,
  patience = GRACE_MS,
  withoutBpf = false,
): Promise<Seen[]> {
  using tracer = await Tracer.open({ expression, window: 192, withoutBpf });
  tracer.attach();
  const journeys: Journey[] = [];
  let working = true;
  const looking = (async () => {
    while (working) {
      journeys.push(...tracer.take());
      await setTimeout(LOOK_MS);
    }
  })();
  try {
    await send();
    await setTimeout(patience);
  } finally {
    working = false;
    await looking;
  }
  journeys.push(...tracer.take(true));
  // Others may use the same machine.
  const own = ({ steps, ending }: Journey) =>
    [...steps, ending.where].some(({ netns }) => net.owns(tracer.namespaces.name(netns)));
  return journeys
    .filter(own)
    .sort((a, b) => a.number - b.number)
    .map((journey) => seen(net, journey));
}
function seen(net: Network, journey: Journey): Seen {
  const names = new NamespaceNames();
  const nameOf = (netns: number) => net.short(names.name(netns));
  const place = (at: { netns: number; device: string }) =>
    at.device === '' ? nameOf(at.netns) : `${nameOf(at.netns)}/${at.device}`;
  const { ending, steps, deliveries } = journey;
  const reason = ending.reason === undefined ? '' : `: ${ending.reason}`;
  return {
    journey,
    path: steps.map((step) => `${place(step)} ${step.hook}`),
    end: `${ending.outcome} at ${place(ending.where)}${reason}`,
    sockets: deliveries.map(({ socket, process, to }) =>
      socket === undefined ? (to ?? '') : `${endpoint(socket.local, socket.localPort)} ${process ?? '?'}`,
    ),
    text: block(journey, nameOf),
  };
}
