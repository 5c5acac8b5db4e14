import type { ByteSet } from './tree.ts';

export const setOf = (has: (byte: number) => boolean): ByteSet =>
  Uint8Array.from({ length: 256 }, (_, byte) => (has(byte) ? 1 : 0));
export const negated = (set: ByteSet): ByteSet => set.map((flag) => 1 - flag);
export const single = (code: number): ByteSet => setOf((byte) => byte === code);
const among = (characters: string): ByteSet => setOf((byte) => characters.includes(String.fromCharCode(byte)));
const like = (pattern: RegExp): ByteSet => setOf((byte) => byte < 128 && pattern.test(String.fromCharCode(byte)));

export const ALL: ByteSet = setOf(() => true);
export const NEWLINE: ByteSet = single(0x0a);
export const NOT_NEWLINE: ByteSet = negated(NEWLINE);
export const WORD: ByteSet = like(/\w/);
const DIGIT = like(/\d/);
const SPACE = among(' \t\n\v\f\r');
const HORIZONTAL = setOf((byte) => byte === 0x20 || byte === 0x09 || byte === 0xa0);
const VERTICAL = setOf((byte) => (byte >= 0x0a && byte <= 0x0d) || byte === 0x85);

/** `\d` and its like: sets by the letter of their escape. */
export const ESCAPED_SETS: Readonly<Record<string, ByteSet>> = {
  d: DIGIT,
  D: negated(DIGIT),
  w: WORD,
  W: negated(WORD),
  s: SPACE,
  S: negated(SPACE),
  h: HORIZONTAL,
  H: negated(HORIZONTAL),
  v: VERTICAL,
  V: negated(VERTICAL),
  N: NOT_NEWLINE,
};
/** `[:alpha:]` and its like. */
export const NAMED_SETS: Readonly<Record<string, ByteSet>> = {
  alpha: like(/[A-Za-z]/),
  digit: DIGIT,
  alnum: like(/[A-Za-z0-9]/),
  upper: like(/[A-Z]/),
  lower: like(/[a-z]/),
  space: SPACE,
  blank: among(' \t'),
  punct: like(/[!-/:-@[-`{-~]/),
  print: like(/[ -~]/),
  graph: like(/[!-~]/),
  cntrl: setOf((byte) => byte < 0x20 || byte === 0x7f),
  xdigit: like(/[0-9A-Fa-f]/),
  word: WORD,
  ascii: setOf((byte) => byte < 128),
};
/** With each letter, the same letter in the other case. */
export function bothCases(set: ByteSet): ByteSet {
  const both = set.slice();
  for (let byte = 0x41; byte <= 0x5a; byte++) both[byte] = both[byte + 0x20] = set[byte]! | set[byte + 0x20]!;
  return both;
}
