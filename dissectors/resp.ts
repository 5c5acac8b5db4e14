import { header, bytes as raw, text } from '../src/bytes/field.ts';
import { read8 } from '../src/bytes/kind.ts';
import { protocol, type Visit } from '../src/dissect/protocol.ts';
import { respText } from './resp/text.ts';
import { digits, isNumber, lineEnd, nextLine } from './text-lines.ts';

const resp = header(
  'resp',
  {},
  {
    string: text('String'),
    error: text('Error'),
    integer: text('Integer'),
    'bulk_string.length': digits('String length', { unit: 'bytes' }),
    'bulk_string.value': text('Value'),
    'array.length': digits('Array length', { unit: 'elements' }),
    fragment: raw('Part of a value that began before'),
  },
);
const STRING = 0x2b;
const ERROR = 0x2d;
const INTEGER = 0x3a;
const BULK = 0x24;
const ARRAY = 0x2a;
const LINES = { [STRING]: resp.string, [ERROR]: resp.error, [INTEGER]: resp.integer };

/** The protocol of Redis. Arrays are nothing but a count before their elements, so that all lies in one row. */
export const redis = protocol(resp, {
  title: 'Redis Serialization Protocol',
  source: 'https://redis.io/docs/latest/develop/reference/protocol-spec',
  on: { 'tcp.port': 6379 },
  expand(frame, d, visit) {
    const end = frame.limit(d);
    for (let at = frame.from[d]!; at < end; ) at = visitValue(frame.bytes, at, end, visit);
  },
  line: respText,
});

function visitValue(bytes: Uint8Array, at: number, end: number, visit: Visit): number {
  const type = read8(bytes, at);
  const to = lineEnd(bytes, at, end);
  const next = nextLine(bytes, to, end);
  const line = LINES[type as keyof typeof LINES];
  if (line !== undefined) {
    if (to > at + 1) visit(line, at + 1, to);
    return next;
  }
  if (type !== BULK && type !== ARRAY) {
    // An inline command, or what is left of a long value.
    visit(resp.fragment, at, next);
    return next;
  }
  // A length of -1 stands for no value at all.
  if (!isNumber(bytes, at + 1, to, end)) return next;
  const length = type === ARRAY ? resp['array.length'] : resp['bulk_string.length'];
  visit(length, at + 1, to);
  if (type === ARRAY) return next;
  const valueEnd = Math.min(next + length.read(bytes, at + 1), end);
  if (valueEnd > next) visit(resp['bulk_string.value'], next, valueEnd);
  return lineEnd(bytes, valueEnd, end) === valueEnd ? nextLine(bytes, valueEnd, end) : valueEnd;
}
