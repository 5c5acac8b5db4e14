import { type Field, type FieldSpec, header, ipv4, bytes as raw, text, u8, u16, u32, u64 } from '../src/bytes/field.ts';
import type { Frame } from '../src/dissect/frame.ts';
import { type Protocol, protocol, type Visit } from '../src/dissect/protocol.ts';
import { PPP_NAMES } from './ppp/numbers.ts';

const CODES = {
  0: 'Vendor Specific',
  1: 'Configure-Request',
  2: 'Configure-Ack',
  3: 'Configure-Nak',
  4: 'Configure-Reject',
  5: 'Terminate-Request',
  6: 'Terminate-Ack',
  7: 'Code-Reject',
  8: 'Protocol-Reject',
  9: 'Echo-Request',
  10: 'Echo-Reply',
  11: 'Discard-Request',
  12: 'Identification',
  13: 'Time-Remaining',
  14: 'Reset-Request',
  15: 'Reset-Ack',
};
/** All control protocols begin like this; Wireshark counts these fields as PPP's. */
const head = header(
  'ppp',
  { code: u8('Code', { names: CODES }), identifier: u8('Identifier'), length: u16('Length', { unit: 'bytes' }) },
  { magic_number: u32('Magic number', { base: 'hex' }), data: raw('Data') },
);
/** Codes whose body is a list of options. */
const CONFIGURE = { first: 1, last: 4 };
/** Codes whose body begins with a magic number: echo, echo reply, discard, identification, time remaining. */
const MAGIC = { first: 9, last: 13 };

/** One of the protocols that set up a link (RFC 1661 section 5): they differ in their options alone. */
function control(
  name: string,
  number: number,
  about: Pick<Protocol, 'title' | 'source'>,
  values: Readonly<Record<string, FieldSpec>>,
  keys: Readonly<Record<number, string>>,
): Protocol {
  const options = header<Record<never, FieldSpec>, Record<string, FieldSpec>>(
    name,
    {},
    {
      'opt.type': u8('Option type'),
      'opt.length': u8('Option length', { unit: 'bytes' }),
      ...values,
    },
  );
  const layout = { $name: name, $size: head.$size, $all: [...head.$all, ...options.$all] };
  return protocol(layout, {
    ...about,
    on: { 'ppp.protocol': number },
    expand(frame, d, visit) {
      const { bytes } = frame;
      const from = frame.from[d]!;
      const body = from + head.$size;
      const to = Math.min(from + head.length.read(bytes, from), frame.limit(d));
      const code = head.code.read(bytes, from);
      if (code >= CONFIGURE.first && code <= CONFIGURE.last) optionRows(frame, options, keys, body, to, visit);
      else if (code >= MAGIC.first && code <= MAGIC.last && body + 4 <= to) {
        visit(head.magic_number, body, body + 4);
        if (body + 4 < to) visit(head.data, body + 4, to);
      } else if (body < to) visit(head.data, body, to);
    },
  });
}
function optionRows(
  { bytes }: Frame,
  fields: Readonly<Record<string, Field>>,
  keys: Readonly<Record<number, string>>,
  from: number,
  to: number,
  visit: Visit,
): void {
  const [type, length] = [fields['opt.type']!, fields['opt.length']!];
  for (let at = from; at + 2 <= to; ) {
    visit(type, at, at + 1);
    visit(length, at + 1, at + 2);
    const size = length.read(bytes, at + 1);
    if (size < 2 || at + size > to) return;
    const value = fields[keys[type.read(bytes, at)] ?? ''];
    if (value !== undefined && (value.size === 0 ? size > 2 : value.size <= size - 2))
      visit(value, at + 2, value.size === 0 ? at + size : at + 2 + value.size);
    at += size;
  }
}
export const linkControl = control(
  'lcp',
  0xc021,
  { title: 'PPP Link Control Protocol', source: 'RFC 1661, RFC 1570, RFC 1990' },
  {
    'opt.mru': u16('Maximum receive unit', { unit: 'bytes' }),
    'opt.asyncmap': u32('Asynchronous control character map', { base: 'hex' }),
    'opt.auth_protocol': u16('Authentication protocol', { base: 'hex', names: PPP_NAMES }),
    'opt.quality_protocol': u16('Quality protocol', { base: 'hex', names: PPP_NAMES }),
    'opt.magic_number': u32('Magic number', { base: 'hex' }),
    'opt.mrru': u16('Maximum receive reconstructed unit', { unit: 'bytes' }),
    'opt.ep_disc_class': u8('Endpoint discriminator class'),
    'opt.link_discrim': u16('Link discriminator', { base: 'hex' }),
  },
  {
    1: 'opt.mru',
    2: 'opt.asyncmap',
    3: 'opt.auth_protocol',
    4: 'opt.quality_protocol',
    5: 'opt.magic_number',
    17: 'opt.mrru',
    19: 'opt.ep_disc_class',
    23: 'opt.link_discrim',
  },
);
export const ipControl = control(
  'ipcp',
  0x8021,
  { title: 'PPP IP Control Protocol', source: 'RFC 1332, RFC 1877' },
  {
    'opt.compress_proto': u16('Compression protocol', { base: 'hex' }),
    'opt.ip_address': ipv4('Address'),
    'opt.pri_dns_address': ipv4('Primary name server'),
    'opt.pri_nbns_address': ipv4('Primary NetBIOS name server'),
    'opt.sec_dns_address': ipv4('Secondary name server'),
    'opt.sec_nbns_address': ipv4('Secondary NetBIOS name server'),
  },
  {
    2: 'opt.compress_proto',
    3: 'opt.ip_address',
    129: 'opt.pri_dns_address',
    130: 'opt.pri_nbns_address',
    131: 'opt.sec_dns_address',
    132: 'opt.sec_nbns_address',
  },
);
export const ipv6Control = control(
  'ipv6cp',
  0x8057,
  { title: 'PPP IPv6 Control Protocol', source: 'RFC 5072' },
  { interface_identifier: u64('Interface identifier') },
  { 1: 'interface_identifier' },
);
export const compressionControl = control(
  'ccp',
  0x80fd,
  { title: 'PPP Compression Control Protocol', source: 'RFC 1962' },
  { 'opt.data': raw('Option data') },
  Object.fromEntries(Array.from({ length: 256 }, (_, type) => [type, 'opt.data'])),
);

const authenticated = (name: string, codes: Readonly<Record<number, string>>, fields: Record<string, FieldSpec>) =>
  header<Record<'code' | 'identifier' | 'length', FieldSpec>, Record<string, FieldSpec>>(
    name,
    { code: u8('Code', { names: codes }), identifier: u8('Identifier'), length: u16('Length', { unit: 'bytes' }) },
    fields,
  );
/** Texts with their length in front. */
function counted(
  frame: Frame,
  d: number,
  from: number,
  pairs: readonly (readonly [length: Field, value: Field])[],
  visit: Visit,
): number {
  const end = frame.limit(d);
  let at = from;
  for (const [length, value] of pairs) {
    if (at + 1 > end) return end;
    visit(length, at, at + 1);
    const size = length.read(frame.bytes, at);
    if (at + 1 + size > end) return end;
    if (size > 0) visit(value, at + 1, at + 1 + size);
    at += 1 + size;
  }
  return at;
}
const papHead = authenticated(
  'pap',
  { 1: 'Authenticate-Request', 2: 'Authenticate-Ack', 3: 'Authenticate-Nak' },
  {
    'peer_id.length': u8('Peer ID length', { unit: 'bytes' }),
    peer_id: text('Peer ID'),
    'password.length': u8('Password length', { unit: 'bytes' }),
    password: text('Password'),
    'message.length': u8('Message length', { unit: 'bytes' }),
    message: text('Message'),
  },
);
const REQUEST = [
  [papHead['peer_id.length']!, papHead.peer_id!],
  [papHead['password.length']!, papHead.password!],
] as const;
const ANSWER = [[papHead['message.length']!, papHead.message!]] as const;
/** Password Authentication Protocol. */
export const passwordAuthentication = protocol(papHead, {
  title: 'PPP Password Authentication Protocol',
  source: 'RFC 1334',
  on: { 'ppp.protocol': 0xc023 },
  expand(frame, d, visit) {
    const from = frame.from[d]!;
    const isRequest = papHead.code.read(frame.bytes, from) === 1;
    counted(frame, d, from + papHead.$size, isRequest ? REQUEST : ANSWER, visit);
  },
});
const chapHead = authenticated(
  'chap',
  { 1: 'Challenge', 2: 'Response', 3: 'Success', 4: 'Failure' },
  {
    value_size: u8('Value size', { unit: 'bytes' }),
    value: raw('Value'),
    name: text('Name'),
    message: text('Message'),
  },
);
const VALUE = [[chapHead.value_size!, chapHead.value!]] as const;
/** Challenge-Handshake Authentication Protocol. */
export const challengeHandshake = protocol(chapHead, {
  title: 'PPP Challenge-Handshake Authentication Protocol',
  source: 'RFC 1994',
  on: { 'ppp.protocol': 0xc223 },
  expand(frame, d, visit) {
    const from = frame.from[d]!;
    const to = Math.min(from + chapHead.length.read(frame.bytes, from), frame.limit(d));
    const isValue = chapHead.code.read(frame.bytes, from) <= 2;
    const rest = isValue ? counted(frame, d, from + chapHead.$size, VALUE, visit) : from + chapHead.$size;
    if (rest < to) visit(isValue ? chapHead.name! : chapHead.message!, rest, to);
  },
});
