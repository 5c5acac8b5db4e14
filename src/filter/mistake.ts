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

/** The known words nearest to a mistyped one: at most two edits away, and fewer for short words. */
export function nearest(word: string, known: Iterable<string>): string[] {
  if (word.length < 2 || word.length > 32) return [];
  const limit = word.length < 4 ? 1 : 2;
  const lower = word.toLowerCase();
  const found: { name: string; edits: number }[] = [];
  for (const name of known) {
    const prefix = name.length > word.length && name.startsWith(lower) ? 1 : limit + 1;
    const edits = Math.min(prefix, distance(lower, name, limit));
    if (edits <= limit) found.push({ name, edits });
  }
  // Of equally near words those come first that the caller put first.
  found.sort((a, b) => a.edits - b.edits);
  return found.slice(0, 2).map((entry) => entry.name);
}

/** Edits (insert, delete, replace, swap neighbours) from a to b, or more than `limit`. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1);
      row.push(cost);
    }
    before = above;
    above = row;
  }
  return above[b.length]!;
}
