import { bits, type Field, fixed, header, bytes as raw, u8, u32 } from '../src/bytes/field.ts';
import { read8, read32 } from '../src/bytes/kind.ts';
import { protocol, type Visit } from '../src/dissect/protocol.ts';
import { varintKind, varintSize } from './quic/varint.ts';

const V1 = 1;
const V2 = 0x6b3343cf;
const NEGOTIATION = 0;
const VERSIONS = { [NEGOTIATION]: 'Version negotiation', [V1]: '1', [V2]: '2' };
const INITIAL = 0;
const RETRY = 3;
const TYPES = { [INITIAL]: 'Initial', 1: '0-RTT', 2: 'Handshake', [RETRY]: 'Retry' };
/** Version 2 shifts the numbers by one, so that nobody relies on them (RFC 9369 section 3.2). */
const TYPES_V2 = { 1: 'Initial', 2: '0-RTT', 3: 'Handshake', 0: 'Retry' };

const quic = header(
  'quic',
  {},
  {
    header_byte: u8('First byte', { base: 'hex' }),
    header_form: bits('header_byte', 0x80, 'Header', { names: { 0: 'Short', 1: 'Long' } }),
    fixed_bit: bits('header_byte', 0x40, 'Fixed bit'),
    'long.packet_type': bits('header_byte', 0x30, 'Packet', { names: TYPES }),
    'long.packet_type_v2': bits('header_byte', 0x30, 'Packet', { names: TYPES_V2 }),
    version: u32('Version', { base: 'hex', names: VERSIONS }),
    dcil: u8('Destination connection ID length', { unit: 'bytes' }),
    dcid: raw('Destination connection ID'),
    scil: u8('Source connection ID length', { unit: 'bytes' }),
    scid: raw('Source connection ID'),
    supported_version: u32('Supported version', { base: 'hex', names: VERSIONS }),
    token_length: { kind: varintKind, label: 'Token length', unit: 'bytes' },
    token: raw('Token'),
    retry_token: raw('Retry token'),
    retry_integrity_tag: fixed(16, 'Retry integrity tag'),
    length: { kind: varintKind, label: 'Length', unit: 'bytes' },
    protected_payload: raw('Protected packet number and payload'),
    remaining_payload: raw('Rest'),
  },
);
const LONG = 0x80;
/** A connection ID of versions 1 and 2 has at most so many octets; before, the lengths were 4 bits each. */
const MOST_ID = 20;
/** First byte, version and the two lengths. */
const LEAST = 7;
const TAG = 16;

/** Drafts of version 1 (RFC 9000 section 15), Facebook's mvfst, and versions that exist to be refused. */
const isKnown = (version: number): boolean =>
  version === NEGOTIATION ||
  version === V1 ||
  version === V2 ||
  (version >= 0xff00001b && version <= 0xff000022) ||
  version >>> 8 === 0xfaceb0 ||
  (version & 0x0f0f0f0f) >>> 0 === 0x0a0a0a0a;
/** A long header; short ones begin with nothing that could be recognised. */
function isLong(bytes: Uint8Array, from: number, to: number): boolean {
  if (from + LEAST > to || (read8(bytes, from) & LONG) === 0) return false;
  const version = read32(bytes, from + 1);
  if (!isKnown(version) || (version !== NEGOTIATION && (read8(bytes, from) & 0x40) === 0)) return false;
  const destination = read8(bytes, from + 5);
  const source = from + 6 + destination;
  if (destination > MOST_ID || source >= to) return false;
  return read8(bytes, source) <= MOST_ID && source + 1 + read8(bytes, source) <= to;
}

/** QUIC: connections with TLS inside, over UDP. Everything but the first packets' headers is encrypted. */
export const quicTransport = protocol(quic, {
  title: 'QUIC IETF',
  source: 'RFC 9000, RFC 9369',
  guess: { in: ['udp.port'], likes: isLong },
  fromFlow: 'lasting',
  expand(frame, d, visit) {
    const { bytes } = frame;
    const end = frame.limit(d);
    // A datagram may hold several packets.
    for (let at = frame.from[d]!; at < end; ) at = visitPacket(bytes, at, end, visit);
  },
});
function visitPacket(bytes: Uint8Array, at: number, end: number, visit: Visit): number {
  visit(quic.header_byte, at, at + 1);
  visit(quic.header_form, at, at + 1);
  visit(quic.fixed_bit, at, at + 1);
  if (!isLong(bytes, at, end)) {
    if (at + 1 < end) visit(quic.remaining_payload, at + 1, end);
    return end;
  }
  const version = read32(bytes, at + 1);
  const number = (read8(bytes, at) >> 4) & 3;
  if (version !== NEGOTIATION) visit(quic[version === V2 ? 'long.packet_type_v2' : 'long.packet_type'], at, at + 1);
  visit(quic.version, at + 1, at + 5);
  const source = visitId(quic.dcil, quic.dcid, bytes, at + 5, visit);
  const next = visitId(quic.scil, quic.scid, bytes, source, visit);
  if (version === NEGOTIATION) {
    for (let i = next; i + 4 <= end; i += 4) visit(quic.supported_version, i, i + 4);
    return end;
  }
  const type = version === V2 ? (number + 3) & 3 : number;
  return type === RETRY ? visitRetry(next, end, visit) : visitProtected(bytes, type, next, end, visit);
}
function visitId(length: Field, id: Field, bytes: Uint8Array, at: number, visit: Visit): number {
  const to = at + 1 + read8(bytes, at);
  visit(length, at, at + 1);
  if (to > at + 1) visit(id, at + 1, to);
  return to;
}
/** RFC 9000 section 17.2.5. */
function visitRetry(from: number, end: number, visit: Visit): number {
  const tag = Math.max(from, end - TAG);
  if (tag > from) visit(quic.retry_token, from, tag);
  if (end - tag === TAG) visit(quic.retry_integrity_tag, tag, end);
  return end;
}
function visitProtected(bytes: Uint8Array, type: number, from: number, end: number, visit: Visit): number {
  let at = from;
  if (type === INITIAL) {
    const token = visitVarint(quic.token_length, bytes, at, end, visit);
    if (token === end) return end;
    at = Math.min(end, token + quic.token_length.read(bytes, at));
    if (at > token) visit(quic.token, token, at);
  }
  const body = visitVarint(quic.length, bytes, at, end, visit);
  if (body === end) return end;
  const to = Math.min(end, body + quic.length.read(bytes, at));
  if (to > body) visit(quic.protected_payload, body, to);
  return to;
}
/** Returns where it ends; `end` when it was not captured whole. */
function visitVarint(field: Field, bytes: Uint8Array, at: number, end: number, visit: Visit): number {
  if (at >= end || at + varintSize(bytes, at) > end) return end;
  visit(field, at, at + varintSize(bytes, at));
  return at + varintSize(bytes, at);
}
