/** Parts of the addresses and of the lists of parameters in SIP's headers (RFC 3261 sections 19.1, 20.10 and 20.42). */
import type { Field } from '../../src/bytes/field.ts';
import { read8 } from '../../src/bytes/kind.ts';
import type { Visit } from '../../src/dissect/protocol.ts';
import { find, skipWhite, trimWhite, wordAt } from '../text-lines.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LESS = 0x3c;
const GREATER = 0x3e;
const SEMICOLON = 0x3b;
const COLON = 0x3a;
const AT = 0x40;
const QUESTION = 0x3f;
const EQUALS = 0x3d;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const LONGEST_NAME = 32;
const SCHEMES = /^sips?$/i;

/** Parts of an address, as far as they have a field. */
export interface AddressFields {
  readonly display?: Field;
  readonly whole?: Field;
  readonly user: Field;
  readonly host: Field;
  readonly port: Field;
  /** The parameters behind the address that have a field, by name. */
  readonly parameters: ReadonlyMap<string, Field>;
}
/** `"Name" <sip:user@host:port;x=y>;tag=z`, or without the brackets. */
export function visitAddress(fields: AddressFields, bytes: Uint8Array, from: number, to: number, visit: Visit): void {
  const name = read8(bytes, from) === QUOTE ? quoteEnd(bytes, from, to) : from;
  const less = find(bytes, LESS, name, to);
  if (less === to) {
    const end = find(bytes, SEMICOLON, from, to);
    visitUri(fields, bytes, from, trimWhite(bytes, from, end), visit);
    visitParameters(fields.parameters, bytes, end, to, visit);
    return;
  }
  const nameEnd = name > from ? name : less;
  if (fields.display !== undefined && nameEnd > from) visit(fields.display, from, nameEnd);
  const greater = find(bytes, GREATER, less, to);
  visitUri(fields, bytes, less + 1, greater, visit);
  visitParameters(fields.parameters, bytes, find(bytes, SEMICOLON, greater, to), to, visit);
}
/** `sip:user@host:port`, up to `to`. */
export function visitUri(fields: AddressFields, bytes: Uint8Array, from: number, to: number, visit: Visit): void {
  const scheme = find(bytes, COLON, from, to);
  if (fields.whole !== undefined && scheme < to) visit(fields.whole, from, to);
  // Telephone numbers have no parts.
  if (scheme === to || !SCHEMES.test(wordAt(bytes, from, Math.min(scheme, from + LONGEST_NAME)))) return;
  const at = find(bytes, AT, scheme, to);
  if (at < to && at > scheme + 1) visit(fields.user, scheme + 1, at);
  visitHost(fields, bytes, at < to ? at + 1 : scheme + 1, to, visit);
}
/** `host:port`, and what may follow. IPv6 addresses are in brackets. */
export function visitHost(
  { host, port }: Pick<AddressFields, 'host' | 'port'>,
  bytes: Uint8Array,
  from: number,
  to: number,
  visit: Visit,
): void {
  const end = Math.min(find(bytes, SEMICOLON, from, to), find(bytes, QUESTION, from, to));
  const literal = from < end && read8(bytes, from) === OPEN ? find(bytes, CLOSE, from, end) : from;
  const colon = find(bytes, COLON, literal, end);
  const hostEnd = trimWhite(bytes, from, colon);
  if (hostEnd > from) visit(host, from, hostEnd);
  const portEnd = trimWhite(bytes, colon, end);
  if (colon + 1 < portEnd) visit(port, colon + 1, portEnd);
}
/** `;name=value;name`: from a semicolon on. A parameter without a value is shown as its name. */
export function visitParameters(
  fields: ReadonlyMap<string, Field>,
  bytes: Uint8Array,
  from: number,
  to: number,
  visit: Visit,
): void {
  for (let at = from; at < to; ) {
    const start = skipWhite(bytes, at + 1, to);
    const end = parameterEnd(bytes, start, to);
    const last = trimWhite(bytes, start, end);
    const equals = find(bytes, EQUALS, start, last);
    const nameEnd = trimWhite(bytes, start, equals);
    const name = nameEnd - start <= LONGEST_NAME ? wordAt(bytes, start, nameEnd).toLowerCase() : '';
    const field = fields.get(name);
    const value = equals < last ? skipWhite(bytes, equals + 1, last) : start;
    if (field !== undefined && value < last) visit(field, value, last);
    at = end;
  }
}
function parameterEnd(bytes: Uint8Array, from: number, to: number): number {
  const end = find(bytes, SEMICOLON, from, to);
  const quote = find(bytes, QUOTE, from, end);
  return quote === end ? end : find(bytes, SEMICOLON, quoteEnd(bytes, quote, to), to);
}
/** Behind the quote that ends what begins at `from`; `to` when there is none. */
function quoteEnd(bytes: Uint8Array, from: number, to: number): number {
  for (let at = from + 1; at < to; at++) {
    const byte = read8(bytes, at);
    if (byte === BACKSLASH) at++;
    else if (byte === QUOTE) return at + 1;
  }
  return to;
}
