import { endingTexts, headline, outcomeOf, stepWords, widthsOf } from '../../../src/trace/text.ts';
import type { Entry } from '../journey-feed.ts';
import { type Line, type Span, span } from '../pane.ts';
import { filled, safe } from '../safe-text.ts';
import { wrapped } from '../wrapped.ts';
import { outcomeStyle } from './cells.ts';

export interface StepLines {
  readonly lines: readonly Line[];
  /** Which line each step begins at. */
  readonly starts: readonly number[];
}
const WIDEST_NAME = 24;
const DELAY_COLUMNS = 9;
const HOOK_COLUMNS = 11;

/** A journey step by step: where, how long after the one before, what changed, which rules it met; then what became of it. */
export function stepLines({ journey, nameOf }: Entry, columns: number): StepLines {
  const words = stepWords(journey, nameOf);
  const [netnsColumns, deviceColumns] = widthsOf(words).map((columns) => Math.min(columns, WIDEST_NAME)) as [
    number,
    number,
  ];
  const lines: Line[] = [[span(safe(headline(journey)), 'strong')]];
  const starts: number[] = [];
  const indent = ' '.repeat(netnsColumns + deviceColumns + DELAY_COLUMNS + 4);
  for (const { netns, device, delay, hook, copy, more, rules } of words) {
    starts.push(lines.length);
    const spans: Span[] = [
      span(`${filled(safe(netns), netnsColumns)} `, 'protocol'),
      span(`${filled(safe(device), deviceColumns)} `, 'strong'),
      span(`${filled(delay, DELAY_COLUMNS, 'right')}  `, 'number'),
      span(filled(hook, HOOK_COLUMNS)),
    ];
    if (copy !== 0) spans.push(span(` [copy ${copy}]`, 'dim'));
    if (more.length > 0) spans.push(span(` ${safe(more.join(', '))}`, 'warning'));
    lines.push(spans);
    for (const rule of rules) {
      const style = isFinal(rule) ? 'bad' : 'dim';
      lines.push(...wrapped(safe(rule), columns, indent).map((text) => [span(text, style)]));
    }
  }
  for (const text of endingTexts(journey, nameOf)) {
    const style = text.includes('DROPPED') ? 'bad' : outcomeStyle(outcomeOf(journey));
    const [first, ...rest] = wrapped(safe(text), columns - 3, '');
    lines.push([span(`=> ${first}`, style)], ...rest.map((each) => [span(`   ${each}`, style)]));
  }
  for (const name of journey.ending.stack ?? []) lines.push([span(`     ${safe(name)}`, 'dim')]);
  return { lines, starts };
}
/** Rules end in what they said to the packet. */
const isFinal = (rule: string): boolean => /=> (drop|reject)$|policy: drop$/.test(rule);
