import { type Field, header, bytes as raw, text, u8, u16 } from '../src/bytes/field.ts';
import { read8 } from '../src/bytes/kind.ts';
import type { Frame } from '../src/dissect/frame.ts';
import { type Expect, NONE, protocol, type Visit } from '../src/dissect/protocol.ts';
import { receiverOf, senderOf } from './flow-ends.ts';
import { bodyOfType, eachLine } from './text-dialog.ts';
import { digits, find, isNumber, lineEnd, nextLine, skipWhite, trimWhite, wordAt } from './text-lines.ts';
import { messageText, usesPort } from './text-message.ts';

const rtsp = header(
  'rtsp',
  {},
  {
    request: text('Request'),
    method: text('Method'),
    url: text('URL'),
    response: text('Response'),
    status: digits('Status'),
    session: text('Session'),
    transport: text('Transport'),
    'content-type': text('Content-Type'),
    'content-length': digits('Content-Length', { unit: 'bytes' }),
    magic: u8('Interleaved data', { base: 'hex' }),
    channel: u8('Channel'),
    length: u16('Length', { unit: 'bytes' }),
    data: raw('Data'),
  },
);
const HEADERS: Readonly<Record<string, Field>> = {
  session: rtsp.session,
  transport: rtsp.transport,
  'content-type': rtsp['content-type'],
  'content-length': rtsp['content-length'],
};
const METHODS: ReadonlySet<string> = new Set(
  'DESCRIBE ANNOUNCE GET_PARAMETER OPTIONS PAUSE PLAY RECORD REDIRECT SETUP SET_PARAMETER TEARDOWN'.split(' '),
);
/** Where tcpdump expects it. */
const TEXT_PORTS = [554, 8554] as const;
const SPACE = 0x20;
const COLON = 0x3a;
const MAX_WORD = 20;
/** A dollar sign begins a packet of media among the messages (RFC 7826 section 14). */
const MAGIC = 0x24;
const MEDIA_HEADER = 4;
const SDP_TYPE = /^content-type *: *application\/sdp\b/i;
/** So much of a header line tells the ports. */
const MAX_TRANSPORT = 256;

/** Real-Time Streaming Protocol. */
export const streaming = protocol(rtsp, {
  title: 'Real-Time Streaming Protocol',
  source: 'RFC 7826, RFC 2326',
  on: { 'tcp.port': [554, 7236, 8554] },
  step(frame, bytes, at, end) {
    const media = at + MEDIA_HEADER;
    if (media + 2 > Math.min(end, frame.end)) return NONE;
    if (read8(bytes, at) !== MAGIC) {
      const body = bodyOfType(bytes, at, Math.min(end, frame.end), SDP_TYPE);
      return body < 0 ? NONE : frame.passOn(frame.registry.id('sdp'), body, end);
    }
    // Version 2 of both; what a report has there is no type of payload.
    if (read8(bytes, media) >> 6 !== 2) return NONE;
    const isReport = read8(bytes, media + 1) >= 200 && read8(bytes, media + 1) <= 207;
    const to = Math.min(end, media + rtsp.length.read(bytes, at + 2));
    return frame.passOn(frame.registry.id(isReport ? 'rtcp' : 'rtp'), media, to);
  },
  expand(frame, d, visit) {
    const { bytes } = frame;
    const end = frame.limit(d);
    for (let at = frame.from[d]!; at < end; )
      at = read8(bytes, at) === MAGIC ? visitMedia(bytes, at, end, visit) : visitMessage(bytes, at, end, visit);
  },
  expects: announceMedia,
  line(w, frame, d) {
    if (!usesPort(frame, d, TEXT_PORTS)) return;
    w.str(': ');
    messageText(w, 'rtsp', frame.from[d]!, frame.claim[d]! - frame.from[d]!, METHODS);
  },
});

/** A reply tells both sides' ports of the media; reports have the next ones (RFC 7826 section 18.54). */
function announceMedia(frame: Frame, d: number, expect: Expect): void {
  const { bytes } = frame;
  const from = frame.from[d]!;
  const end = frame.limit(d);
  if (from + MEDIA_HEADER > end || wordAt(bytes, from, from + MEDIA_HEADER) !== 'RTSP') return;
  eachLine(bytes, from, end, (at, to) => {
    const line = wordAt(bytes, at, Math.min(to, at + MAX_TRANSPORT));
    if (!/^transport *:/i.test(line) || line.includes('TCP')) return to > at;
    for (const [, side, port] of line.matchAll(/(client|server)_port=(\d+)/g)) {
      const end = side === 'client' ? receiverOf(frame, d) : senderOf(frame, d);
      if (end === undefined) continue;
      expect('rtp', 'udp', end.address, Number(port));
      expect('rtcp', 'udp', end.address, Number(port) + 1);
    }
    return true;
  });
}
function visitMedia(bytes: Uint8Array, at: number, end: number, visit: Visit): number {
  if (at + MEDIA_HEADER > end) return end;
  visit(rtsp.magic, at, at + 1);
  visit(rtsp.channel, at + 1, at + 2);
  visit(rtsp.length, at + 2, at + MEDIA_HEADER);
  const to = Math.min(at + MEDIA_HEADER + rtsp.length.read(bytes, at + 2), end);
  if (to > at + MEDIA_HEADER) visit(rtsp.data, at + MEDIA_HEADER, to);
  return to;
}
/** A message, or the rest of one that began before. Returns where it ends. */
function visitMessage(bytes: Uint8Array, at: number, end: number, visit: Visit): number {
  const to = lineEnd(bytes, at, end);
  const word = find(bytes, SPACE, at, Math.min(to, at + MAX_WORD));
  const second = skipWhite(bytes, word, to);
  const secondEnd = find(bytes, SPACE, second, to);
  const first = wordAt(bytes, at, word);
  if (/^RTSP\/\d/.test(first)) {
    visit(rtsp.response, at, to);
    if (isNumber(bytes, second, secondEnd, end)) visit(rtsp.status, second, secondEnd);
  } else if (METHODS.has(first)) {
    visit(rtsp.request, at, to);
    visit(rtsp.method, at, word);
    if (secondEnd > second) visit(rtsp.url, second, secondEnd);
  } else {
    visit(rtsp.data, at, end);
    return end;
  }
  let length = 0;
  const head = eachLine(bytes, nextLine(bytes, to, end), end, (from, lineTo) => {
    length += visitHeader(bytes, from, lineTo, end, visit);
    return lineTo > from;
  });
  const body = nextLine(bytes, head, end);
  const bodyEnd = Math.min(end, body + length);
  if (bodyEnd > body) visit(rtsp.data, body, bodyEnd);
  return bodyEnd;
}
/** Returns the length of the content if this header tells it, else 0. */
function visitHeader(bytes: Uint8Array, from: number, to: number, end: number, visit: Visit): number {
  const colon = find(bytes, COLON, from, Math.min(to, from + MAX_WORD));
  const field = HEADERS[wordAt(bytes, from, colon).toLowerCase()];
  const value = skipWhite(bytes, Math.min(colon + 1, to), to);
  const valueEnd = trimWhite(bytes, value, to);
  if (field === undefined || value >= valueEnd) return 0;
  if (field !== rtsp['content-length']) visit(field, value, valueEnd);
  else if (isNumber(bytes, value, valueEnd, end)) {
    visit(field, value, valueEnd);
    return field.read(bytes, value);
  }
  return 0;
}
