/** Echo requests and the replies to them, which ICMP and ICMPv6 lay out alike (RFC 792, RFC 4443 section 4). */
import { fold16 } from '../../src/bytes/checksum.ts';
import { read16, read32 } from '../../src/bytes/kind.ts';
import type { Computed, Protocol } from '../../src/dissect/protocol.ts';
import { isQuoted } from '../quoted.ts';

const CHECKSUM_AT = 2;
const IDENT_AT = 4;
const SIZE = 8;
const NANOS_PER_MS = 1_000_000;

/**
 * A reply repeats its request but for the type, so it has the same identifier and sequence number, and the checksum
 * changed by as much as the type (RFC 1624): which tells pings apart that count alike.
 */
export const echoExchange =
  (request: number, reply: number): NonNullable<Protocol['exchange']> =>
  (frame, d, told) => {
    const { bytes } = frame;
    const at = frame.from[d]!;
    const word = read16(bytes, at);
    const type = word >> 8;
    if ((type !== request && type !== reply) || at + SIZE > frame.limit(d) || isQuoted(frame, d)) return false;
    const checksum = read16(bytes, at + CHECKSUM_AT);
    told.asks = type === request;
    told.repeats = false;
    told.id = read32(bytes, at + IDENT_AT);
    told.check = told.asks ? fold16((~checksum & 0xffff) + (~(request << 8) & 0xffff) + (reply << 8)) : checksum;
    return true;
  };
/** What the packets before tell of a reply; of a request only the packets behind it could. */
export const echoComputed = (protocol: 'icmp' | 'icmpv6'): readonly Computed[] => [
  {
    name: `${protocol}.resp_in`,
    label: 'Packet with the reply; in one pass nobody knows it yet',
    type: 'number',
    flow: true,
    value: () => undefined,
  },
  {
    name: `${protocol}.resp_to`,
    label: 'Packet with the request',
    type: 'number',
    flow: true,
    value: (frame, d) => frame.asked[d] || undefined,
  },
  {
    name: `${protocol}.resptime`,
    label: 'Time since the request',
    type: 'float',
    unit: 'ms',
    flow: true,
    value: (frame, d) => (frame.asked[d] ? frame.waited[d]! / NANOS_PER_MS : undefined),
  },
];
