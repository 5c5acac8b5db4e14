import { ipv6Words, numberValue } from './address.ts';
import { FilterError } from './error.ts';
import { CONSTANTS, KEYWORDS, PROTOCOL_WORDS } from './words.ts';

export type TokenKind =
  /** A word with a meaning of its own; `text` has its main spelling. */
  | 'keyword'
  /** A word that names a protocol. */
  | 'protocol'
  /** Any other word, or one after a backslash. */
  | 'name'
  | 'number'
  /** Two to four numbers with dots. */
  | 'dotted'
  | 'ipv6'
  | 'mac'
  /** `$5a`: a link-layer address of one byte. */
  | 'byte'
  | 'operator'
  | 'end';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly at: number;
  /** Index behind the token. */
  readonly end: number;
  /** The number of a `number` or `byte`. */
  readonly value: number;
}

const BLANK = /[ \t\r\n]+/y;
const NUMBER = /0[xX][0-9a-fA-F]+|[0-9]+/y;
const DOTTED = /(?:0[xX][0-9a-fA-F]+|[0-9]+)(?:\.(?:0[xX][0-9a-fA-F]+|[0-9]+)){1,3}/y;
/** Six bytes with one kind of separator, three words with dots, or twelve digits. */
const MAC =
  /[0-9a-fA-F]{1,2}(?::[0-9a-fA-F]{1,2}){5}|[0-9a-fA-F]{1,2}(?:-[0-9a-fA-F]{1,2}){5}|[0-9a-fA-F]{1,2}(?:\.[0-9a-fA-F]{1,2}){5}|[0-9a-fA-F]{4}\.[0-9a-fA-F]{4}\.[0-9a-fA-F]{4}|[0-9a-fA-F]{12}/y;
/** Enough colons to be meant as an IPv6 address; whether it is one is asked afterwards. */
const IPV6 = /(?=[0-9a-fA-F]*:[0-9a-fA-F]*:)(?:[0-9a-fA-F:]*:[0-9]+(?:\.[0-9]+){3}|[0-9a-fA-F:]*)/y;
const BYTE = /\$[0-9a-fA-F]{1,2}/y;
/** Letters, digits, and inside the word `-` and `_`. */
const WORD = /[A-Za-z0-9](?:[-_.A-Za-z0-9]*[.A-Za-z0-9])?/y;
const ESCAPED = /\\[^ !()\n\t\r]+/y;
const OPERATOR = /\|\||&&|>=|<=|!=|==|<<|>>|[-+*/%&|^<>=!()[\]:]/y;

/** The spellings of an operator that mean the same. */
const OPERATOR_NAMES: Readonly<Record<string, string>> = { '||': 'or', '&&': 'and', '!': 'not', '==': '=' };

/** The longest filter that is read; nobody types one, and scripts do not come near. */
const LONGEST = 1 << 20;

/** The text as tokens, `end` last. Throws a {@link FilterError} at the first character that begins none. */
export function tokenize(text: string): Token[] {
  if (text.length > LONGEST) throw new FilterError('the filter is longer than a megabyte', text, 0);
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    at += length(BLANK, text, at);
    if (at >= text.length) break;
    const token = tokenAt(text, at);
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: 'end', text: '', at: text.length, end: text.length, value: 0 });
  return tokens;
}

function length(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex - at : 0;
}

/** The longest token that begins here; of two as long the more special one. */
function tokenAt(text: string, at: number): Token {
  const word = length(WORD, text, at);
  const number = length(NUMBER, text, at);
  const dotted = length(DOTTED, text, at);
  const mac = length(MAC, text, at);
  const ipv6 = length(IPV6, text, at);
  const longest = Math.max(word, number, dotted, mac, ipv6);
  if (longest === 0) return other(text, at);
  const end = at + longest;
  const piece = text.slice(at, end);
  if (mac === longest) return { kind: 'mac', text: piece, at, end, value: 0 };
  if (number === longest) return { kind: 'number', text: piece, at, end, value: numberValue(piece, text, at) };
  if (dotted === longest) return { kind: 'dotted', text: piece, at, end, value: 0 };
  if (word === longest) return wordToken(piece, at, end);
  if (ipv6Words(piece) !== undefined) return { kind: 'ipv6', text: piece, at, end, value: 0 };
  // `[6:2]` and `tcp[a:b]`: fewer than two colons never come here.
  throw new FilterError(`"${piece}" is neither an IPv6 nor an Ethernet address`, text, at);
}

function wordToken(piece: string, at: number, end: number): Token {
  const keyword = KEYWORDS.get(piece);
  if (keyword !== undefined) {
    if (keyword === 'and' || keyword === 'or' || keyword === 'not')
      return { kind: 'operator', text: keyword, at, end, value: 0 };
    return { kind: 'keyword', text: keyword, at, end, value: 0 };
  }
  if (PROTOCOL_WORDS.has(piece)) return { kind: 'protocol', text: piece, at, end, value: 0 };
  const constant = CONSTANTS.get(piece);
  if (constant !== undefined) return { kind: 'number', text: piece, at, end, value: constant };
  return { kind: 'name', text: piece, at, end, value: 0 };
}

function other(text: string, at: number): Token {
  const escaped = length(ESCAPED, text, at);
  if (escaped > 0) return { kind: 'name', text: text.slice(at + 1, at + escaped), at, end: at + escaped, value: 0 };
  const operator = length(OPERATOR, text, at);
  if (operator > 0) {
    const piece = text.slice(at, at + operator);
    return { kind: 'operator', text: OPERATOR_NAMES[piece] ?? piece, at, end: at + operator, value: 0 };
  }
  const byte = length(BYTE, text, at);
  if (byte > 0) {
    const value = Number.parseInt(text.slice(at + 1, at + byte), 16);
    return { kind: 'byte', text: text.slice(at, at + byte), at, end: at + byte, value };
  }
  const character = String.fromCodePoint(text.codePointAt(at)!);
  const shown = /[\p{Cc}\p{Cf}\p{Cs}]/u.test(character)
    ? `the character U+${text.codePointAt(at)!.toString(16).padStart(4, '0')}`
    : `"${character}"`;
  throw new FilterError(`${shown} means nothing in a filter`, text, at);
}
