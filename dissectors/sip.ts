import { type Field, header, bytes as raw, text } from '../src/bytes/field.ts';
import { read8 } from '../src/bytes/kind.ts';
import { NONE, protocol, type Visit } from '../src/dissect/protocol.ts';
import { PARTS, part, visitRequestUri } from './sip/parts.ts';
import { isOverTcp } from './tcp.ts';
import { bodyOfType, eachLine } from './text-dialog.ts';
import { digits, find, isNumber, lineEnd, nextLine, skipWhite, trimWhite, wordAt } from './text-lines.ts';
import { messageText } from './text-message.ts';

const sip = header(
  'sip',
  {},
  {
    'Request-Line': text('Request line'),
    Method: text('Method'),
    'r-uri': text('Request URI'),
    'Status-Line': text('Status line'),
    'Status-Code': digits('Status code'),
    Via: text('Via'),
    From: text('From'),
    To: text('To'),
    'Call-ID': text('Call-ID'),
    CSeq: text('CSeq'),
    Contact: text('Contact'),
    'Max-Forwards': digits('Max-Forwards'),
    'User-Agent': text('User-Agent'),
    Server: text('Server'),
    Allow: text('Allow'),
    Supported: text('Supported'),
    Expires: digits('Expires', { unit: 'seconds' }),
    Authorization: text('Authorization'),
    'WWW-Authenticate': text('WWW-Authenticate'),
    'Proxy-Authenticate': text('Proxy-Authenticate'),
    'Proxy-Authorization': text('Proxy-Authorization'),
    Route: text('Route'),
    'Record-Route': text('Record-Route'),
    Event: text('Event'),
    'Content-Type': text('Content-Type'),
    'Content-Length': digits('Content-Length', { unit: 'bytes' }),
    msg_body: raw('Body'),
  },
);
const START = 5;
/** Headers by their names in small letters, and by the short forms of RFC 3261 section 7.3.3. */
const HEADERS: ReadonlyMap<string, Field> = new Map([
  ...sip.$all.slice(START, -1).map((field) => [field.name.slice('sip.'.length).toLowerCase(), field] as const),
  ['v', sip.Via],
  ['f', sip.From],
  ['t', sip.To],
  ['i', sip['Call-ID']],
  ['m', sip.Contact],
  ['k', sip.Supported],
  ['o', sip.Event],
  ['c', sip['Content-Type']],
  ['l', sip['Content-Length']],
]);
const METHODS: ReadonlySet<string> = new Set(
  'ACK BYE CANCEL DO INFO INVITE MESSAGE NOTIFY OPTIONS PRACK QAUTH REFER REGISTER SPRACK SUBSCRIBE UPDATE PUBLISH'.split(
    ' ',
  ),
);
/** Also in its short form. */
const SDP_TYPE = /^(content-type|c) *: *application\/sdp\b/i;
const SPACE = 0x20;
const COLON = 0x3a;
const MAX_WORD = 20;

/** Session Initiation Protocol. */
export const sessionInitiation = protocol(
  { ...sip, $all: [...sip.$all, ...part.$all] },
  {
    title: 'Session Initiation Protocol',
    source: 'RFC 3261',
    on: { 'udp.port': 5060, 'tcp.port': 5060 },
    summary: {
      each: [sip.Method, sip['Status-Code']],
      text: (last) =>
        `Session Initiation Protocol ({sip.${Number.isNaN(last(sip['Status-Code'])) ? 'Method' : 'Status-Code'}})`,
    },
    step(frame, bytes, at, end) {
      const description = frame.registry.id('sdp');
      if (description === NONE) return NONE;
      const body = bodyOfType(bytes, at, Math.min(end, frame.end), SDP_TYPE);
      return body < 0 ? NONE : frame.passOn(description, body, end);
    },
    expand(frame, d, visit) {
      const { bytes } = frame;
      const from = frame.from[d]!;
      const end = frame.limit(d);
      const to = lineEnd(bytes, from, end);
      if (to === from || !visitStart(bytes, from, to, end, visit)) return;
      const head = eachLine(bytes, nextLine(bytes, to, end), end, (at, lineTo) => {
        visitHeader(bytes, at, lineTo, end, visit);
        return lineTo > at;
      });
      const body = nextLine(bytes, head, end);
      if (body < end) visit(sip.msg_body, body, end);
    },
    line(w, frame, d) {
      // tcpdump looks for it in datagrams only.
      if (isOverTcp(frame, d)) return;
      messageText(w, 'sip', frame.from[d]!, frame.claim[d]! - frame.from[d]!, METHODS);
    },
  },
);
function visitStart(bytes: Uint8Array, from: number, to: number, end: number, visit: Visit): boolean {
  const wordEnd = find(bytes, SPACE, from, Math.min(to, from + MAX_WORD));
  const second = skipWhite(bytes, wordEnd, to);
  const secondEnd = find(bytes, SPACE, second, to);
  const word = wordAt(bytes, from, wordEnd);
  if (word === 'SIP/2.0') {
    visit(sip['Status-Line'], from, to);
    if (isNumber(bytes, second, secondEnd, end)) visit(sip['Status-Code'], second, secondEnd);
    return true;
  }
  if (!/^[A-Z]{2,}$/.test(word) || read8(bytes, wordEnd) !== SPACE) return false;
  visit(sip['Request-Line'], from, to);
  visit(sip.Method, from, wordEnd);
  if (secondEnd > second) {
    visit(sip['r-uri'], second, secondEnd);
    visitRequestUri(bytes, second, secondEnd, visit);
  }
  return true;
}
function visitHeader(bytes: Uint8Array, from: number, to: number, end: number, visit: Visit): void {
  const colon = find(bytes, COLON, from, Math.min(to, from + MAX_WORD));
  const field = HEADERS.get(wordAt(bytes, from, trimWhite(bytes, from, colon)).toLowerCase());
  const value = skipWhite(bytes, Math.min(colon + 1, to), to);
  const valueEnd = trimWhite(bytes, value, to);
  if (field === undefined || value >= valueEnd) return;
  if (field.spec.kind.read !== undefined && !isNumber(bytes, value, valueEnd, end)) return;
  visit(field, value, valueEnd);
  // Of a value that goes on in what was not captured, no part is known to be whole.
  if (to < end) PARTS[field.name]?.(bytes, value, valueEnd, end, visit);
}
