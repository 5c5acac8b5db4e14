import type { Field } from '../bytes/field.ts';
import { type Kind, u8Kind, u16Kind, u16leKind, u24Kind, u32Kind, u32leKind } from '../bytes/kind.ts';
import type { Text } from '../bytes/text.ts';
import { writeJson, writePrintable } from '../bytes/utf8.ts';
import type { Frame } from './frame.ts';
import { writeTime } from './frame-fields.ts';
import type { Computed, Value } from './protocol.ts';

/** Writes the value found in `[from, to)` of a layer that starts at `base`. */
export type WriteField = (w: Text, bytes: Uint8Array, from: number, to: number, base: number) => void;
/** Writes what was worked out for layer `d`; nothing when the packet has no such thing. */
export type WriteComputed = (w: Text, frame: Frame, d: number) => void;

const QUOTE = 0x22;
const PLAIN_NUMBERS: readonly Kind[] = [u8Kind, u16Kind, u24Kind, u32Kind, u16leKind, u32leKind];
/** Is its value written in decimal digits, whatever it means? */
export const hasPlainNumber = ({ spec }: Field): boolean => PLAIN_NUMBERS.includes(spec.kind);

/** The number or the text as it is, for programs: without names of values. */
export function valueWriter(field: Field): WriteField {
  const { spec, distance, size, read } = field;
  const back = Math.max(0, distance);
  const { kind } = spec;
  if (spec.base === 'hex') {
    const width = spec.part === undefined ? size * 2 : hexDigits(spec.part.mask);
    return (w, bytes, from) => {
      w.str('0x');
      w.hexPadded(read(bytes, from - back), width);
    };
  }
  if (hasPlainNumber(field)) return (w, bytes, from) => w.dec(read(bytes, from - back));
  return (w, bytes, from, to, base) => kind.write(w, bytes, from, to, base);
}

/** Of whole bytes. */
const hexDigits = (mask: number): number => 2 * ((32 - Math.clz32((mask >>> 0) / (mask & -mask)) + 7) >> 3);

/** The same as a value of JSON: numbers up to 2^53 as numbers, all else as strings. */
export function jsonWriter(field: Field): WriteField {
  const { spec, distance, read } = field;
  const back = Math.max(0, distance);
  const { kind } = spec;
  if (hasPlainNumber(field)) return (w, bytes, from) => w.dec(read(bytes, from - back));
  if (kind.json !== undefined)
    return (w, bytes, from, to) => {
      w.char(QUOTE);
      kind.json!(w, bytes, from, to);
      w.char(QUOTE);
    };
  const write: WriteField = (w, bytes, from, to, base) => kind.write(w, bytes, from, to, base);
  const isNumber = kind.read !== undefined || kind.name.startsWith('u64');
  return (w, bytes, from, to, base) => {
    w.char(QUOTE);
    const start = w.at;
    write(w, bytes, from, to, base);
    if (isNumber && isNumeral(w.bytes, start, w.at)) {
      w.bytes.copyWithin(start - 1, start, w.at--);
      return;
    }
    escapeQuotes(w, start);
    w.char(QUOTE);
  };
}
/** A whole number as JSON writes it, of no more digits than a double holds. */
function isNumeral(bytes: Uint8Array, from: number, to: number): boolean {
  const first = bytes[from] === 0x2d ? from + 1 : from;
  if (to === first || to - first > 15 || (bytes[first] === 0x30 && to - first > 1)) return false;
  for (let at = first; at < to; at++) if (bytes[at]! < 0x30 || bytes[at]! > 0x39) return false;
  return true;
}
/** What a kind writes holds no control characters, but it may hold quotes. */
function escapeQuotes(w: Text, start: number): void {
  const { bytes, at } = w;
  for (let i = start; i < at; i++) {
    const byte = bytes[i]!;
    if (byte > 0x1f && byte !== QUOTE && byte !== 0x5c) continue;
    const written = bytes.slice(start, at);
    w.at = start;
    writeJson(w, written, 0, written.length);
    return;
  }
}

/** Which of several values are printed. */
export type Occurrence = 'first' | 'last' | 'all';

const encoder = new TextEncoder();
/** Several values with commas between. */
function each(value: Value | readonly Value[] | undefined, w: Text, separator: string, one: (value: Value) => void) {
  if (value === undefined) return;
  if (!Array.isArray(value)) {
    one(value as Value);
    return;
  }
  (value as readonly Value[]).forEach((some, i) => {
    if (i > 0) w.str(separator);
    one(some);
  });
}
function writeNanoseconds(w: Text, value: bigint): void {
  const seconds = value / 1_000_000_000n;
  writeTime(w, Number(seconds), Number(value - seconds * 1_000_000_000n));
}
function writeValue(w: Text, { type, base }: Computed, value: Value): void {
  if (typeof value === 'bigint' && type === 'time') writeNanoseconds(w, value);
  else if (typeof value === 'boolean') w.char(value ? 0x31 : 0x30);
  else if (typeof value === 'number' && base === 'hex') w.str(`0x${value.toString(16).padStart(4, '0')}`);
  else if (typeof value === 'string') {
    const text = encoder.encode(value);
    writePrintable(w, text, 0, text.length);
  } else w.str(String(value));
}
/** Where several values are joined, or one of them is chosen, and the text of one. */
export function computedWriter(field: Computed, separator = ',', which: Occurrence = 'all'): WriteComputed {
  if (field.type === 'bytes') return writeBytes(field);
  if (field.write !== undefined) return field.write;
  return (w, frame, d) => {
    const all = field.value(frame, d);
    const value = which !== 'all' && Array.isArray(all) ? all.at(which === 'first' ? 0 : -1) : all;
    if (typeof value === 'number' && field.base === undefined && Number.isSafeInteger(value)) w.signed(value);
    else each(value, w, separator, (some) => writeValue(w, field, some));
  };
}
const place = { from: 0, to: 0 };
const writeBytes =
  (field: Computed): WriteComputed =>
  (w, frame, d) => {
    if (field.place?.(frame, d, place) === true) w.hexBytes(frame.bytes, place.from, place.to);
  };

/** As a value of JSON; several as an array. */
export function computedJson(field: Computed): WriteComputed {
  const { type, write } = field;
  if (type === 'number' && write !== undefined) return write;
  if (type === 'bytes') return quoted(writeBytes(field));
  if (write !== undefined) return quoted(write);
  return (w, frame, d) => {
    const value = field.value(frame, d);
    if (value === undefined) return;
    if (typeof value === 'number' && Number.isSafeInteger(value)) {
      w.signed(value);
      return;
    }
    const many = Array.isArray(value);
    if (many && value.length === 0) return;
    if (many) w.char(0x5b);
    each(value, w, ',', (some) => writeJsonValue(w, field, some));
    if (many) w.char(0x5d);
  };
}
/** What `write` gives is printable, and holds nothing that JSON would have escaped. */
const quoted =
  (write: WriteComputed): WriteComputed =>
  (w, frame, d) => {
    w.char(QUOTE);
    const start = w.at;
    write(w, frame, d);
    if (w.at === start) w.at--;
    else w.char(QUOTE);
  };
function writeJsonValue(w: Text, field: Computed, value: Value): void {
  const isNumber = typeof value === 'number' && (field.type === 'float' || Number.isSafeInteger(value));
  if (isNumber || typeof value === 'boolean') {
    w.str(String(value));
    return;
  }
  w.char(QUOTE);
  if (typeof value === 'string') {
    const text = encoder.encode(value);
    writeJson(w, text, 0, text.length);
  } else writeValue(w, field, value);
  w.char(QUOTE);
}
