/** What stands in the lines and headers of SIP, part by part. */
import { type Field, header, text } from '../../src/bytes/field.ts';
import { read8 } from '../../src/bytes/kind.ts';
import type { Visit } from '../../src/dissect/protocol.ts';
import { digits, find, isNumber, skipWhite, trimWhite } from '../text-lines.ts';
import { type AddressFields, visitAddress, visitHost, visitParameters, visitUri } from './address.ts';

const TAG = 'sip.tag';
export const part = header(
  'sip',
  {},
  {
    'r-uri.user': text('Request URI, user'),
    'r-uri.host': text('Request URI, host'),
    'r-uri.port': text('Request URI, port'),
    'from.display.info': text('From, name', { also: 'sip.display.info' }),
    'from.addr': text('From, address'),
    'from.user': text('From, user'),
    'from.host': text('From, host'),
    'from.port': text('From, port'),
    'from.tag': text('From, tag', { also: TAG }),
    'to.display.info': text('To, name', { also: 'sip.display.info' }),
    'to.addr': text('To, address'),
    'to.user': text('To, user'),
    'to.host': text('To, host'),
    'to.port': text('To, port'),
    'to.tag': text('To, tag', { also: TAG }),
    'contact.uri': text('Contact, address'),
    'contact.user': text('Contact, user'),
    'contact.host': text('Contact, host'),
    'contact.port': text('Contact, port'),
    'CSeq.seq': digits('CSeq, number'),
    'CSeq.method': text('CSeq, method'),
    'Via.transport': text('Via, transport'),
    'Via.sent-by.address': text('Via, sender'),
    'Via.sent-by.port': digits('Via, port'),
    'Via.branch': text('Via, branch'),
    'Via.received': text('Via, received from'),
    'Via.rport': text('Via, port of the reply'),
    'Via.maddr': text('Via, group'),
    'Via.ttl': text('Via, TTL'),
  },
);
const NO_PARAMETERS: ReadonlyMap<string, Field> = new Map();
const FROM: AddressFields = {
  display: part['from.display.info'],
  whole: part['from.addr'],
  user: part['from.user'],
  host: part['from.host'],
  port: part['from.port'],
  parameters: new Map([['tag', part['from.tag']]]),
};
const TO: AddressFields = {
  display: part['to.display.info'],
  whole: part['to.addr'],
  user: part['to.user'],
  host: part['to.host'],
  port: part['to.port'],
  parameters: new Map([['tag', part['to.tag']]]),
};
const CONTACT: AddressFields = {
  whole: part['contact.uri'],
  user: part['contact.user'],
  host: part['contact.host'],
  port: part['contact.port'],
  parameters: NO_PARAMETERS,
};
const REQUEST: AddressFields = {
  user: part['r-uri.user'],
  host: part['r-uri.host'],
  port: part['r-uri.port'],
  parameters: NO_PARAMETERS,
};
const SENT_BY = { host: part['Via.sent-by.address'], port: part['Via.sent-by.port'] };
const VIA: ReadonlyMap<string, Field> = new Map(
  (['branch', 'received', 'rport', 'maddr', 'ttl'] as const).map((name) => [name, part[`Via.${name}`]]),
);
const SLASH = 0x2f;
const SPACE = 0x20;
const SEMICOLON = 0x3b;
const OPEN = 0x5b;
const CLOSE = 0x5d;

/** `1 INVITE`; `end` is the message's. */
function visitSequence(bytes: Uint8Array, from: number, to: number, end: number, visit: Visit): void {
  const space = find(bytes, SPACE, from, to);
  if (isNumber(bytes, from, space, end)) visit(part['CSeq.seq'], from, space);
  const method = skipWhite(bytes, space, to);
  if (method < to) visit(part['CSeq.method'], method, to);
}
/** `SIP/2.0/UDP host:port;branch=x`. */
function visitVia(bytes: Uint8Array, from: number, to: number, end: number, visit: Visit): void {
  const slash = find(bytes, SLASH, find(bytes, SLASH, from, to) + 1, to);
  const transport = skipWhite(bytes, slash + 1, to);
  const space = find(bytes, SPACE, transport, to);
  if (space === to) return;
  visit(part['Via.transport'], transport, space);
  const sender = skipWhite(bytes, space, to);
  const semicolon = find(bytes, SEMICOLON, sender, to);
  visitHost(SENT_BY, bytes, sender, trimWhite(bytes, sender, semicolon), (field, at, last) => {
    if (field === SENT_BY.port) {
      if (isNumber(bytes, at, last, end)) visit(field, at, last);
    } else {
      // Wireshark leaves the brackets out here, and here alone.
      const inner = read8(bytes, at) === OPEN && read8(bytes, last - 1) === CLOSE && last - at > 2 ? 1 : 0;
      visit(field, at + inner, last - inner);
    }
  });
  visitParameters(VIA, bytes, semicolon, to, visit);
}
export function visitRequestUri(bytes: Uint8Array, from: number, to: number, visit: Visit): void {
  visitUri(REQUEST, bytes, from, to, visit);
}
type Visitor = (bytes: Uint8Array, from: number, to: number, end: number, visit: Visit) => void;
const address =
  (fields: AddressFields): Visitor =>
  (bytes, from, to, _end, visit) => {
    // Who is reachable anywhere says so with a star.
    if (read8(bytes, from) !== STAR) visitAddress(fields, bytes, from, to, visit);
  };
const STAR = 0x2a;
/** By the header's field. */
export const PARTS: Readonly<Record<string, Visitor>> = {
  'sip.From': address(FROM),
  'sip.To': address(TO),
  'sip.Contact': address(CONTACT),
  'sip.CSeq': visitSequence,
  'sip.Via': visitVia,
};
