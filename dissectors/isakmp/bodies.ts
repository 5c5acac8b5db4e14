/** What is in the payloads of both versions, as far as it is not encrypted (RFC 2408 section 3, RFC 7296 section 3). */
import {
  type Field,
  type FieldSpec,
  header,
  ipv4,
  ipv6,
  bytes as raw,
  text,
  u8,
  u16,
  u32,
} from '../../src/bytes/field.ts';
import { type Kind, read8, read16, u16Kind } from '../../src/bytes/kind.ts';
import type { Visit } from '../../src/dissect/protocol.ts';
import { inOrder } from '../in-order.ts';
import { part } from '../part.ts';
import { type Names, PAYLOAD, PROTOCOLS, TRANSFORM_TYPES2 } from './names.ts';

const named = (names: Names): Record<number, string> =>
  Object.fromEntries(names.flatMap((name, i) => (name === undefined ? [] : [[i, name]])));
/** A number of as many bytes as there are, mostly two or four. */
const spanKind: Kind = {
  name: 'number',
  size: 0,
  write(w, bytes, from, to) {
    if (to - from > MOST_SPAN) w.hexBytes(bytes, from, to);
    else w.dec(spanAt(bytes, from, to));
  },
  parse(text) {
    if (!/^\d{1,15}$/.test(text)) throw new RangeError(`"${text}" is not a number`);
    const wanted = Number(text);
    return (bytes, from, to) => to - from <= MOST_SPAN && spanAt(bytes, from, to) === wanted;
  },
};
const MOST_SPAN = 6;
function spanAt(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) value = value * 256 + read8(bytes, at);
  return value;
}
const duration = (label: string): FieldSpec => ({ kind: spanKind, label });
const attributeFields = (group: string, label: string) => ({
  [`${group}.type`]: part(u16Kind, 0x7fff, `${label}, type`),
  [`${group}.value`]: raw(`${label}, value`),
});
export const body = header(
  'isakmp',
  {},
  {
    'sa.doi': u32('Domain of interpretation', { names: { 0: 'ISAKMP', 1: 'IPsec' } }),
    'sa.situation': raw('Situation'),
    'prop.number': u8('Proposal'),
    'prop.protoid': u8('Proposed for', { names: named(PROTOCOLS) }),
    spisize: u8('Size of the SPI', { unit: 'bytes' }),
    'prop.transforms': u8('Transforms'),
    spi: raw('SPI'),
    'trans.number': u8('Transform'),
    'trans.id': u8('Transform, kind'),
    ...attributeFields('ike.attr', 'Attribute'),
    'ike.attr.encryption_algorithm': u16('Encryption'),
    'ike.attr.hash_algorithm': u16('Hash'),
    'ike.attr.authentication_method': u16('Authentication'),
    'ike.attr.group_description': u16('Diffie-Hellman group'),
    'ike.attr.life_type': u16('Lifetime counts'),
    'ike.attr.life_duration': duration('Lifetime'),
    'ike.attr.key_length': u16('Length of the key', { unit: 'bits' }),
    ...attributeFields('ipsec.attr', 'Attribute'),
    'ipsec.attr.life_type': u16('Lifetime counts'),
    'ipsec.attr.life_duration': duration('Lifetime'),
    'ipsec.attr.group_description': u16('Diffie-Hellman group'),
    'ipsec.attr.encap_mode': u16('Encapsulation'),
    'ipsec.attr.auth_algorithm': u16('Authentication'),
    'ipsec.attr.key_length': u16('Length of the key', { unit: 'bits' }),
    'tf.type': u8('Transform, type', { names: named(TRANSFORM_TYPES2) }),
    'tf.id.encr': u16('Encryption'),
    'tf.id.prf': u16('Pseudo-random function'),
    'tf.id.integ': u16('Integrity'),
    'tf.id.dh': u16('Diffie-Hellman group'),
    'tf.id.esn': u16('Extended sequence numbers'),
    'tf.id': u16('Transform'),
    ...attributeFields('ike2.attr', 'Attribute'),
    'ike2.attr.key_length': u16('Length of the key', { unit: 'bits' }),
    'key_exchange.dh_group': u16('Diffie-Hellman group'),
    'key_exchange.data': raw('Key exchange'),
    'id.type': u8('Identity, type'),
    'id.protoid': u8('Identity, protocol'),
    'id.port': u16('Identity, port'),
    'id.data.ipv4_addr': ipv4('Identity'),
    'id.data.fqdn': text('Identity'),
    'id.data.user_fqdn': text('Identity'),
    'id.data.ipv6_addr': ipv6('Identity'),
    'id.data.key_id': raw('Identity'),
    hash: raw('Hash'),
    sig: raw('Signature'),
    nonce: raw('Nonce'),
    'notify.doi': u32('Notification, domain of interpretation'),
    'notify.protoid': u8('Notification about', { names: named(PROTOCOLS) }),
    'notify.msgtype': u16('Notification'),
    'notify.data': raw('Notification, data'),
    vid_bytes: raw('Vendor ID'),
    'auth.method': u8('Authentication'),
    'auth.data': raw('Authentication, data'),
  },
);
type Rows = (bytes: Uint8Array, from: number, to: number, visit: Visit) => void;
const field = body as unknown as Readonly<Record<string, Field>>;
const GENERIC = 4;

type Inside = (from: number, to: number) => void;
/** Up to `most` payloads inside another; what follows their generic headers is told by `rows`. */
function nested(bytes: Uint8Array, from: number, to: number, rows: Inside, most = Number.POSITIVE_INFINITY): void {
  let at = from;
  for (let i = 0; i < most && at + GENERIC <= to; i++) {
    const size = read16(bytes, at + 2);
    if (size < GENERIC || at + size > to) return;
    rows(at + GENERIC, at + size);
    at += size;
  }
}
/** Two bytes of value behind the type, or a length and so many (RFC 2408 section 3.3). `known`: fields by type. */
function attributeRows(group: 'ike.attr' | 'ipsec.attr' | 'ike2.attr', known: Readonly<Record<number, Field>>): Rows {
  const [type, value] = [field[`${group}.type`]!, field[`${group}.value`]!];
  return (bytes, from, to, visit) => {
    for (let at = from; at + 4 <= to; ) {
      const isShort = read16(bytes, at) >= SHORT;
      const start = isShort ? at + 2 : at + 4;
      const end = start + (isShort ? 2 : read16(bytes, at + 2));
      if (end > to) return;
      visit(type, at, at + 2);
      if (end > start) visit(value, start, end);
      const own = known[type.read(bytes, at)];
      if (own !== undefined && (own.size === 0 ? end > start : own.size === end - start)) visit(own, start, end);
      at = end;
    }
  };
}
const SHORT = 0x8000;
/** RFC 2409 appendix A. */
const ofIke = attributeRows('ike.attr', {
  1: body['ike.attr.encryption_algorithm'],
  2: body['ike.attr.hash_algorithm'],
  3: body['ike.attr.authentication_method'],
  4: body['ike.attr.group_description'],
  11: body['ike.attr.life_type'],
  12: body['ike.attr.life_duration'],
  14: body['ike.attr.key_length'],
});
/** RFC 2407 section 4.5. */
const ofIpsec = attributeRows('ipsec.attr', {
  1: body['ipsec.attr.life_type'],
  2: body['ipsec.attr.life_duration'],
  3: body['ipsec.attr.group_description'],
  4: body['ipsec.attr.encap_mode'],
  5: body['ipsec.attr.auth_algorithm'],
  6: body['ipsec.attr.key_length'],
});
const ofIke2 = attributeRows('ike2.attr', { 14: body['ike2.attr.key_length'] });
const TRANSFORM_IDS: Readonly<Record<number, Field>> = {
  1: body['tf.id.encr'],
  2: body['tf.id.prf'],
  3: body['tf.id.integ'],
  4: body['tf.id.dh'],
  5: body['tf.id.esn'],
};
const ISAKMP = 1;
const PROPOSAL = [body['prop.number'], body['prop.protoid'], body.spisize, body['prop.transforms']];

const proposals =
  (isSecond: boolean): Rows =>
  (bytes, from, to, visit) =>
    nested(bytes, from, to, (at, end) => {
      const spi = inOrder(PROPOSAL, at, end, visit);
      if (spi === end) return;
      const transforms = spi + body.spisize.read(bytes, at + 2);
      if (transforms > end) return;
      if (transforms > spi) visit(body.spi, spi, transforms);
      const attributes = body['prop.protoid'].read(bytes, at + 1) === ISAKMP ? ofIke : ofIpsec;
      const rows: Inside = (start, last) => {
        if (isSecond) transformRows2(bytes, start, last, visit);
        else {
          const next = inOrder([body['trans.number'], body['trans.id']], start, last, visit);
          attributes(bytes, next + 2, last, visit);
        }
      };
      nested(bytes, transforms, end, rows, body['prop.transforms'].read(bytes, at + 3));
    });
function transformRows2(bytes: Uint8Array, from: number, to: number, visit: Visit): void {
  if (from + 4 > to) return;
  visit(body['tf.type'], from, from + 1);
  visit(TRANSFORM_IDS[body['tf.type'].read(bytes, from)] ?? body['tf.id'], from + 2, from + 4);
  ofIke2(bytes, from + 4, to, visit);
}
/** Subnets begin with their address, as Wireshark shows them. */
const IDENTITIES: Readonly<Record<number, Field>> = {
  4: body['id.data.ipv4_addr'],
  6: body['id.data.ipv6_addr'],
  1: body['id.data.ipv4_addr'],
  2: body['id.data.fqdn'],
  3: body['id.data.user_fqdn'],
  5: body['id.data.ipv6_addr'],
  11: body['id.data.key_id'],
};
const identity =
  (...more: readonly Field[]): Rows =>
  (bytes, from, to, visit) => {
    const data = from + 4;
    if (data > to) return;
    inOrder([body['id.type'], ...more], from, data, visit);
    const own = IDENTITIES[body['id.type'].read(bytes, from)];
    const end = own === undefined || own.size === 0 ? to : data + own.size;
    if (own !== undefined && data < end && end <= to) visit(own, data, end);
  };
const notification =
  (...first: readonly Field[]): Rows =>
  (bytes, from, to, visit) => {
    const spi = inOrder([...first, body['notify.protoid'], body.spisize, body['notify.msgtype']], from, to, visit);
    if (spi === to) return;
    const data = spi + body.spisize.read(bytes, spi - 3);
    if (data > to) return;
    if (data > spi) visit(body.spi, spi, data);
    if (data < to) visit(body['notify.data'], data, to);
  };
const whole =
  (field: Field): Rows =>
  (_bytes, from, to, visit) => {
    if (from < to) visit(field, from, to);
  };
/** By the payload's type. */
export const BODIES: Readonly<Record<number, Rows>> = {
  [PAYLOAD.sa](bytes, from, to, visit) {
    if (from + 8 > to) return;
    visit(body['sa.doi'], from, from + 4);
    visit(body['sa.situation'], from + 4, from + 8);
    proposals(false)(bytes, from + 8, to, visit);
  },
  [PAYLOAD.sa2]: proposals(true),
  [PAYLOAD.keyExchange]: whole(body['key_exchange.data']),
  [PAYLOAD.keyExchange2](_bytes, from, to, visit) {
    if (from + 4 > to) return;
    visit(body['key_exchange.dh_group'], from, from + 2);
    if (from + 4 < to) visit(body['key_exchange.data'], from + 4, to);
  },
  [PAYLOAD.identification]: identity(body['id.protoid'], body['id.port']),
  [PAYLOAD.initiator2]: identity(),
  [PAYLOAD.responder2]: identity(),
  [PAYLOAD.hash]: whole(body.hash),
  [PAYLOAD.signature]: whole(body.sig),
  [PAYLOAD.nonce]: whole(body.nonce),
  [PAYLOAD.nonce2]: whole(body.nonce),
  [PAYLOAD.notification]: notification(body['notify.doi']),
  [PAYLOAD.notification2]: notification(),
  [PAYLOAD.vendor]: whole(body.vid_bytes),
  [PAYLOAD.vendor2]: whole(body.vid_bytes),
  [PAYLOAD.authentication2](_bytes, from, to, visit) {
    visit(body['auth.method'], from, from + 1);
    if (from + 4 < to) visit(body['auth.data'], from + 4, to);
  },
};
