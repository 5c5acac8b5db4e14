import { read8, read16, read24 } from '../src/bytes/kind.ts';
import type { Frame } from '../src/dissect/frame.ts';
import { protocol, type Visit } from '../src/dissect/protocol.ts';
import { inOrder } from './in-order.ts';
import { dtls } from './tls/fields.ts';
import { fingerprints } from './tls/fingerprint.ts';
import { CLIENT_HELLO, clientHello, isMessage, MESSAGES } from './tls/handshake.ts';
import { Reading } from './tls/reading.ts';
import { ALERT, APPLICATION_DATA, CHANGE_CIPHER_SPEC, HANDSHAKE, HEARTBEAT, MAX_LENGTH } from './tls/record.ts';

const RECORD = [
  dtls['record.content_type'],
  dtls['record.version'],
  dtls['record.epoch'],
  dtls['record.sequence_number'],
  dtls['record.length'],
] as const;
const HEADER = 13;
/** 1.0, 1.2, and what OpenSSL once took for 1.0. */
const OLD_VERSION = 0x0100;
const VERSIONS: ReadonlySet<number> = new Set([0xfeff, 0xfefd, OLD_VERSION]);
const MESSAGE = [
  dtls['handshake.type'],
  dtls['handshake.length'],
  dtls['handshake.message_seq'],
  dtls['handshake.fragment_offset'],
  dtls['handshake.fragment_length'],
] as const;
const MESSAGE_HEADER = 12;
/** Of {@link MESSAGE}: what stands behind the length. */
const BETWEEN = 8;
const VERIFY_REQUEST = 3;
const COOKIE = { length: dtls['handshake.cookie_length'], content: dtls['handshake.cookie'] };
const hello = clientHello(COOKIE);

/** The caller knows that the header was captured. */
const isRecord = (bytes: Uint8Array, at: number): boolean =>
  read8(bytes, at) >= CHANGE_CIPHER_SPEC &&
  read8(bytes, at) <= HEARTBEAT &&
  VERSIONS.has(read16(bytes, at + 1)) &&
  read16(bytes, at + 11) <= MAX_LENGTH;

/** The old version's number is not rare among other protocols' bytes: there the length has to fit, too. */
const isLikelyRecord = (bytes: Uint8Array, from: number, to: number): boolean =>
  from + HEADER <= to &&
  isRecord(bytes, from) &&
  (read16(bytes, from + 1) !== OLD_VERSION || from + HEADER + read16(bytes, from + 11) <= to);

/** Datagram Transport Layer Security, versions 1.0 and 1.2. */
export const datagramSecurity = protocol(dtls, {
  title: 'Datagram Transport Layer Security',
  source: 'RFC 6347',
  on: { 'udp.port': [853, 2221, 5684, 5868] },
  guess: { in: ['udp.port'], likes: isLikelyRecord },
  expand,
  computed: fingerprints('dtls', 'd', { fields: dtls, expand, between: BETWEEN }),
});

function expand(frame: Frame, d: number, visit: Visit): void {
  const { bytes } = frame;
  const end = frame.limit(d);
  for (let at = frame.from[d]!; at + HEADER <= end && isRecord(bytes, at); ) {
    const body = inOrder(RECORD, at, end, visit);
    const to = Math.min(body + read16(bytes, at + 11), end);
    const isEncrypted = read16(bytes, at + 3) > 0;
    if (to > body) visitRecord(bytes, read8(bytes, at), body, to, isEncrypted, visit);
    at = to;
  }
}
function visitRecord(b: Uint8Array, type: number, from: number, to: number, isEncrypted: boolean, visit: Visit): void {
  if (type === CHANGE_CIPHER_SPEC) visit(dtls.change_cipher_spec, from, to);
  else if (type === APPLICATION_DATA) visit(dtls.app_data, from, to);
  else if (type === HANDSHAKE) {
    if (isEncrypted) visit(dtls.handshake, from, to);
    else visitMessages(b, from, to, visit);
  } else if (type === ALERT && (isEncrypted || to - from !== 2)) visit(dtls.alert_message, from, to);
  else if (type === ALERT) inOrder([dtls['alert_message.level'], dtls['alert_message.desc']], from, to, visit);
  else if (!isEncrypted)
    inOrder([dtls['heartbeat_message.type'], dtls['heartbeat_message.payload_length']], from, to, visit);
}
function visitMessages(bytes: Uint8Array, from: number, end: number, visit: Visit): void {
  const reading = new Reading(dtls, bytes, visit);
  for (let at = from; at < end; ) {
    if (at + MESSAGE_HEADER > end || !isMessage(bytes, at)) {
      visit(dtls.handshake, at, end);
      return;
    }
    const body = inOrder(MESSAGE, at, end, visit);
    const to = Math.min(end, body + read24(bytes, at + 9));
    const type = read8(bytes, at);
    // What goes on in the middle of a message tells nothing.
    if (read24(bytes, at + 6) === 0) {
      if (type === CLIENT_HELLO) hello(reading, body, to);
      else if (type === VERIFY_REQUEST) visitVerify(reading, body, to);
      else MESSAGES[type]?.(reading, body, to);
    }
    at = to;
  }
}
/** RFC 6347 section 4.2.1. */
function visitVerify(r: Reading, from: number, to: number): void {
  r.opaque(COOKIE.length, COOKIE.content, r.number(dtls['handshake.version'], from, to), to);
}
