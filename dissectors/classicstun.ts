import { fixed, header, ipv4, bytes as raw, u8, u16 } from '../src/bytes/field.ts';
import { read16 } from '../src/bytes/kind.ts';
import { protocol } from '../src/dissect/protocol.ts';
import { ATTRIBUTES } from './stun/attributes.ts';

const TYPES = {
  1: 'Binding request',
  2: 'Shared secret request',
  3: 'Allocate request',
  257: 'Binding response',
  258: 'Shared secret response',
  259: 'Allocate response',
  273: 'Binding error response',
  274: 'Shared secret error response',
  275: 'Allocate error response',
};
const head = header(
  'classicstun',
  {
    type: u16('Message', { base: 'hex', names: TYPES }),
    length: u16('Length', { unit: 'bytes' }),
    id: fixed(16, 'Transaction ID'),
  },
  {
    'att.type': u16('Attribute', { base: 'hex', names: ATTRIBUTES }),
    'att.length': u16('Attribute length', { unit: 'bytes' }),
    'att.family': u8('Address family', { names: { 1: 'IPv4' } }),
    'att.port': u16('Port'),
    'att.ipv4': ipv4('Address'),
    'att.value': raw('Value'),
  },
);
/** Attributes that are an address (RFC 3489 section 11.2.1). */
const ADDRESSES: ReadonlySet<number> = new Set([0x0001, 0x0002, 0x0004, 0x0005, 0x000b]);
const ADDRESS_SIZE = 8;

/** The first version, without a cookie: only the type and a length that fits tell it. */
export const firstStun = protocol(head, {
  title: 'Simple Traversal of UDP Through NAT',
  source: 'RFC 3489',
  guess: {
    in: ['udp.port'],
    likes: (bytes, from, to) =>
      from + head.$size <= to &&
      TYPES[read16(bytes, from) as keyof typeof TYPES] !== undefined &&
      from + head.$size + read16(bytes, from + 2) === to,
  },
  expand(frame, d, visit) {
    const { bytes } = frame;
    const end = frame.limit(d);
    for (let at = frame.from[d]! + head.$size; at + 4 <= end; ) {
      visit(head['att.type'], at, at + 2);
      visit(head['att.length'], at + 2, at + 4);
      const body = at + 4;
      const to = Math.min(end, body + read16(bytes, at + 2));
      if (ADDRESSES.has(read16(bytes, at)) && to - body === ADDRESS_SIZE) {
        visit(head['att.family'], body + 1, body + 2);
        visit(head['att.port'], body + 2, body + 4);
        visit(head['att.ipv4'], body + 4, to);
      } else if (to > body) visit(head['att.value'], body, to);
      at = to;
    }
  },
});
