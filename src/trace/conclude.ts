import { hasArrived } from './arrival.ts';
import { innermost } from './headers.ts';
import type { CopyEnding, Delivery, Ending, Journey, Place, Step } from './journey.ts';
import type { KnownSockets } from './known-sockets.ts';
import type { LocalAddresses } from './local-addresses.ts';
import type { Copy, Path } from './path.ts';
import { droppedBy, hookName, placeRules } from './rule-places.ts';
import type { Conclusions } from './source.ts';

/** What is known beside the events of a journey. */
export interface Knowledge {
  /** How many events were lost since tracing began. */
  readonly lost: number;
  readonly sockets: KnownSockets;
  readonly addresses: LocalAddresses;
  /** Where ends are not told. */
  readonly conclusions?: Conclusions | undefined;
}
/** What a journey was, now that it is over. */
export function conclude(path: Path, { lost, sockets, addresses, conclusions }: Knowledge): Journey {
  if (conclusions !== undefined) for (const copy of path.copies) conclusions.end(copy);
  else if (lost === path.lostBefore)
    for (const copy of path.copies)
      if (copy.ending === undefined && hasArrived(copy, addresses)) deliverToTransport(copy, sockets);
  const steps = inOrder(path.steps);
  placeRules(path);
  for (const each of path.endings) blame(each, path);
  const endings = endingsOf(path);
  const { number, replyTo, retransmission, first, length, segments } = path;
  const deliveries = path.deliveries.map((delivery) => sockets.complete(delivery));
  const ending = deciding(deliveries, endings, steps);
  // Of the copy whose end is told; most often there is one.
  const copy = endings.find((each) => each === ending)?.copy;
  const last = path.copies.at(copy ?? -1)?.look.headers ?? first;
  return {
    number,
    replyTo,
    retransmission,
    steps,
    first,
    last,
    length,
    segments,
    deliveries,
    endings,
    ending,
    lost: lost - path.lostBefore,
  };
}
/** Who got what arrived, when that is not known. */
export const SOME_SOCKET = 'a socket';
/** To the socket that has these ends, if it was ever seen. */
function deliverToTransport(copy: Copy, sockets: KnownSockets): void {
  const { step, path } = copy;
  if (copy.delivered || step === undefined) return;
  copy.delivered = true;
  const { at, netns, device, hook } = step;
  const socket = sockets.find(netns, innermost(copy.look.headers));
  const to = socket === undefined ? SOME_SOCKET : undefined;
  path.deliver({ at, where: { netns, device, hook }, socket, pid: undefined, process: undefined, to });
}
/** Most often they are already. */
function inOrder(steps: Step[]): Step[] {
  for (let i = 1; i < steps.length; i++) if (steps[i]!.at < steps[i - 1]!.at) return steps.sort((a, b) => a.at - b.at);
  return steps;
}
function endingsOf(path: Path): CopyEnding[] {
  const { endings, copies } = path;
  if (copies.length === 1 && endings.length === 1) return endings;
  return [...endings, ...quietEndings(path)].sort((a, b) => a.copy - b.copy);
}
/** Copies that nothing was heard of any more: on the wire if a device had taken them. */
function quietEndings(path: Path): CopyEnding[] {
  return path.copies.flatMap((copy) => {
    const { step } = copy;
    if (copy.ending !== undefined || step === undefined) return [];
    const outcome = copy.delivered ? 'delivered' : step.hook === 'transmit' ? 'sent' : 'unknown';
    const waits = step.hook === 'queue' ? 'it waits in the queue of the device' : 'nothing more was heard of it';
    const meaning = outcome === 'unknown' ? waits : undefined;
    const elsewhere = copy.delivered && path.copies.length === 1 ? deliveredBeyond(path, step) : undefined;
    return [{ ...blank(elsewhere ?? step), outcome, meaning, copy: copy.number } as const];
  });
}
/** No hook tells of the way from a device to the macvlan on it, which may be in another namespace. */
function deliveredBeyond({ deliveries }: Path, { netns }: Step): (Place & { at: number }) | undefined {
  const beyond = deliveries.find(({ where }) => where.netns !== netns);
  return beyond === undefined ? undefined : { ...beyond.where, at: beyond.at };
}
function blank({ at, netns, device, hook }: Place & { at: number }): Ending {
  const nothing = { reason: undefined, meaning: undefined, symbol: undefined, rule: undefined, socket: undefined };
  return { outcome: 'unknown', where: { netns, device, hook }, at, ...nothing };
}
/** The drop happened at the hook of the rule, which may be one that is not watched. */
function blame(ending: Ending, path: Path): void {
  if (ending.reason !== BY_RULE) return;
  const placed = droppedBy(path, ending.where.netns);
  if (placed === undefined) return;
  ending.rule = placed.rule;
  ending.where = { ...ending.where, hook: hookName(placed) };
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
  const [delivery] = deliveries;
  const where: Place = delivery?.where ?? last ?? { netns: 0, device: '', hook: '' };
  const at = delivery?.at ?? last?.at ?? 0;
  const nothing = { reason: undefined, meaning: undefined, symbol: undefined, rule: undefined, socket: undefined };
  const { netns, device, hook } = where;
  return { outcome: delivery === undefined ? 'unknown' : 'delivered', where: { netns, device, hook }, at, ...nothing };
}
