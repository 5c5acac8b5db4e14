import { endpoint } from '../linux/address.ts';
import { summary } from './describe.ts';
import type { Change, CopyEnding, Delivery, Ending, Journey, Outcome, Place, Rule, Step } from './journey.ts';

/** How namespaces are called. */
export type NameOf = (netns: number) => string;

/** A journey as a block of lines: what the packet was, what became of it, and each step on the way. */
export function block(journey: Journey, nameOf: NameOf): string {
  const words = stepWords(journey, nameOf);
  const widths = widthsOf(words);
  const lines = [headline(journey)];
  for (const { netns, device, delay, hook, copy, more, rules } of words) {
    const where = `${netns.padEnd(widths[0])}  ${device.padEnd(widths[1])}`;
    const which = copy === 0 ? '' : ` [copy ${copy}]`;
    lines.push(`  ${where}  ${delay.padStart(9)}  ${hook.padEnd(11)}${which} ${more.join(', ')}`.trimEnd());
    for (const rule of rules) lines.push(`${' '.repeat(widths[0] + widths[1] + 17)}  ${rule}`);
  }
  lines.push(...endingTexts(journey, nameOf).map((text) => `  => ${text}`));
  lines.push(...(journey.ending.stack ?? []).map((name) => `       ${name}`));
  return `${lines.join('\n')}\n`;
}
/** What the packet was. */
export const headline = (journey: Journey): string =>
  `#${journey.number} ${summary(journey.first)}, ${size(journey)}${remarks(journey)}`;

/** A step as words; a place that is that of the step before is empty. */
export interface StepWords {
  readonly netns: string;
  readonly device: string;
  /** Since the step before. */
  readonly delay: string;
  readonly hook: string;
  readonly copy: number;
  /** What changed, and what else there is to say. */
  readonly more: readonly string[];
  readonly rules: readonly string[];
}
export function stepWords({ steps }: Journey, nameOf: NameOf): StepWords[] {
  return steps.map((step, i) => {
    const before = steps[i - 1];
    const same = before?.netns === step.netns;
    return {
      netns: same ? '' : nameOf(step.netns),
      device: same && before.device === step.device ? '' : step.device,
      delay: before === undefined ? '' : duration(step.at - before.at),
      hook: step.hook,
      copy: step.copy,
      more: more(step),
      rules: step.rules.map(ruleText),
    };
  });
}
/** The columns that namespaces and devices take. */
export const widthsOf = (words: readonly StepWords[]): [netns: number, device: number] => [
  Math.max(0, ...words.map(({ netns }) => netns.length)),
  Math.max(0, ...words.map(({ device }) => device.length)),
];
/** The devices that it passed. */
export function wayOf({ steps }: Journey, nameOf: NameOf): string[] {
  const places: string[] = [];
  for (const { netns, device } of steps) {
    const place = device === '' ? nameOf(netns) : `${nameOf(netns)}/${device}`;
    if (places.at(-1) !== place) places.push(place);
  }
  return places;
}
/** What became of the packet, all in all. */
export const outcomeOf = ({ ending, deliveries }: Journey): Outcome =>
  ending.outcome === 'unknown' && deliveries.length > 0 ? 'delivered' : ending.outcome;

/** What there is to say of a step beside its place. */
const more = ({ changed, note }: Step): string[] => [
  ...changed.filter(({ what }) => !what.endsWith(' mac')).map(changeText),
  ...(note === undefined ? [] : [note]),
];
/** A step in one line. */
export function stepText(step: Step, nameOf: NameOf): string {
  const { netns, device, hook, copy, rules } = step;
  const where = device === '' ? nameOf(netns) : `${nameOf(netns)}/${device}`;
  const which = copy === 0 ? '' : ` [copy ${copy}]`;
  return [`${where} ${hook}${which}`, ...more(step), ...rules.map(ruleText)].join('; ');
}
/** A journey in one line. */
export function compact(journey: Journey, nameOf: NameOf): string {
  const { number, first } = journey;
  return `#${number} ${summary(first)}: ${wayOf(journey, nameOf).join(' > ')} => ${endingTexts(journey, nameOf).join('; ')}\n`;
}
function size({ length, segments }: Journey): string {
  return segments > 1 ? `${length} bytes in ${segments} segments` : `${length} bytes`;
}
function remarks({ replyTo, retransmission, lost }: Journey): string {
  const reply = replyTo === undefined ? '' : `, reply to #${replyTo}`;
  return `${reply}${retransmission ? ', sent again' : ''}${lost > 0 ? `, ${lost} events were lost meanwhile` : ''}`;
}
/** What became of it. */
export function endingTexts(journey: Journey, nameOf: NameOf): string[] {
  const { deliveries, ending, endings } = journey;
  if (deliveries.length > 0) {
    const others = endings.filter(({ outcome, reason }) => outcome === 'dropped' && reason !== 'NO_SOCKET');
    return [...deliveries.map((d) => deliveryText(d, nameOf)), ...others.map((e) => copyText(e, nameOf))];
  }
  const same = ({ outcome, where }: Ending) => outcome === ending.outcome && where.device === ending.where.device;
  const others = endings.filter((e) => e.outcome !== 'consumed' && !same(e));
  return [endingText(ending, nameOf), ...others.map((e) => copyText(e, nameOf))];
}
function deliveryText({ to, socket, pid, process, where }: Delivery, nameOf: NameOf): string {
  const who = process === undefined ? '' : ` of ${process} (${pid})`;
  const local = socket === undefined ? '' : `socket ${endpoint(socket.local, socket.localPort)}${who}`;
  const receiver =
    to === undefined
      ? local || 'a socket'
      : `${to}${socket === undefined && process !== undefined ? `: ${process} (${pid})` : ''}`;
  return `delivered to ${receiver} at ${placeText(where, nameOf)}`;
}
const copyText = (ending: CopyEnding, nameOf: NameOf): string => `copy ${ending.copy}: ${endingText(ending, nameOf)}`;
function endingText(ending: Ending, nameOf: NameOf): string {
  const { outcome, where, reason, meaning, symbol, rule, socket } = ending;
  const at = placeText(where, nameOf);
  if (outcome === 'dropped') {
    const by = symbol === undefined ? '' : ` in ${symbol}`;
    const whose =
      socket === undefined || socket.netns !== where.netns
        ? ''
        : ` (socket ${endpoint(socket.local, socket.localPort)})`;
    // Elsewhere the hook is only where it was last.
    const place = reason === 'NETFILTER_DROP' ? at : bare(where, nameOf);
    const why = rule === undefined ? (meaning === undefined ? '' : `: ${meaning}`) : `: ${ruleText(rule)}`;
    return `DROPPED at ${place}${by}, ${reason}${why}${whose}`;
  }
  if (outcome === 'sent') return `sent out of ${at}`;
  return `${outcome} at ${at}${meaning === undefined ? '' : `: ${meaning}`}${symbol === undefined ? '' : ` (${symbol})`}`;
}
export function placeText(place: Place, nameOf: NameOf): string {
  const where = bare(place, nameOf);
  return NETFILTER.has(place.hook) ? `${where} ${place.hook}` : where;
}
const bare = ({ netns, device }: Place, nameOf: NameOf): string =>
  device === '' ? nameOf(netns) : `${nameOf(netns)}/${device}`;
const NETFILTER: ReadonlySet<string> = new Set([
  'prerouting',
  'input',
  'forward',
  'output',
  'postrouting',
  'ingress',
  'egress',
]);
const changeText = ({ what, from, to }: Change): string => `${what} ${from} -> ${to}`;
export function ruleText({ family, table, chain, handle, text, comment, verdict }: Rule): string {
  const which = handle === undefined ? 'policy' : `rule ${handle}`;
  // nft shows comments of its own, but not those of iptables.
  const remark = comment === undefined || text.includes(comment) ? '' : ` comment "${comment}"`;
  return `${family} ${table} ${chain} ${which}: ${text === '' ? verdict : `${text}${remark} => ${verdict}`}`;
}
/** Nanoseconds, with the unit that suits. */
export function duration(ns: number): string {
  if (ns < 1e6) return `+${(ns / 1e3).toFixed(1)} us`;
  return ns < 1e9 ? `+${(ns / 1e6).toFixed(1)} ms` : `+${(ns / 1e9).toFixed(2)} s`;
}
