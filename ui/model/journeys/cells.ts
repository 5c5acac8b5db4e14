import { summary } from '../../../src/trace/describe.ts';
import { epochText } from '../../../src/trace/epoch.ts';
import type { Outcome } from '../../../src/trace/journey.ts';
import { compact, outcomeOf, placeText, wayOf } from '../../../src/trace/text.ts';
import type { Entry } from '../journey-feed.ts';
import { type Line, type Style, span } from '../pane.ts';
import { filled, safe, shortened } from '../safe-text.ts';
import { clock } from '../times.ts';

/** By what journeys may be sorted. */
export const ORDERS = ['time', 'outcome', 'packet', 'delay'] as const;
export type Order = (typeof ORDERS)[number];

const STYLES: Readonly<Record<Outcome, Style>> = {
  delivered: 'good',
  sent: 'good',
  dropped: 'bad',
  consumed: 'dim',
  unknown: 'warning',
};
export const outcomeStyle = (outcome: Outcome): Style => STYLES[outcome];

/** When it began: the time of day, here, to the millisecond. */
export function timeText({ journey, epoch }: Entry): string {
  const [seconds, nanos] = epochText(epoch, startOf(journey)).split('.') as [string, string];
  return clock(Number(seconds), Number(nanos)).slice(0, TIME_COLUMNS);
}
/** `12:34:56.789` */
const TIME_COLUMNS = 12;
const startOf = ({ steps, ending }: Entry['journey']): number => steps[0]?.at ?? ending.at;
/** From the first step to the end, in ns. */
export const delayOf = ({ journey }: Entry): number =>
  Math.max(journey.ending.at, journey.steps.at(-1)?.at ?? 0) - startOf(journey);

/** What keeps a journey from its end, or where it ended. */
export function whyText({ journey, nameOf }: Entry): string {
  const { ending, deliveries } = journey;
  const outcome = outcomeOf(journey);
  if (outcome === 'delivered') {
    const [delivery] = deliveries;
    return delivery?.process ?? delivery?.to ?? 'a socket';
  }
  const at = placeText(ending.where, nameOf);
  if (outcome !== 'dropped') return outcome === 'unknown' ? (ending.meaning ?? at) : at;
  const { rule } = ending;
  // The rule is what one looks for; that a rule dropped it is what the kernel's reason would say.
  if (rule !== undefined)
    return `${rule.table} ${rule.chain} ${rule.handle === undefined ? 'policy' : `rule ${rule.handle}`} at ${at}`;
  return `${ending.reason ?? ''} at ${at}`;
}
/** The devices on its way; a namespace is named where it begins. */
export function wayText({ journey, nameOf }: Entry): string {
  let before = '';
  return wayOf(journey, nameOf)
    .map((place) => {
      const cut = place.lastIndexOf('/');
      const netns = cut < 0 ? place : place.slice(0, cut);
      const text = netns === before && cut >= 0 ? place.slice(cut + 1) : place;
      before = netns;
      return text;
    })
    .join(' > ');
}
interface Column {
  readonly head: string;
  /** Columns that it takes; the last takes what is left. */
  readonly columns: number;
  readonly text: (entry: Entry) => string;
  readonly style: (entry: Entry) => Style;
}
const TIME: Column = { head: 'TIME', columns: TIME_COLUMNS, text: timeText, style: () => 'dim' };
const OUTCOME: Column = {
  head: 'OUTCOME',
  columns: 9,
  text: ({ journey }) => outcomeOf(journey),
  style: ({ journey }) => outcomeStyle(outcomeOf(journey)),
};
const packet = (columns: number): Column => ({
  head: 'PACKET',
  columns,
  text: ({ journey }) => summary(journey.first),
  style: () => 'address',
});
const way = (columns: number): Column => ({ head: 'WAY', columns, text: wayText, style: () => 'plain' });
const WHY: Column = {
  head: 'WHERE AND WHY',
  columns: 0,
  text: whyText,
  style: ({ journey }) => (outcomeOf(journey) === 'dropped' ? 'bad' : 'dim'),
};
const WIDE = 110;
/** In a narrow list the way has to be looked up below. */
export function columnsFor(columns: number): readonly Column[] {
  if (columns < WIDE) return [TIME, OUTCOME, packet(Math.floor(columns * 0.42)), WHY];
  return [TIME, OUTCOME, packet(Math.floor(columns * 0.3)), way(Math.floor(columns * 0.28)), WHY];
}
export function headLine(columns: number): Line {
  const heads = columnsFor(columns).map(({ head, columns: width }) => (width === 0 ? head : filled(head, width)));
  return [span(heads.join(' '), 'title')];
}
export function rowLine(entry: Entry, columns: number): Line {
  let left = columns;
  return columnsFor(columns).map(({ columns: width, text, style }) => {
    const room = width === 0 ? Math.max(0, left) : width;
    left -= room + 1;
    const said = safe(text(entry));
    return span(width === 0 ? shortened(said, room) : `${filled(said, room)} `, style(entry));
  });
}
/** Everything that is looked through when a text is searched. */
export function searched({ journey, nameOf }: Entry): string {
  return compact(journey, nameOf).toLowerCase();
}
