import { read8, read16 } from '../src/bytes/kind.ts';
import type { Frame } from '../src/dissect/frame.ts';
import { protocol, type Visit } from '../src/dissect/protocol.ts';
import { tls } from './tls/fields.ts';
import { fingerprints } from './tls/fingerprint.ts';
import { visitHandshake } from './tls/handshake.ts';
import {
  ALERT,
  APPLICATION_DATA,
  CHANGE_CIPHER_SPEC,
  HANDSHAKE,
  HEADER,
  isLikelyRecord,
  isRecord,
} from './tls/record.ts';

/** Transport Layer Security, and the Secure Sockets Layer that it came from. */
export const transportSecurity = protocol(tls, {
  title: 'Transport Layer Security',
  source: 'RFC 8446, RFC 5246',
  on: { 'tcp.port': [443, 465, 636, 802, 853, 993, 995, 2221, 5061, 5671, 5684, 5868, 8883] },
  guess: { in: ['tcp.port'], likes: isLikelyRecord },
  expand,
  computed: fingerprints('tls', 't', { fields: tls, expand, between: 0 }),
});

function expand(frame: Frame, d: number, visit: Visit): void {
  const { bytes } = frame;
  const end = frame.limit(d);
  let encrypted = false;
  for (let at = frame.from[d]!; at < end; ) {
    if (at + HEADER > end || !isRecord(bytes, at)) {
      visit(tls['segment.data'], at, end);
      return;
    }
    const body = at + HEADER;
    const to = Math.min(body + read16(bytes, at + 3), end);
    visit(tls['record.content_type'], at, at + 1);
    visit(tls['record.version'], at + 1, at + 3);
    visit(tls['record.length'], at + 3, body);
    if (to > body) visitRecord(bytes, at, body, to, encrypted, visit);
    encrypted ||= read8(bytes, at) === CHANGE_CIPHER_SPEC;
    at = to;
  }
}

function visitRecord(bytes: Uint8Array, at: number, from: number, to: number, encrypted: boolean, visit: Visit): void {
  switch (read8(bytes, at)) {
    case CHANGE_CIPHER_SPEC:
      visit(tls.change_cipher_spec, from, to);
      break;
    case ALERT:
      visitAlert(bytes, at, from, to, encrypted, visit);
      break;
    case HANDSHAKE:
      if (encrypted) visit(tls.handshake, from, to);
      else visitHandshake(bytes, from, to, visit);
      break;
    case APPLICATION_DATA:
      visit(tls.app_data, from, to);
      break;
    default:
      // A heartbeat (RFC 6520 section 4): its payload is arbitrary.
      if (encrypted || from + 3 > to) return;
      visit(tls['heartbeat_message.type'], from, from + 1);
      visit(tls['heartbeat_message.payload_length'], from + 1, from + 3);
  }
}
/** Encryption makes an alert longer than its two bytes. */
function visitAlert(bytes: Uint8Array, at: number, from: number, to: number, encrypted: boolean, visit: Visit): void {
  if (encrypted || read16(bytes, at + 3) !== 2 || from + 2 !== to) {
    visit(tls.alert_message, from, to);
    return;
  }
  visit(tls['alert_message.level'], from, from + 1);
  visit(tls['alert_message.desc'], from + 1, to);
}
