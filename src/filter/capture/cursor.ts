import { nearest } from '../nearest.ts';
import { FilterError } from './error.ts';
import { type Token, tokenize } from './lexer.ts';
import { KEYWORDS, PROTOCOL_WORDS } from './words.ts';

/** Parentheses, `not`s and signs inside each other that are followed; more are no filter but an attack on the stack. */
const DEEPEST = 250;

/** What a person would call each operator. */
const OPERATOR_WORDS = ['and', 'or', 'not'];

/** The tokens of a filter and the place that the parser has reached. */
export class Cursor {
  private readonly tokens: Token[];
  private position = 0;
  private depth = 0;

  constructor(readonly text: string) {
    this.tokens = tokenize(text);
  }

  get token(): Token {
    return this.tokens[this.position]!;
  }

  /** The token after this one. */
  get following(): Token {
    return this.tokens[Math.min(this.position + 1, this.tokens.length - 1)]!;
  }

  next(): Token {
    const token = this.token;
    if (token.kind !== 'end') this.position++;
    return token;
  }

  is(kind: Token['kind'], ...texts: string[]): boolean {
    return this.token.kind === kind && (texts.length === 0 || texts.includes(this.token.text));
  }

  operator(text: string): boolean {
    return this.is('operator', text);
  }

  keyword(...texts: string[]): boolean {
    return this.is('keyword', ...texts);
  }

  /** Steps over the token if it is this operator. */
  accept(text: string): boolean {
    if (!this.operator(text)) return false;
    this.position++;
    return true;
  }

  expect(text: string, why: string): void {
    if (!this.accept(text)) this.fail(`"${text}" ${why}`);
  }

  /** Runs a rule one level further down. */
  nested<T>(rule: () => T): T {
    if (++this.depth > DEEPEST) this.error(`more than ${DEEPEST} levels of parentheses and signs`, this.token.at);
    try {
      return rule();
    } finally {
      this.depth--;
    }
  }

  error(reason: string, at: number, near: readonly string[] = [], hint?: string): never {
    throw new FilterError(reason, this.text, at, near, hint);
  }

  /** The token here is not what may stand here. */
  fail(expected: string, words: Iterable<string> = []): never {
    const { token } = this;
    if (token.kind === 'end') this.error(`the filter ends where ${expected} is expected`, token.at);
    // What may stand here is more likely meant than what is as near in spelling.
    const known = [...words, ...OPERATOR_WORDS, ...KEYWORDS.keys(), ...PROTOCOL_WORDS.keys()];
    const near = token.kind === 'name' ? nearest(token.text, new Set(known)) : [];
    this.error(`${expected} is expected here, not ${this.shown(token)}`, token.at, near);
  }

  shown(token: Token): string {
    const typed = this.text.slice(token.at, Math.min(token.end, token.at + 40));
    return `"${typed.replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '?')}"`;
  }
}
