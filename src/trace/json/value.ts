import { type Literal, literal, type Text } from '../../bytes/text.ts';

/** ASCII */
export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const LINE_FEED = 0x0a;
export const OPEN = 0x7b;
export const CLOSE = 0x7d;
export const OPEN_LIST = 0x5b;
export const CLOSE_LIST = 0x5d;

/** Texts that come again and again, as JSON. DEL is escaped, as terminals obey it. */
const quotes = new Map<string, Literal>();
export const MOST_KNOWN = 4096;
export const escaped = (value: unknown): string => JSON.stringify(value).replaceAll('\x7f', '\\u007f');
export function quoted(text: string): Literal {
  let known = quotes.get(text);
  if (known === undefined) {
    if (quotes.size >= MOST_KNOWN) quotes.clear();
    known = literal(escaped(text));
    quotes.set(text, known);
  }
  return known;
}
export function put(w: Text, name: Literal, value: number): void {
  w.put(name);
  // Times of journeys read from a file, or told by packets, may be anything.
  if (value >= 0 && Number.isInteger(value)) w.dec(value);
  else w.str(String(value));
}
export function putText(w: Text, name: Literal, value: string | undefined): void {
  if (value === undefined) return;
  w.put(name);
  w.put(quoted(value));
}
/** Text that is another each time, and seldom needs escapes. */
export function putPlain(w: Text, text: string): void {
  if (!PLAIN.test(text)) {
    w.put(literal(escaped(text)));
    return;
  }
  w.char(QUOTE);
  w.str(text);
  w.char(QUOTE);
}
const PLAIN = /^[ !#-[\]-~]*$/;
/** Whatever it is, for what is seldom there. */
export function putOther(w: Text, name: Literal, value: unknown): void {
  if (value === undefined) return;
  w.put(name);
  w.put(literal(escaped(value)));
}
export function putAll<T>(w: Text, name: Literal, all: readonly T[], one: (each: T) => void): void {
  w.put(name);
  w.char(OPEN_LIST);
  for (const [i, each] of all.entries()) {
    if (i > 0) w.char(COMMA);
    one(each);
  }
  w.char(CLOSE_LIST);
}
