import { type Field, fixed, header, ipv4, ipv6, bytes as raw, text, u8, u16, u32 } from '../src/bytes/field.ts';
import { read16, read32, u8Kind, u16Kind } from '../src/bytes/kind.ts';
import type { Text } from '../src/bytes/text.ts';
import { protocol, type Visit } from '../src/dissect/protocol.ts';
import { inOrder } from './in-order.ts';
import { part } from './part.ts';
import { ATTRIBUTES, CLASSES, METHODS } from './stun/attributes.ts';

/** What tells STUN's messages from those of the protocols it shares ports with (RFC 8489 section 5). */
const COOKIE = 0x2112a442;
const HEADER = 20;
/** Types from here on are nobody's: applications that send them mean something of their own. */
const PRIVATE = 0x0800;

/** The class lies in two bits among those of the method (RFC 8489 figure 3). */
const scattered = (read: (type: number) => number) => ({
  ...u16Kind,
  read: (distance: number) => (bytes: Uint8Array, at: number) => read(read16(bytes, at + distance)),
  write: (w: Text, bytes: Uint8Array, from: number) => w.dec(read(read16(bytes, from))),
});
const classOf = (type: number): number => ((type >> 7) & 2) | ((type >> 4) & 1);
const methodOf = (type: number): number => ((type >> 2) & 0xf80) | ((type >> 1) & 0x70) | (type & 0xf);

const stun = header(
  'stun',
  {},
  {
    type: u16('Message type', { base: 'hex' }),
    'type.class': { kind: scattered(classOf), label: 'Class', names: CLASSES },
    'type.method': { kind: scattered(methodOf), label: 'Method', names: METHODS },
    length: u16('Length', { unit: 'bytes' }),
    cookie: u32('Magic cookie', { base: 'hex' }),
    id: fixed(12, 'Transaction ID'),
    'att.type': u16('Attribute', { base: 'hex', names: ATTRIBUTES }),
    'att.length': u16('Attribute length', { unit: 'bytes' }),
    'att.family': u8('Address family', { names: { 1: 'IPv4', 2: 'IPv6' } }),
    'att.port': u16('Port'),
    'att.ipv4': ipv4('Address'),
    'att.ipv6': ipv6('Address'),
    'att.port-xord': raw('Port, covered'),
    'att.ipv4-xord': raw('Address, covered'),
    'att.ipv6-xord': raw('Address, covered'),
    'att.username': text('User name'),
    'att.realm': text('Realm'),
    'att.nonce': text('Nonce'),
    'att.software': text('Software'),
    'att.hmac': raw('Message integrity'),
    'att.crc32': u32('Fingerprint', { base: 'hex' }),
    'att.error.class': part(u8Kind, 0x07, 'Error class'),
    'att.error': u8('Error'),
    'att.error.reason': text('Reason'),
    'att.priority': u32('Priority'),
    'att.tie-breaker': raw('Tie breaker'),
    'att.lifetime': u32('Lifetime', { unit: 'seconds' }),
    'att.transp': u8('Transport', { names: { 6: 'TCP', 17: 'UDP' } }),
    'att.channelnum': u16('Channel', { base: 'hex' }),
    value: raw('Value'),
  },
);
const HEAD = [stun.type, stun.length, stun.cookie, stun.id] as const;
type Attribute = (bytes: Uint8Array, from: number, to: number, visit: Visit) => void;
const whole =
  (field: Field): Attribute =>
  (_bytes, from, to, visit) =>
    visit(field, from, to);
const number =
  (field: Field): Attribute =>
  (_bytes, from, to, visit) => {
    inOrder([field], from, to, visit);
  };
/** RFC 8489 section 14.1; in its XOR form the cookie covers port and address. */
const address =
  (port: Field, four: Field, six: Field): Attribute =>
  (_bytes, from, to, visit) => {
    if (from + 4 > to) return;
    visit(stun['att.family'], from + 1, from + 2);
    visit(port, from + 2, from + 4);
    if (to - from === 8) visit(four, from + 4, to);
    else if (to - from === 20) visit(six, from + 4, to);
  };
const plain = address(stun['att.port'], stun['att.ipv4'], stun['att.ipv6']);
const covered = address(stun['att.port-xord'], stun['att.ipv4-xord'], stun['att.ipv6-xord']);
const error: Attribute = (_bytes, from, to, visit) => {
  if (from + 4 > to) return;
  visit(stun['att.error.class'], from + 2, from + 3);
  visit(stun['att.error'], from + 3, from + 4);
  if (from + 4 < to) visit(stun['att.error.reason'], from + 4, to);
};
const BODIES: Readonly<Record<number, Attribute>> = {
  1: plain,
  2: plain,
  4: plain,
  5: plain,
  6: whole(stun['att.username']),
  8: whole(stun['att.hmac']),
  9: error,
  12: number(stun['att.channelnum']),
  13: number(stun['att.lifetime']),
  18: covered,
  20: whole(stun['att.realm']),
  21: whole(stun['att.nonce']),
  22: covered,
  25: number(stun['att.transp']),
  32: covered,
  36: number(stun['att.priority']),
  32802: whole(stun['att.software']),
  32803: plain,
  32808: number(stun['att.crc32']),
  32809: whole(stun['att.tie-breaker']),
  32810: whole(stun['att.tie-breaker']),
  32811: plain,
  32812: plain,
};

/** Session Traversal Utilities for NAT, with the messages of TURN and ICE. */
export const natTraversal = protocol(stun, {
  title: 'Session Traversal Utilities for NAT',
  source: 'RFC 8489, RFC 8656, RFC 8445',
  guess: {
    in: ['udp.port', 'tcp.port'],
    likes: (bytes, from, to) =>
      from + HEADER <= to && read32(bytes, from + 4) === COOKIE && read16(bytes, from) < PRIVATE,
  },
  expand(frame, d, visit) {
    const { bytes } = frame;
    const end = frame.limit(d);
    for (let at = frame.from[d]!; at < end; ) at = visitMessage(bytes, at, end, visit);
  },
});
function visitMessage(bytes: Uint8Array, start: number, end: number, visit: Visit): number {
  if (start + HEADER > end) return end;
  visit(stun.type, start, start + 2);
  visit(stun['type.class'], start, start + 2);
  visit(stun['type.method'], start, start + 2);
  inOrder(HEAD.slice(1), start + 2, end, visit);
  const to = Math.min(end, start + HEADER + stun.length.read(bytes, start + 2));
  for (let at = start + HEADER; at + 4 <= to; ) {
    const type = read16(bytes, at);
    const size = read16(bytes, at + 2);
    visit(stun['att.type'], at, at + 2);
    visit(stun['att.length'], at + 2, at + 4);
    const body = at + 4;
    const bodyEnd = Math.min(to, body + size);
    if (bodyEnd > body) (BODIES[type] ?? whole(stun.value))(bytes, body, bodyEnd, visit);
    at = body + size + (-size & 3);
  }
  return to;
}
