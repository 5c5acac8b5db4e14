/** How a mistake in a filter is shown, in whichever language it was typed. */
import { ToolError } from '../error.ts';

/** A filter that cannot be understood: where in the text, and what would have been understood there. */
export abstract class FilterMistake extends ToolError {
  constructor(
    language: 'capture' | 'display',
    /** What is wrong, without the text around it. */
    readonly reason: string,
    /** The filter as it was typed. */
    text: string,
    /** Index of the character that the reason speaks about. */
    readonly at: number,
    /** Words that may have been meant. */
    readonly near: readonly string[] = [],
    hint?: string,
  ) {
    super('bad-filter', `${language} filter: ${reason}\n${pointer(text, at)}`, hint ?? suggestion(near));
  }
}

/** Which part of a long filter is shown around the mistake. */
const WINDOW = 70;

/** The line of the filter with a caret below the place. */
function pointer(text: string, at: number): string {
  const from = Math.max(0, at - WINDOW / 2);
  const shown = text.slice(from, from + WINDOW);
  // A control character would move the caret or the terminal.
  const line = shown.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, ' ');
  return `  ${line}\n  ${' '.repeat(Math.max(0, at - from))}^`;
}

function suggestion(near: readonly string[]): string | undefined {
  return near.length === 0 ? undefined : near.map((word) => `"${word}"`).join(' or ');
}
