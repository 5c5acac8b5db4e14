import type { Field } from '../../src/bytes/field.ts';
import { read8, read24 } from '../../src/bytes/kind.ts';
import type { Visit } from '../../src/dissect/protocol.ts';
import { HANDSHAKES } from '../names/tls.ts';
import { visitExtensions } from './extensions.ts';
import { tls } from './fields.ts';
import { visitAll, visitNumber, visitVector } from './vectors.ts';

const HEADER = 4;
const RANDOM = 32;
/** Longer messages are not believed: certificates with post-quantum keys stay below. */
const MAX_LENGTH = 0x2_0000;

/** A message's body at `[from, to)`, as much of it as is there. */
type Message = (bytes: Uint8Array, from: number, to: number, visit: Visit) => void;

/**
 * Visits the messages of one record (RFC 8446 section 4). A message may go on in the next record: only what is there
 * is visited. What begins as no message does is encrypted, or such a rest.
 */
export function visitHandshake(bytes: Uint8Array, from: number, end: number, visit: Visit): void {
  for (let at = from; at < end; ) {
    if (at + HEADER > end || !isMessage(bytes, at)) {
      visit(tls.handshake, at, end);
      return;
    }
    const body = at + HEADER;
    const to = Math.min(body + read24(bytes, at + 1), end);
    visit(tls['handshake.type'], at, at + 1);
    visit(tls['handshake.length'], at + 1, body);
    MESSAGES[read8(bytes, at)]?.(bytes, body, to, visit);
    at = to;
  }
}
const isMessage = (bytes: Uint8Array, at: number): boolean =>
  HANDSHAKES[read8(bytes, at)] !== undefined && read24(bytes, at + 1) < MAX_LENGTH;

/** The part that both hellos begin with; returns where it ends. */
function visitHello(bytes: Uint8Array, from: number, to: number, visit: Visit): number {
  const random = visitNumber(tls['handshake.version'], from, to, visit);
  if (random + RANDOM > to) return to;
  visit(tls['handshake.random'], random, random + RANDOM);
  return visitVector(tls['handshake.session_id_length'], bytes, random + RANDOM, to, visit, (idFrom, idTo) =>
    visit(tls['handshake.session_id'], idFrom, idTo),
  );
}
const clientHello: Message = (bytes, from, to, visit) => {
  const numbers = (length: Field, item: Field, at: number) =>
    visitVector(length, bytes, at, to, visit, (itemsFrom, itemsTo) => visitAll(item, itemsFrom, itemsTo, visit));
  const suites = visitHello(bytes, from, to, visit);
  const methods = numbers(tls['handshake.cipher_suites_length'], tls['handshake.ciphersuite'], suites);
  const extensions = numbers(tls['handshake.comp_methods_length'], tls['handshake.comp_method'], methods);
  visitExtensions(bytes, extensions, to, visit, true);
};
const serverHello: Message = (bytes, from, to, visit) => {
  const suite = visitHello(bytes, from, to, visit);
  const method = visitNumber(tls['handshake.ciphersuite'], suite, to, visit);
  const extensions = visitNumber(tls['handshake.comp_method'], method, to, visit);
  visitExtensions(bytes, extensions, to, visit, false);
};
/** Before version 1.3, which encrypts it. */
const certificates: Message = (bytes, from, to, visit) => {
  visitVector(tls['handshake.certificates_length'], bytes, from, to, visit, (listFrom, listTo) => {
    for (let at = listFrom; at < listTo; )
      at = visitVector(tls['handshake.certificate_length'], bytes, at, listTo, visit, (bodyFrom, bodyTo) =>
        visit(tls['handshake.certificate'], bodyFrom, bodyTo),
      );
  });
};
/** RFC 5077 section 3.3. */
const sessionTicket: Message = (bytes, from, to, visit) => {
  const length = visitNumber(tls['handshake.session_ticket_lifetime_hint'], from, to, visit);
  visitVector(tls['handshake.session_ticket_length'], bytes, length, to, visit, (ticketFrom, ticketTo) =>
    visit(tls['handshake.session_ticket'], ticketFrom, ticketTo),
  );
};
const NAMED_CURVE = 3;
/** RFC 8422 section 5.4; other key exchanges are not told apart without the suite. */
const serverKey: Message = (bytes, from, to, visit) => {
  if (from === to || read8(bytes, from) !== NAMED_CURVE) return;
  const curve = visitNumber(tls['handshake.server_curve_type'], from, to, visit);
  const length = visitNumber(tls['handshake.server_named_curve'], curve, to, visit);
  visitVector(tls['handshake.server_point_len'], bytes, length, to, visit, (pointFrom, pointTo) =>
    visit(tls['handshake.server_point'], pointFrom, pointTo),
  );
};

const MESSAGES: Readonly<Record<number, Message>> = {
  1: clientHello,
  2: serverHello,
  4: sessionTicket,
  11: certificates,
  12: serverKey,
};
