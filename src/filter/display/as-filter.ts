import { Field } from '../../bytes/field.ts';
import { Text } from '../../bytes/text.ts';
import type { Value } from '../../dissect/protocol.ts';
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
  if (bare && names === undefined) return `${field.name} == ${scratch.toString()}`;
  return `${field.name} == ${quoted(scratch.bytes, 0, scratch.at)}`;
}
/** The same for what was worked out. */
export function computedAsFilter(name: string, value: Value, shown: string): string {
  if (typeof value === 'string') {
    const bytes = Buffer.from(value, 'utf8');
    return `${name} == ${quoted(bytes, 0, bytes.length)}`;
  }
  return `${name} == ${typeof value === 'boolean' ? Number(value) : shown}`;
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
