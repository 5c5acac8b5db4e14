import type { Line } from './pane.ts';
import { span } from './pane.ts';
import { columnsOf, safe } from './safe-text.ts';

/** What is said of what was typed so far. */
export interface Verdict {
  /** Fine, not finished yet, or wrong. */
  readonly style: 'good' | 'warning' | 'bad' | 'plain';
  readonly says: string;
}
export interface PromptOptions {
  /** Stands in front: `filter`. */
  readonly label: string;
  readonly start?: string;
  /** Earlier answers, the newest first. */
  readonly history: string[];
  /** Asked at every key. */
  readonly judge?: (text: string) => Verdict;
  /** What the word that ends at `at` may become, and where it begins. */
  readonly complete?: (text: string, at: number) => Completion;
  /** False: it is not taken, and the prompt stays. */
  readonly done: (text: string) => boolean;
}
export interface Completion {
  readonly from: number;
  readonly words: readonly string[];
}
const MOST_HISTORY = 100;

/** A line that is typed: with history, completion, and a word on whether it holds. */
export class Prompt {
  private text: string;
  private at: number;
  /** In the history; -1: what is typed now. */
  private back = -1;
  private typed = '';
  private verdict: Verdict = { style: 'plain', says: '' };
  private completion: (Completion & { next: number; tail: string; head: string }) | undefined;

  constructor(private readonly options: PromptOptions) {
    this.text = options.start ?? '';
    this.at = this.text.length;
    this.judge();
  }
  private judge(): void {
    this.verdict = this.options.judge?.(this.text) ?? { style: 'plain', says: '' };
  }
  /** Takes a key; `done` or `left` when the prompt is over. */
  key(name: string, letter: string | undefined): 'open' | 'done' | 'left' {
    if (name !== 'tab' && name !== 'S-tab') this.completion = undefined;
    if (letter !== undefined) this.insert(letter);
    else if (name === 'escape' || name === 'C-c') {
      // Whoever left by mistake finds it again.
      remember(this.text, this.options.history);
      return 'left';
    } else if (name === 'enter') {
      if (!this.options.done(this.text)) return 'open';
      remember(this.text, this.options.history);
      return 'done';
    } else this.edit(name);
    return 'open';
  }
  private edit(name: string): void {
    const { text, at } = this;
    switch (name) {
      case 'left':
      case 'C-b':
        this.at -= letterBefore(text, at);
        return;
      case 'right':
      case 'C-f':
        this.at += letterAt(text, at);
        return;
      case 'home':
      case 'C-a':
        this.at = 0;
        return;
      case 'end':
      case 'C-e':
        this.at = text.length;
        return;
      case 'backspace':
      case 'C-h':
        this.replace(at - letterBefore(text, at), at, '');
        return;
      case 'delete':
      case 'C-d':
        this.replace(at, at + letterAt(text, at), '');
        return;
      case 'C-u':
        this.replace(0, at, '');
        return;
      case 'C-k':
        this.replace(at, text.length, '');
        return;
      case 'C-w':
        this.replace(text.slice(0, at).search(/\S*\s*$/), at, '');
        return;
      case 'up':
        this.recall(1);
        return;
      case 'down':
        this.recall(-1);
        return;
      case 'tab':
        this.completeNext(1);
        return;
      case 'S-tab':
        this.completeNext(-1);
        return;
    }
  }
  private insert(letter: string): void {
    this.replace(this.at, this.at, letter);
  }
  private replace(from: number, to: number, by: string): void {
    this.text = this.text.slice(0, from) + by + this.text.slice(to);
    this.at = from + by.length;
    this.judge();
  }
  private recall(step: number): void {
    const { history } = this.options;
    const next = this.back + step;
    if (next < -1 || next >= history.length) return;
    if (this.back === -1) this.typed = this.text;
    this.back = next;
    this.text = next === -1 ? this.typed : history[next]!;
    this.at = this.text.length;
    this.judge();
  }
  private completeNext(step: number): void {
    const { complete } = this.options;
    if (complete === undefined) return;
    if (this.completion === undefined) {
      const found = complete(this.text, this.at);
      if (found.words.length === 0) return;
      const head = this.text.slice(0, found.from);
      this.completion = { ...found, next: step > 0 ? -1 : 0, head, tail: this.text.slice(this.at) };
    }
    const { words, head, tail } = this.completion;
    const next = (this.completion.next + step + words.length) % words.length;
    this.completion.next = next;
    this.text = head + words[next]! + tail;
    this.at = head.length + words[next]!.length;
    this.judge();
  }
  /** The line as it is shown, and the column of the cursor; what does not fit is scrolled away on the left. */
  show(columns: number): { readonly line: Line; readonly cursor: number } {
    const label = `${this.options.label}: `;
    const before = safe(this.text.slice(0, this.at));
    const room = Math.max(10, columns - label.length - 1);
    const gone = lettersFor(before, columnsOf(before) - room);
    const shift = columnsOf(gone);
    const text = safe(this.text).slice(gone.length);
    const { style, says } = this.verdict;
    const { completion } = this;
    const hint = completion === undefined ? says : suggestions(completion.words, completion.next);
    return {
      line: [span(label, 'title'), span(text, style), span(hint === '' ? '' : `   ${safe(hint)}`, 'dim')],
      cursor: label.length + columnsOf(before) - shift,
    };
  }
}
/** The completion that was put in, and some of the others. */
function suggestions(words: readonly string[], at: number): string {
  const some = [...words.slice(at + 1), ...words.slice(0, at)].slice(0, 6);
  return some.length === 0 ? '' : `also: ${some.join('  ')}`;
}
/** Puts an answer in front of the history, once. */
export function remember(answer: string, history: string[]): void {
  const text = answer.trim();
  if (text === '') return;
  const known = history.indexOf(text);
  if (known >= 0) history.splice(known, 1);
  history.unshift(text);
  history.length = Math.min(history.length, MOST_HISTORY);
}
/** Code units of the letter there, and of the one before. */
const letterAt = (text: string, at: number): number => [...text.slice(at, at + 2)][0]?.length ?? 0;
const letterBefore = (text: string, at: number): number => [...text.slice(Math.max(0, at - 2), at)].at(-1)?.length ?? 0;
/** The first letters of a text that take at least so many columns. */
function lettersFor(text: string, columns: number): string {
  let kept = '';
  for (const letter of text) {
    if (columnsOf(kept) >= columns) break;
    kept += letter;
  }
  return kept;
}
