import { nearest } from '../nearest.ts';
import type { Fail } from './error.ts';
import { type Token, tokenize } from './lexer.ts';

/** Parentheses, `not`s and slices inside each other that are followed; more are no filter but an attack on the stack. */
const DEEPEST = 250;

/** The tokens of a filter and the place that the parser has reached. */
export class Cursor {
  private readonly tokens: Token[];
  private position = 0;
  private depth = 0;

  constructor(
    readonly text: string,
    readonly fail: Fail,
  ) {
    this.tokens = tokenize(text, fail);
  }
  get token(): Token {
    return this.tokens[this.position]!;
  }
  get done(): boolean {
    return this.token.kind === 'end';
  }
  get following(): Token {
    return this.tokens[Math.min(this.position + 1, this.tokens.length - 1)]!;
  }
  get before(): Token {
    return this.tokens[this.position - 1]!;
  }
  next(): Token {
    const { token } = this;
    if (token.kind !== 'end') this.position++;
    return token;
  }
  operator(...texts: string[]): boolean {
    return this.token.kind === 'operator' && texts.includes(this.token.text);
  }
  /** Steps over the token if it is this operator. */
  accept(text: string): boolean {
    if (!this.operator(text)) return false;
    this.position++;
    return true;
  }
  expect(text: string, why: string): void {
    if (!this.accept(text)) this.unexpected(`"${text}" ${why}`);
  }
  /** Runs a rule one level further down. */
  nested<T>(rule: () => T): T {
    if (++this.depth > DEEPEST) this.fail(`more than ${DEEPEST} levels of parentheses`, this.token.at);
    const result = rule();
    this.depth--;
    return result;
  }
  /** The token here is not what may stand here. */
  unexpected(expected: string, words: readonly string[] = [], hint?: string): never {
    const { token } = this;
    if (token.kind === 'end') return this.fail(`the filter ends where ${expected} is expected`, token.at, [], hint);
    const typed = this.text.slice(token.at, Math.min(token.end, token.at + 40)).replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '?');
    const near = token.kind === 'word' ? nearest(token.text, words) : [];
    return this.fail(
      `${expected} is expected here, not ${typed.startsWith('"') ? typed : `"${typed}"`}`,
      token.at,
      near,
      hint,
    );
  }
}
