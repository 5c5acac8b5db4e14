import { type Field, header, text } from '../src/bytes/field.ts';
import { read8 } from '../src/bytes/kind.ts';
import type { Frame } from '../src/dissect/frame.ts';
import { protocol, type Visit } from '../src/dissect/protocol.ts';
import { HEADER_FIELDS, keyOf, MAX_NAME } from './http/headers.ts';
import { METHODS } from './http/methods.ts';
import { digits, find, isNumber, lineEnd, nextLine, skipWhite, trimWhite, wordAt } from './text-lines.ts';
import { messageText, usesPort } from './text-message.ts';
import { startsTls } from './tls/start.ts';

/** Also the fields of protocols that write their messages as HTTP does. */
export const http = header(
  'http',
  {},
  {
    request: text('Request'),
    'request.method': text('Method'),
    'request.uri': text('Target'),
    'request.uri.path': text('Path'),
    'request.uri.query': text('Query'),
    'request.uri.query.parameter': text('Query parameter'),
    'request.version': text('Version'),
    'request.line': text('Request header'),
    response: text('Response'),
    'response.version': text('Version'),
    'response.code': digits('Status code'),
    'response.phrase': text('Reason phrase'),
    'response.line': text('Response header'),
    content_length_header: text('Content-Length'),
    content_length: digits('Length of the content', { unit: 'bytes' }),
    ...HEADER_FIELDS,
    file_data: text('Content'),
  },
);
const FIELDS: ReadonlyMap<string, Field> = new Map(http.$all.map((field) => [field.name, field]));
/** Where tcpdump expects HTTP. */
const TEXT_PORTS = [80, 8080] as const;

const SPACE = 0x20;
const COLON = 0x3a;
const QUESTION = 0x3f;
const AMPERSAND = 0x26;
/** Longer start lines are not looked for among unknown payloads. */
const MAX_START = 4096;
const MAX_METHOD = 20;

/** Hypertext Transfer Protocol, versions 0.9 to 1.1. */
export const hypertext = protocol(http, {
  title: 'Hypertext Transfer Protocol',
  source: 'RFC 9112',
  on: { 'sctp.port': 80, 'tcp.port': [80, 631, 1900, 2710, 2869, 3128, 3132, 3689, 5985, 8080, 8088, 11371] },
  guess: { in: ['tcp.port'], likes: isStart },
  ...startsTls(visitMessages),
  line(w, frame, d) {
    if (!usesPort(frame, d, TEXT_PORTS)) return;
    w.str(': ');
    messageText(w, 'http', frame.from[d]!, frame.claim[d]! - frame.from[d]!, METHODS);
  },
});

export function visitMessages(frame: Frame, d: number, visit: Visit): void {
  const end = frame.limit(d);
  for (let at = frame.from[d]!; at < end; ) at = visitMessage(frame.bytes, at, end, visit);
}
/** `HTTP/1.1` */
const isVersion = (bytes: Uint8Array, from: number, to: number): boolean =>
  to - from >= 8 && to - from <= 10 && /^HTTP\/[01]/.test(wordAt(bytes, from, from + 8));
const isMethod = (bytes: Uint8Array, from: number, to: number): boolean =>
  to - from >= 3 && to - from <= MAX_METHOD && /^[A-Z][A-Z_-]+$/.test(wordAt(bytes, from, to));
/** A status line, or a request line that ends in a version. */
function isStart(bytes: Uint8Array, from: number, to: number): boolean {
  const first = read8(bytes, from);
  if (first < 0x41 || first > 0x5a) return false;
  const space = find(bytes, SPACE, from, Math.min(to, from + MAX_METHOD + 1));
  if (isVersion(bytes, from, space)) return true;
  if (!isMethod(bytes, from, space)) return false;
  const end = lineEnd(bytes, space, Math.min(to, from + MAX_START));
  return end - space > 9 && isVersion(bytes, end - 8, end);
}

/** A message, as much of it as is there, or data of which nobody knows where it belongs. Returns where it ends. */
function visitMessage(bytes: Uint8Array, at: number, end: number, visit: Visit): number {
  const lineTo = lineEnd(bytes, at, end);
  const space = find(bytes, SPACE, at, lineTo);
  const isResponse = isVersion(bytes, at, space);
  const isRequest = isMethod(bytes, at, space) && (METHODS.has(wordAt(bytes, at, space)) || isStart(bytes, at, end));
  if (!isResponse && !isRequest) {
    visit(http.file_data, at, end);
    return end;
  }
  let hasContent = isRequest;
  if (isResponse) hasContent = !hasNoContent(visitStatus(bytes, at, space, lineTo, end, visit));
  else visitRequest(bytes, at, space, lineTo, visit);
  const head = visitHeaders(bytes, nextLine(bytes, lineTo, end), end, isResponse, visit);
  const unsaid = isResponse ? Number.POSITIVE_INFINITY : 0;
  const contentEnd = hasContent ? Math.min(end, head.end + (head.length ?? unsaid)) : head.end;
  if (contentEnd > head.end) visit(http.file_data, head.end, contentEnd);
  return contentEnd;
}
/** Up to the empty line that ends them. `length` is what they say of the content's, the longer one if they disagree. */
function visitHeaders(bytes: Uint8Array, from: number, end: number, isResponse: boolean, visit: Visit) {
  const line = isResponse ? http['response.line'] : http['request.line'];
  let length: number | undefined;
  for (let at = from; at < end; ) {
    const to = lineEnd(bytes, at, end);
    const next = nextLine(bytes, to, end);
    if (to === at) return { end: next, length };
    visit(line, at, to);
    const told = visitHeader(bytes, at, to, end, visit);
    if (told !== undefined) length = Math.max(told, length ?? 0);
    at = next;
  }
  return { end, length };
}
/** RFC 9110 section 6.4.1. */
const hasNoContent = (code: number): boolean => (code >= 100 && code < 200) || code === 204 || code === 304;

/** Returns the status code, 0 when there is none. */
function visitStatus(b: Uint8Array, at: number, space: number, to: number, end: number, visit: Visit): number {
  visit(http.response, at, to);
  visit(http['response.version'], at, space);
  const code = skipWhite(b, space, to);
  const codeEnd = find(b, SPACE, code, to);
  if (!isNumber(b, code, codeEnd, end)) return 0;
  visit(http['response.code'], code, codeEnd);
  const phrase = skipWhite(b, codeEnd, to);
  if (phrase < to) visit(http['response.phrase'], phrase, to);
  return http['response.code'].read(b, code);
}
function visitRequest(bytes: Uint8Array, at: number, space: number, to: number, visit: Visit): void {
  visit(http.request, at, to);
  visit(http['request.method'], at, space);
  const target = skipWhite(bytes, space, to);
  if (target === to) return;
  const lastSpace = bytes.subarray(target, to).lastIndexOf(SPACE);
  // Before version 1.0 there was none.
  const version = lastSpace < 0 ? to : target + lastSpace + 1;
  const targetEnd = lastSpace < 0 ? to : trimWhite(bytes, target, version);
  visit(http['request.uri'], target, targetEnd);
  const query = find(bytes, QUESTION, target, targetEnd);
  if (query < targetEnd) visitQuery(bytes, target, query, targetEnd, visit);
  if (version < to) visit(http['request.version'], version, to);
}
function visitQuery(bytes: Uint8Array, target: number, mark: number, end: number, visit: Visit): void {
  visit(http['request.uri.path'], target, mark);
  if (mark + 1 < end) visit(http['request.uri.query'], mark + 1, end);
  for (let at = mark + 1; at < end; ) {
    const to = find(bytes, AMPERSAND, at, end);
    if (to > at) visit(http['request.uri.query.parameter'], at, to);
    at = to + 1;
  }
}
/** Returns how long the content is, if this header tells. */
function visitHeader(bytes: Uint8Array, from: number, to: number, end: number, visit: Visit): number | undefined {
  const colon = find(bytes, COLON, from, Math.min(to, from + MAX_NAME + 1));
  const value = skipWhite(bytes, Math.min(colon + 1, to), to);
  const valueEnd = trimWhite(bytes, value, to);
  if (value >= valueEnd) return undefined;
  const key = keyOf(wordAt(bytes, from, colon));
  if (key === 'content_length') {
    visit(http.content_length_header, value, valueEnd);
    if (!isNumber(bytes, value, valueEnd, end)) return undefined;
    visit(http.content_length, value, valueEnd);
    return http.content_length.read(bytes, value);
  }
  if (HEADER_FIELDS[key] !== undefined) visit(FIELDS.get(`http.${key}`)!, value, valueEnd);
  // The length of content in chunks is told by the chunks.
  return key === 'transfer_encoding' ? Number.POSITIVE_INFINITY : undefined;
}
