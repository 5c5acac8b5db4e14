import type { FieldOptions, FieldSpec } from '../src/bytes/field.ts';
import { type Kind, read8 } from '../src/bytes/kind.ts';

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;
const MAX_DIGITS = 15;
const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

/** Where the first of the bytes `wanted` is, or `end`. */
export function find(bytes: Uint8Array, wanted: number, from: number, end: number): number {
  const at = bytes.subarray(from, end).indexOf(wanted);
  return at < 0 ? end : from + at;
}
/** Where the line at `at` ends, its end not counted; `end` when the line goes on. */
export function lineEnd(bytes: Uint8Array, at: number, end: number): number {
  const feed = find(bytes, LF, at, end);
  return feed < end && feed > at && read8(bytes, feed - 1) === CR ? feed - 1 : feed;
}
/** Where the line begins that follows one that ends at `to`. */
export function nextLine(bytes: Uint8Array, to: number, end: number): number {
  if (to >= end) return end;
  return to + (read8(bytes, to) === CR ? 2 : 1);
}
export const isWhite = (byte: number): boolean => byte === SPACE || byte === TAB;
export function skipWhite(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && isWhite(read8(bytes, at))) at++;
  return at;
}
export function trimWhite(bytes: Uint8Array, from: number, to: number): number {
  let end = to;
  while (end > from && isWhite(read8(bytes, end - 1))) end--;
  return end;
}
/** Bytes as text, to look up names; only for what is short. */
export const wordAt = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1');

/** The number that decimal digits at `at` write; not a number when there are none. */
function readDigits(bytes: Uint8Array, at: number): number {
  if (!isDigit(read8(bytes, at))) return Number.NaN;
  let value = 0;
  for (let i = 0; i < MAX_DIGITS && isDigit(read8(bytes, at + i)); i++)
    value = value * 10 + read8(bytes, at + i) - 0x30;
  return value;
}
/** Are there digits at `from`, and nothing else up to `to`, behind which something was captured that is no digit? */
export function isNumber(bytes: Uint8Array, from: number, to: number, end: number): boolean {
  for (let at = from; at < to; at++) if (!isDigit(read8(bytes, at))) return false;
  return to > from && to < end && to - from <= MAX_DIGITS && !isDigit(read8(bytes, to));
}
const digitsKind: Kind = {
  name: 'digits',
  size: 0,
  read: (distance) => (bytes, at) => readDigits(bytes, at + distance),
  write: (w, bytes, from) => w.dec(readDigits(bytes, from)),
  parse(text) {
    if (!/^\d{1,15}$/.test(text)) throw new RangeError(`"${text}" is not a number`);
    return Number(text);
  },
};
/** A number that is written in decimal digits, as {@link isNumber} finds it. */
export const digits = (label: string, options: FieldOptions = {}): FieldSpec => ({
  kind: digitsKind,
  label,
  ...options,
});
