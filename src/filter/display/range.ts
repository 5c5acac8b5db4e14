import type { Range } from './ast.ts';
import type { Fail } from './error.ts';
import type { Token } from './lexer.ts';

/** `[…]` from its bracket on: ranges with commas between. */
export function rangesAt(text: string, at: number, kind: 'ranges' | 'layers', fail: Fail): Token {
  const open = text.indexOf('[', at);
  const close = text.indexOf(']', open);
  if (close < 0) fail('the "]" of this "[" is missing', open);
  const ranges: Range[] = [];
  let from = open + 1;
  for (const piece of text.slice(from, close).split(',')) {
    ranges.push(rangeOf(piece, from, fail));
    from += piece.length + 1;
  }
  return { kind, text: text.slice(at, close + 1), at, end: close + 1, ranges };
}
/** `#2` or `#[…]`. */
export function layerAt(text: string, at: number, fail: Fail): Token {
  if (text[at + 1] === '[') return rangesAt(text, at, 'layers', fail);
  const digits = /^[0-9]+/.exec(text.slice(at + 1, at + 12))?.[0];
  if (digits === undefined) fail('a number or "[" is expected right behind "#"', at + 1);
  const start = numberOf(digits!, at + 1, fail);
  const end = at + 1 + digits!.length;
  return { kind: 'layers', text: text.slice(at, end), at, end, ranges: [{ start, length: 1 }] };
}
const NUMBER = '[+-]?(?:0[xX][0-9A-Fa-f]+|[0-9]+)';
const SINGLE = new RegExp(`^\\s*(${NUMBER})\\s*$`);
const COUNTED = new RegExp(`^\\s*(${NUMBER})?\\s*:\\s*(${NUMBER})?\\s*$`);
const TO_LAST = new RegExp(`^\\s*(${NUMBER})\\s*-\\s*(${NUMBER})\\s*$`);

function rangeOf(piece: string, at: number, fail: Fail): Range {
  const single = SINGLE.exec(piece);
  if (single !== null) return { start: numberOf(single[1]!, at, fail), length: 1 };
  const counted = COUNTED.exec(piece);
  if (counted !== null) {
    const start = counted[1] === undefined ? 0 : numberOf(counted[1], at, fail);
    if (counted[2] === undefined) return { start };
    const length = numberOf(counted[2], at, fail);
    if (length <= 0) fail(`a length is at least 1, not ${length}`, at);
    return { start, length };
  }
  const toLast = TO_LAST.exec(piece);
  if (toLast === null) fail(`"${shown(piece)}" is no range: [start:length], [first-last] or [place] is expected`, at);
  const start = numberOf(toLast![1]!, at, fail);
  const last = numberOf(toLast![2]!, at, fail);
  if (start < 0 !== last < 0) fail('both ends of a range count from the same side', at);
  if (start >= last) fail(`a range ends behind its start, and ${last} does not come after ${start}`, at);
  return { start, last };
}
/** As in C: decimal, hexadecimal with 0x, octal with 0. */
function numberOf(typed: string, at: number, fail: Fail): number {
  const [, sign, digits] = /^([+-]?)(.*)$/.exec(typed)!;
  if (/^0[0-9]*[89]/.test(digits!)) fail(`"${typed}" is no octal number`, at);
  const value = /^0[0-7]+$/.test(digits!) ? Number.parseInt(digits!, 8) : Number(digits);
  if (value > 0x7fff_ffff) fail(`${typed} is more than any packet has bytes`, at);
  return sign === '-' ? -value : value;
}
const shown = (piece: string): string => piece.slice(0, 40).replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '?');
