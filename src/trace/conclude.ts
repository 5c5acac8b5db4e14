import { innermost } from './headers.ts';
import type { CopyEnding, Delivery, Ending, Journey, Place, Step } from './journey.ts';
import type { KnownSockets } from './known-sockets.ts';
import { type Copy, isWithTcp, type Path } from './path.ts';
import { droppedBy, placeRules } from './rule-places.ts';

/** What a journey was, now that it is over. `lost`: how many events were lost since tracing began. */
export function conclude(path: Path, lost: number, sockets: KnownSockets): Journey {
  if (lost === path.lostBefore)
    for (const copy of path.copies) if (copy.ending === undefined && isWithTcp(copy)) deliverToTcp(copy, sockets);
  const steps = path.steps.sort((a, b) => a.at - b.at);
  placeRules(path);
  for (const each of [...path.endings, ...path.copies.map(({ ending }) => ending)])
    if (each?.reason === BY_RULE) each.rule = droppedBy(path, each.where.netns);
  const endings = [...path.endings, ...quietEndings(path)].sort((a, b) => a.copy - b.copy);
  const { number, replyTo, retransmission, first, length, segments } = path;
  const deliveries = path.deliveries.map((delivery) => sockets.complete(delivery));
  const last = path.copies.at(-1)?.look.headers ?? first;
  const ending = deciding(deliveries, endings, steps);
  return {
    number,
    replyTo,
    retransmission,
    steps,
    first,
    last: path.copies.find(({ ending: own }) => own === ending)?.look.headers ?? last,
    length,
    segments,
    deliveries,
    endings,
    ending,
    lost: lost - path.lostBefore,
  };
}
/** To the socket that has these ends, if it was ever seen. */
function deliverToTcp(copy: Copy, sockets: KnownSockets): void {
  const { step, path } = copy;
  if (copy.delivered || step === undefined) return;
  copy.delivered = true;
  const { at, netns } = step;
  const socket = sockets.find(netns, innermost(copy.look.headers));
  const to = socket === undefined ? 'the kernel (TCP)' : undefined;
  path.deliveries.push({ at, netns, socket, pid: undefined, process: undefined, to });
}
/** Copies that nothing was heard of any more: on the wire if a device had taken them. */
function quietEndings(path: Path): CopyEnding[] {
  return path.copies.flatMap((copy) => {
    const { step } = copy;
    if (copy.ending !== undefined || step === undefined) return [];
    const outcome = copy.delivered ? 'delivered' : step.hook === 'transmit' ? 'sent' : 'unknown';
    const meaning = outcome === 'unknown' ? 'nothing more was heard of it' : undefined;
    return [{ ...blank(step), outcome, meaning, copy: copy.number } as const];
  });
}
function blank(step: Step): Ending {
  const { at, netns, device, hook } = step;
  const nothing = { reason: undefined, meaning: undefined, symbol: undefined, rule: undefined, socket: undefined };
  return { outcome: 'unknown', where: { netns, device, hook }, at, ...nothing };
}
const BY_RULE = 'NETFILTER_DROP';
/** That a flood of a bridge reached others, too, is no news. */
const EXPECTED = 'OTHERHOST';
/** Which end tells most: that somebody got it, that it was dropped, that it went out. */
const ORDER: readonly ((ending: CopyEnding) => boolean)[] = [
  ({ outcome }) => outcome === 'delivered',
  ({ outcome, reason }) => outcome === 'dropped' && reason !== EXPECTED,
  ({ outcome }) => outcome === 'sent',
  ({ outcome }) => outcome === 'dropped',
  ({ outcome }) => outcome === 'unknown',
  () => true,
];
function deciding(deliveries: readonly Delivery[], endings: readonly CopyEnding[], steps: readonly Step[]): Ending {
  for (const is of ORDER) {
    const found = endings.find(is);
    if (found === undefined) continue;
    if (deliveries.length > 0 && found.outcome !== 'delivered') break;
    return found;
  }
  const last = steps.at(-1);
  const where: Place = last ?? { netns: 0, device: '', hook: '' };
  const [delivery] = deliveries;
  const at = delivery?.at ?? last?.at ?? 0;
  const nothing = { reason: undefined, meaning: undefined, symbol: undefined, rule: undefined, socket: undefined };
  const { netns, device, hook } = where;
  return { outcome: delivery === undefined ? 'unknown' : 'delivered', where: { netns, device, hook }, at, ...nothing };
}
