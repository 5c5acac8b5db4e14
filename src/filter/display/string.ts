import type { Fail } from './error.ts';
import type { Token } from './lexer.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};
/** Text as the bytes of its UTF-8, one a character. */
export const utf8 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

/** A text in double quotes; a raw one keeps its backslashes, also the one that protects a quote. */
export function stringAt(text: string, at: number, raw: boolean, fail: Fail): Token {
  const open = raw ? at + 1 : at;
  const end = closing(text, open);
  if (end < 0) fail('the quote that ends this text is missing', at);
  const inside = text.slice(open + 1, end);
  const bytes = raw ? utf8(inside) : unescaped(inside, open + 1, fail);
  return { kind: 'string', text: bytes, at, end: end + 1 };
}
/** A character in single quotes: its code. */
export function characterAt(text: string, at: number, fail: Fail): Token {
  const end = closing(text, at);
  if (end < 0) fail('the quote that ends this character is missing', at);
  const inside = text.slice(at + 1, end);
  if (inside === '') fail('there is no character between the quotes', at);
  const universal = /^\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))$/.exec(inside);
  const bytes = unescaped(inside, at + 1, fail);
  const code = universal === null ? bytes.charCodeAt(0) : Number.parseInt(universal[1] ?? universal[2]!, 16);
  if (bytes.length > 1 && universal === null)
    fail('between single quotes stands one character', at, [], 'double quotes');
  if (inside.length === 1 && (code < 0x20 || code > 0x7e))
    fail('a character without an escape is a visible one', at + 1);
  return { kind: 'character', text: text.slice(at, end + 1), at, end: end + 1, code };
}
/** Where the quote at `open` is answered; -1: nowhere. */
function closing(text: string, open: number): number {
  for (let i = open + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === text[open]) return i;
  }
  return -1;
}
const ESCAPE = /\\(?:x([0-9A-Fa-f]{1,2})|([0-7]{1,3})|u([0-9A-Fa-f]{0,4})|U([0-9A-Fa-f]{0,8})|([\s\S]))|[^\\]+/gy;
function unescaped(inside: string, from: number, fail: Fail): string {
  const out: string[] = [];
  for (const match of inside.matchAll(ESCAPE)) {
    const [whole, hex, octal, short, long, letter] = match;
    const at = from + match.index;
    if (hex !== undefined) out.push(String.fromCharCode(Number.parseInt(hex, 16)));
    else if (octal !== undefined) {
      const code = Number.parseInt(octal, 8);
      if (code > 0xff) fail(`${whole} is more than a byte holds`, at);
      out.push(String.fromCharCode(code));
    } else if (short !== undefined || long !== undefined) out.push(universal(whole!, at, fail));
    else if (letter === undefined) out.push(utf8(whole!));
    else out.push(ESCAPES[letter] ?? fail(`${printed(whole!)} is no escape`, at, [], 'a raw text: r"…"'));
  }
  return out.join('');
}
/** `\u00e9`, `\U0001f600`: not for what can be typed, nor for half of a pair (ISO 9899, section 6.4.3). */
function universal(typed: string, at: number, fail: Fail): string {
  const code = Number.parseInt(typed.slice(2), 16);
  const whole = typed.length === (typed[1] === 'u' ? 6 : 10);
  const basic = code < 0xa0 && code !== 0x24 && code !== 0x40 && code !== 0x60;
  if (!whole || basic || (code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff)
    fail(`${typed} names no character from U+00A0 on`, at);
  return utf8(String.fromCodePoint(code));
}
const printed = (typed: string): string => typed.replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '?');
