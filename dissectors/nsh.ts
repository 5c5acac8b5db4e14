import { bits, header, bytes as raw, u8, u16, u24 } from '../src/bytes/field.ts';
import type { Frame } from '../src/dissect/frame.ts';
import { NONE, protocol } from '../src/dissect/protocol.ts';
import { nshText } from './nsh/text.ts';

const head = header(
  'nsh',
  {
    first: u16('Version, flags, time to live and length', { base: 'hex' }),
    version: bits('first', 0xc000, 'Version'),
    Obit: bits('first', 0x2000, 'Operations, administration and management'),
    ttl: bits('first', 0x0fc0, 'Time to live', { unit: 'hops' }),
    length: bits('first', 0x003f, 'Length', { unit: '4 bytes' }),
    md: u8('Metadata type and reserved bits', { base: 'hex' }),
    mdtype: bits('md', 0x0f, 'Metadata type'),
    nextproto: u8('Next protocol', { names: { 1: 'IPv4', 2: 'IPv6', 3: 'Ethernet', 4: 'NSH', 5: 'MPLS' } }),
    spi: u24('Service path identifier'),
    si: u8('Service index'),
  },
  { contextheader: raw('Context headers') },
);
/** By next protocol: who reads it. */
const READERS = ['', 'ip', 'ipv6', 'eth', 'nsh', 'mpls'] as const;
const payloadOf = (frame: Frame, at: number): number => at + head.length.read(frame.bytes, at) * 4;

/** Network Service Header: which chain of services a packet is on, and how far it has come. */
export const networkService = protocol(head, {
  title: 'Network Service Header',
  source: 'RFC 8300',
  on: { ethertype: 0x894f },
  step(frame, bytes, at) {
    if (head.version.read(bytes, at) !== 0 || head.length.read(bytes, at) < 2) return frame.malformed();
    const reader = READERS[head.nextproto.read(bytes, at)];
    const id = reader === undefined ? NONE : frame.registry.id(reader);
    return frame.passOn(id, payloadOf(frame, at), frame.claim[frame.depth - 1]!);
  },
  expand(frame, d, visit) {
    const at = frame.from[d]!;
    const to = Math.min(payloadOf(frame, at), frame.limit(d));
    if (at + head.$size < to) visit(head.contextheader, at + head.$size, to);
  },
  line: nshText,
});
