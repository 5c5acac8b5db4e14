import type { Range } from './ast.ts';
import type { Fail } from './error.ts';
import { layerAt, rangesAt } from './range.ts';
import { characterAt, stringAt } from './string.ts';

export type TokenKind =
  /** A name or a value: only the parser knows which. */
  | 'word'
  /** A word after a dot: a name, whatever else it looks like. */
  | 'name'
  /** A value that cannot be a name. */
  | 'literal'
  | 'string'
  | 'character'
  /** An operator or a mark, in its main spelling. */
  | 'operator'
  /** `[…]`, read already. */
  | 'ranges'
  /** `#2`, `#[1-2]`. */
  | 'layers'
  | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** Of a string its bytes, one a character. */
  readonly text: string;
  readonly at: number;
  /** Index behind the token. */
  readonly end: number;
  readonly ranges?: readonly Range[];
  /** The code of a character. */
  readonly code?: number;
}

const BLANK = /[ \t\r\n]+/y;
const PART = '[A-Za-z0-9_][A-Za-z0-9_-]*';
/** Names of fields and most values. A hyphen inside belongs to it: `a-b` is one word, `a -b` is a difference. */
const WORD = new RegExp(`${PART}(?:\\.${PART})*`, 'y');
const NAME = new RegExp(`\\.(?=[A-Za-z0-9_])${PART}(?:\\.${PART})*`, 'y');
const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';
const DOTTED = `${OCTET}(?:\\.${OCTET}){3}`;
const IPV4 = new RegExp(`${DOTTED}(?:/[0-9]{1,2})?(?![0-9])`, 'y');
/** Enough colons for an address; whether it is one is asked when it meets a field. */
const IPV6 = new RegExp(
  `(?:(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}|(?:[0-9A-Fa-f]{1,4}:){6}${DOTTED}|` +
    `(?:[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4})*)?::(?:(?:[0-9A-Fa-f]{1,4}:)*(?:${DOTTED}|[0-9A-Fa-f]{1,4}))?)(?:/[0-9]{1,3})?`,
  'y',
);
const COLON_BYTES = /:?[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2})+/y;
/** A colon in front makes a value of what might be a name. */
const MARKED = /:[0-9A-Fa-f]{2}(?:(?:-[0-9A-Fa-f]{2})+|(?:\.[0-9A-Fa-f]{2})+)|:[0-9A-Fa-f]+/y;
const OPERATOR = /===|!==|==|!=|~=|>=|<=|&&|\|\||\^\^|\.\.|[<>!~&+\-*/%(){},$@]/y;

/** Operators by every spelling. */
const SPELLINGS: Readonly<Record<string, string>> = {
  eq: '==',
  any_eq: '==',
  ne: '!=',
  all_ne: '!=',
  all_eq: '===',
  any_ne: '!==',
  '~=': '!==',
  gt: '>',
  ge: '>=',
  lt: '<',
  le: '<=',
  '~': 'matches',
  '!': 'not',
  '&&': 'and',
  '||': 'or',
  '^^': 'xor',
  bitwise_and: '&',
};
const KEYWORDS = new Set(['and', 'or', 'xor', 'not', 'in', 'contains', 'matches', 'any', 'all']);
/** The words that are operators, for suggestions. */
export const OPERATOR_WORDS: readonly string[] = [...KEYWORDS, ...Object.keys(SPELLINGS).filter((s) => /\w/.test(s))];

/** The longest filter that is read; nobody types one, and scripts do not come near. */
const LONGEST = 1 << 20;

/** The text as tokens, `end` last. */
export function tokenize(text: string, fail: Fail): Token[] {
  if (text.length > LONGEST) fail('the filter is longer than a megabyte', 0);
  const tokens: Token[] = [];
  for (let at = skip(BLANK, text, 0); at < text.length; at = skip(BLANK, text, at)) {
    const token = tokenAt(text, at, fail);
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: 'end', text: '', at: text.length, end: text.length });
  return tokens;
}
function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
function tokenAt(text: string, at: number, fail: Fail): Token {
  const head = text[at]!;
  const next = text[at + 1];
  if (head === '"') return stringAt(text, at, false, fail);
  if ((head === 'r' || head === 'R') && next === '"') return stringAt(text, at, true, fail);
  if (head === "'") return characterAt(text, at, fail);
  if (head === '[') return rangesAt(text, at, 'ranges', fail);
  if (head === '#') return layerAt(text, at, fail);
  const literal = Math.max(...[IPV4, IPV6, COLON_BYTES, MARKED].map((pattern) => skip(pattern, text, at)));
  const word = skip(WORD, text, at);
  if (literal > at && literal >= word) return token('literal', text, at, literal);
  if (word > at) return wordToken(text, at, word);
  const name = skip(NAME, text, at);
  if (name > at) return { kind: 'name', text: text.slice(at + 1, name), at, end: name };
  const end = skip(OPERATOR, text, at);
  if (end === at) return unknown(text, at, fail);
  const piece = text.slice(at, end);
  return { kind: 'operator', text: SPELLINGS[piece] ?? piece, at, end };
}
const token = (kind: TokenKind, text: string, at: number, end: number): Token => ({
  kind,
  text: text.slice(at, end),
  at,
  end,
});
function wordToken(text: string, at: number, end: number): Token {
  const word = text.slice(at, end);
  const operator = KEYWORDS.has(word) ? word : Object.hasOwn(SPELLINGS, word) ? SPELLINGS[word] : undefined;
  return operator === undefined ? token('word', text, at, end) : { kind: 'operator', text: operator, at, end };
}
function unknown(text: string, at: number, fail: Fail): never {
  const character = String.fromCodePoint(text.codePointAt(at)!);
  if (character === '=') fail('"=" is no operator', at, [], '"==" compares');
  if (character === '|') fail('"|" is no operator', at, [], '"||" joins two tests');
  const shown = /[\p{Cc}\p{Cf}\p{Cs}]/u.test(character)
    ? `the character U+${text.codePointAt(at)!.toString(16).padStart(4, '0')}`
    : `"${character}"`;
  return fail(`${shown} means nothing in a filter, except between quotes`, at);
}
