import { ipv4Kind, macKind, parseIpv6 } from '../../bytes/kind.ts';
import type { Constant } from './ast.ts';
import type { Fail } from './error.ts';
import { momentOf, spanOf } from './moment.ts';
import { utf8 } from './string.ts';
import { CALLED, type Type } from './types.ts';

export type Scalar = number | bigint;
/** A value that was typed, as fields of a type are compared with it. */
export interface Typed {
  /** Of a family of numbers. */
  readonly scalar?: Scalar;
  /** Several numbers may have the same name. */
  readonly scalars?: readonly number[];
  /** Of a family of bytes. */
  readonly run?: Uint8Array;
  /** How many leading bits count: `192.0.2.0/24`. */
  readonly prefix?: number;
}

/** What was typed, as a value of this type. */
export function typed(node: Constant, type: Type, fail: Fail): Typed {
  try {
    if (node.kind === 'string') return fromString(node.bytes, type);
    if (node.kind === 'character') return fromCharacter(node.code, type);
    return fromLiteral(node.text, type);
  } catch (error) {
    if (error instanceof RangeError) return fail(error.message, node.at, [], known(type));
    throw error;
  }
}
/** What may be typed where values have names. */
function known(type: Type): string | undefined {
  const names = Object.values(type.names ?? {});
  if (names.length === 0) return undefined;
  const some = names.slice(0, 6).map((name) => `"${name}"`);
  return `a number, or a name: ${some.join(', ')}${names.length > some.length ? ', …' : ''}`;
}

const bytesOf = (binary: string): Uint8Array => Uint8Array.from(binary, (c) => c.charCodeAt(0));

function fromString(binary: string, type: Type): Typed {
  switch (type.family) {
    case 'string':
    case 'bytes':
    case 'protocol':
      return { run: bytesOf(binary) };
    case 'moment':
      return { scalar: momentOf(binary) };
    case 'number':
    case 'float':
    case 'boolean':
      return named(binary, type) ?? noName(binary, type);
    default:
      throw new RangeError(`${CALLED[type.family]} is typed without quotes`);
  }
}
function noName(text: string, type: Type): never {
  const quoted = text.slice(0, 40).replace(/[^ -~]/g, '?');
  if (type.names === undefined && type.family !== 'boolean')
    throw new RangeError(`the field holds ${CALLED[type.family]}, and "${quoted}" is a text`);
  throw new RangeError(`no value of the field is called "${quoted}"`);
}
/** The values that have a name, whatever its case. */
function named(binary: string, type: Type): Typed | undefined {
  const wanted = binary.toLowerCase();
  const names = type.names === undefined && type.family === 'boolean' ? TRUTHS : (type.names ?? {});
  const scalars = Object.entries(names)
    .filter(([, name]) => utf8(name).toLowerCase() === wanted)
    .map(([value]) => Number(value));
  if (scalars.length > 1) return { scalars };
  return scalars.length === 1 ? { scalar: scalars[0]! } : undefined;
}
/** What Wireshark calls the two values of most bits. */
const TRUTHS = { 0: 'Not set', 1: 'Set' };

function fromCharacter(code: number, type: Type): Typed {
  switch (type.family) {
    case 'number':
    case 'float':
      return { scalar: code };
    case 'boolean':
      return { scalar: code === 0 ? 0 : 1 };
    case 'string':
      return { run: bytesOf(utf8(String.fromCodePoint(code))) };
    case 'bytes':
    case 'protocol':
      if (code <= 0xff) return { run: Uint8Array.of(code) };
      throw new RangeError('the character is more than one byte');
    default:
      throw new RangeError(`a character is not ${CALLED[type.family]}`);
  }
}
function fromLiteral(text: string, type: Type): Typed {
  switch (type.family) {
    case 'string':
      return { run: bytesOf(utf8(text)) };
    case 'bytes':
    case 'protocol':
      return { run: looseBytes(text) };
    case 'ether':
      return { run: hardware(text) };
    case 'ipv4':
      return prefixed(text, 32, (address) => ({ scalar: ipv4Kind.parse(address) as number }));
    case 'ipv6':
      return prefixed(text, 128, (address) => ({ run: parseIpv6(address) }));
    case 'moment':
      return { scalar: momentOf(text) };
    case 'span':
      return { scalar: spanOf(text) };
    case 'boolean':
      if (/^(True|TRUE)$/.test(text)) return { scalar: 1 };
      if (/^(False|FALSE)$/.test(text)) return { scalar: 0 };
      return named(text, type) ?? { scalar: wholeNumber(text, type) === 0 ? 0 : 1 };
    case 'float':
      return named(text, type) ?? { scalar: float(text, type) };
    case 'number':
      return named(text, type) ?? { scalar: limited(text, type) };
  }
}
function prefixed(text: string, most: number, address: (text: string) => Typed): Typed {
  const [, typedAddress = '', bits] = /^([^/]*)(?:\/(\d+))?$/.exec(text) ?? [];
  const value = address(typedAddress);
  if (bits === undefined) return value;
  if (Number(bits) > most) throw new RangeError(`a prefix has at most ${most} bits, not ${bits}`);
  return { ...value, prefix: Number(bits) };
}
/** A run of hexadecimal bytes with or without marks between, of which the last may lack a digit; or one byte as `0x2a`. */
function looseBytes(text: string): Uint8Array {
  const plain = text.startsWith(':') ? text.slice(1) : text;
  const wrong = () => new RangeError(`"${text}" is not a run of bytes such as 0a:1b`);
  const single = /^0(?:x([0-9a-f]+)|b([01]+))$/i.exec(plain);
  if (single !== null) {
    const value = Number.parseInt(single[1] ?? single[2]!, single[1] === undefined ? 2 : 16);
    if (value > 0xff || (single[1]?.length ?? 0) > 2)
      throw new RangeError(`${text} is more than one byte: write it as 0a:1b`);
    return Uint8Array.of(value);
  }
  const pieces = /^[0-9a-f]+$/i.test(plain) ? plain.match(/..?/g) : piecesOf(plain);
  if (pieces === null) throw wrong();
  return Uint8Array.from(pieces, (piece) => Number.parseInt(piece, 16));
}
function piecesOf(text: string): string[] | null {
  if (/^[0-9a-f]{4}(\.[0-9a-f]{4})+$/i.test(text)) return text.match(/[0-9a-f]{2}/gi);
  return /^[0-9a-f]{1,2}([:.-][0-9a-f]{1,2})*$/i.test(text) ? text.split(/[:.-]/) : null;
}
function hardware(text: string): Uint8Array {
  const run = looseBytes(text);
  if (run.length !== 6) throw new RangeError(`"${text}" has ${run.length} bytes, and ${CALLED.ether} has 6`);
  macKind.parse(Buffer.from(run).toString('hex'));
  return run;
}
/** As in C, and binary with 0b. */
function wholeNumber(text: string, type: Type): number | bigint {
  if (!/^(0x[0-9a-f]+|0b[01]+|0[0-7]*|[1-9][0-9]*)$/i.test(text)) {
    if (type.names !== undefined) noName(text, type);
    throw new RangeError(`"${text}" is not a whole number`);
  }
  // Longer than 64 bits in any notation; a million digits would take their time.
  if (text.length > 100) throw new RangeError('the number does not fit 64 bits');
  const value = BigInt(/^0[0-7]+$/.test(text) ? `0o${text.slice(1)}` : text);
  if (value >> 64n) throw new RangeError(`${text} does not fit 64 bits`);
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}
function limited(text: string, type: Type): number | bigint {
  const value = wholeNumber(text, type);
  const bits = type.bits ?? 64;
  if (value >= 2 ** bits) throw new RangeError(`${text} does not fit the field, whose most is ${2 ** bits - 1}`);
  return value;
}
function float(text: string, type: Type): number {
  if (/^[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$/.test(text)) return Number(text);
  if (/^0[xb]/i.test(text)) return Number(wholeNumber(text, type));
  return type.parse?.(text) ?? noName(text, type);
}
