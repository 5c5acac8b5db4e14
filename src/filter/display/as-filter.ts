import { Field } from '../../bytes/field.ts';
import { Text } from '../../bytes/text.ts';
import type { Computed, Value } from '../../dissect/protocol.ts';
import type { Meaning } from '../../dissect/registry.ts';
import { typeOf } from './types.ts';

const scratch = new Text();

/**
 * The filter for what a field of a packet shows: `ip.proto == "TCP"`. `[from, to)` is where it stands, `base` where its
 * layer starts.
 */
export function fieldAsFilter(meaning: Meaning, bytes: Uint8Array, from: number, to: number, base: number): string {
  const { field } = meaning;
  if (!(field instanceof Field)) throw new TypeError(`${field.name} stands nowhere: computedAsFilter`);
  const { family } = typeOf(meaning);
  const { kind, names } = field.spec;
  scratch.at = 0;
  if (family === 'string' && kind.name === 'text') return `${field.name} == ${quoted(bytes, from, to)}`;
  field.write(scratch, bytes, from, to, base);
  const bare = family === 'bytes' ? to > from : family !== 'string' && family !== 'moment';
  const value = names === undefined ? 0 : field.read(bytes, field.distance < 0 ? from : from - field.distance);
  if (bare && names?.[value] === undefined) return `${field.name} == ${scratch.toString()}`;
  return `${field.name} == ${quoted(scratch.bytes, 0, scratch.at)}`;
}
/** The same for a value that was worked out; `shown` is its text. */
export function computedAsFilter(field: Computed, value: Value, shown: string): string {
  const text = field.type === 'moment' ? shown : value;
  if (typeof text === 'boolean') return `${field.name} == ${Number(text)}`;
  if (typeof text !== 'string') return `${field.name} == ${shown}`;
  return `${field.name} == ${textAsLiteral(text)}`;
}
/** A text as filters take it. */
export function textAsLiteral(text: string): string {
  const bytes = Buffer.from(text, 'utf8');
  return quoted(bytes, 0, bytes.length);
}
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Any bytes as a text in double quotes. */
function quoted(bytes: Uint8Array, from: number, to: number): string {
  const out = ['"'];
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE || byte === BACKSLASH) out.push('\\', String.fromCharCode(byte));
    else if (byte < 0x20 || byte > 0x7e) out.push(`\\x${byte.toString(16).padStart(2, '0')}`);
    else out.push(String.fromCharCode(byte));
  }
  out.push('"');
  return out.join('');
}
