import type { Field } from '../../src/bytes/field.ts';
import { read8, read24 } from '../../src/bytes/kind.ts';
import type { Visit } from '../../src/dissect/protocol.ts';
import { HANDSHAKES } from '../names/tls.ts';
import { visitCertificate } from '../x509/certificate.ts';
import { visitExtensions } from './extensions.ts';
import { tls } from './fields.ts';
import { Reading } from './reading.ts';

const HEADER = 4;
const RANDOM = 32;
export const CLIENT_HELLO = 1;
export const SERVER_HELLO = 2;
/** Longer messages are not believed: certificates with post-quantum keys stay below. */
const MAX_LENGTH = 0x2_0000;

/** A message's body at `[from, to)`, as much of it as is there. */
type Message = (r: Reading, from: number, to: number) => void;

/**
 * Visits the messages of one record (RFC 8446 section 4). A message may go on in the next record: only what is there
 * is visited. What begins as no message does is encrypted, or such a rest.
 */
export function visitHandshake(bytes: Uint8Array, from: number, end: number, visit: Visit): void {
  const reading = new Reading(tls, bytes, visit);
  for (let at = from; at < end; ) {
    if (at + HEADER > end || !isMessage(bytes, at)) {
      visit(tls.handshake, at, end);
      return;
    }
    const body = at + HEADER;
    const to = Math.min(body + read24(bytes, at + 1), end);
    visit(tls['handshake.type'], at, at + 1);
    visit(tls['handshake.length'], at + 1, body);
    MESSAGES[read8(bytes, at)]?.(reading, body, to);
    at = to;
  }
}
/** Is this a type of message, and a length that may be one? The caller knows that they were captured. */
export const isMessage = (bytes: Uint8Array, at: number): boolean =>
  HANDSHAKES[read8(bytes, at)] !== undefined && read24(bytes, at + 1) < MAX_LENGTH;

/** The part that both hellos begin with; returns where it ends. */
function visitHello(r: Reading, from: number, to: number): number {
  const { fields } = r;
  const random = r.number(fields['handshake.version'], from, to);
  if (random + RANDOM > to) return to;
  r.visit(fields['handshake.random'], random, random + RANDOM);
  return r.opaque(fields['handshake.session_id_length'], fields['handshake.session_id'], random + RANDOM, to);
}
/** In DTLS the client says a cookie behind the session's ID. */
export const clientHello =
  (cookie?: { readonly length: Field; readonly content: Field }): Message =>
  (r, from, to) => {
    const { fields } = r;
    const session = visitHello(r, from, to);
    const suites = cookie === undefined ? session : r.opaque(cookie.length, cookie.content, session, to);
    const methods = r.list(fields['handshake.cipher_suites_length'], fields['handshake.ciphersuite'], suites, to);
    const extensions = r.list(fields['handshake.comp_methods_length'], fields['handshake.comp_method'], methods, to);
    visitExtensions(r, extensions, to, true);
  };
const serverHello: Message = (r, from, to) => {
  const suite = visitHello(r, from, to);
  const method = r.number(r.fields['handshake.ciphersuite'], suite, to);
  const extensions = r.number(r.fields['handshake.comp_method'], method, to);
  visitExtensions(r, extensions, to, false);
};
/** Before version 1.3, which encrypts it. */
const certificates: Message = (r, from, to) => {
  const { fields, bytes, visit } = r;
  r.vector(fields['handshake.certificates_length'], from, to, (listFrom, listTo) => {
    for (let at = listFrom; at < listTo; )
      at = r.vector(fields['handshake.certificate_length'], at, listTo, (bodyFrom, bodyTo) => {
        visit(fields['handshake.certificate'], bodyFrom, bodyTo);
        visitCertificate(bytes, bodyFrom, bodyTo, visit);
      });
  });
};
/** RFC 5077 section 3.3. */
const sessionTicket: Message = (r, from, to) => {
  const length = r.number(r.fields['handshake.session_ticket_lifetime_hint'], from, to);
  r.opaque(r.fields['handshake.session_ticket_length'], r.fields['handshake.session_ticket'], length, to);
};
const NAMED_CURVE = 3;
/** RFC 8422 section 5.4; other key exchanges are not told apart without the suite. */
const serverKey: Message = (r, from, to) => {
  if (from === to || read8(r.bytes, from) !== NAMED_CURVE) return;
  const curve = r.number(r.fields['handshake.server_curve_type'], from, to);
  const length = r.number(r.fields['handshake.server_named_curve'], curve, to);
  r.opaque(r.fields['handshake.server_point_len'], r.fields['handshake.server_point'], length, to);
};

/** By type; of the others, nothing is told but their length. */
export const MESSAGES: Readonly<Record<number, Message>> = {
  [CLIENT_HELLO]: clientHello(),
  2: serverHello,
  4: sessionTicket,
  11: certificates,
  12: serverKey,
};
