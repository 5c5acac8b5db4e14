import { type Field, header, ipv4, mac, bytes as raw, u8, u16 } from '../src/bytes/field.ts';
import { read32 } from '../src/bytes/kind.ts';
import type { Frame } from '../src/dissect/frame.ts';
import { protocol } from '../src/dissect/protocol.ts';
import { ATM, ATM_LENGTH, arpText, HARDWARE, OPERATIONS } from './arp/text.ts';
import { inOrder } from './in-order.ts';
import { ETHERTYPES } from './names/ethertypes.ts';

/** ATM (RFC 2225) puts lengths of a number and a subaddress where others have those of hardware and protocol. */
const head = header(
  'arp',
  {
    'hw.type': u16('Hardware type', { names: HARDWARE }),
    'proto.type': u16('Protocol type', { base: 'hex', names: ETHERTYPES }),
    'hw.size': u8('Hardware address length', { unit: 'bytes' }),
    'proto.size': u8('Protocol address length', { unit: 'bytes' }),
    opcode: u16('Operation', { names: OPERATIONS }),
  },
  {
    'src.pln': u8('Sender protocol address length', { unit: 'bytes' }),
    'dst.hlen': u8('Target number type and length', { base: 'hex' }),
    'dst.slen': u8('Target subaddress type and length', { base: 'hex' }),
    'dst.pln': u8('Target protocol address length', { unit: 'bytes' }),
    'src.hw_mac': mac('Sender hardware address'),
    'src.hw': raw('Sender hardware address'),
    'src.atm_subaddr': raw('Sender subaddress'),
    'src.proto_ipv4': ipv4('Sender protocol address'),
    'src.proto': raw('Sender protocol address'),
    'dst.hw_mac': mac('Target hardware address'),
    'dst.hw': raw('Target hardware address'),
    'dst.atm_subaddr': raw('Target subaddress'),
    'dst.proto_ipv4': ipv4('Target protocol address'),
    'dst.proto': raw('Target protocol address'),
  },
);
const IPV4 = 0x0800;
const ETHERNET = 1;
const TOKEN_RING = 6;

/** Address Resolution Protocol, and its reverse (RFC 903) and inverse (RFC 2390). */
export const arp = protocol(head, {
  title: 'Address Resolution Protocol',
  source: 'RFC 826',
  summary: arpSummary,
  on: { ethertype: [0x0806, 0x8035] },
  expand(frame, d, visit) {
    const { bytes } = frame;
    const start = frame.from[d]!;
    const end = frame.limit(d);
    let at = start + head.$size;
    if (head['hw.type'].read(bytes, start) === ATM) at = inOrder(ATM_LENGTHS, at, end, visit);
    for (const [field, size] of addressesOf(bytes, start, at)) {
      if (at + size > end) return;
      if (size > 0) visit(field, at, at + size);
      at += size;
    }
  },
  line: arpText,
});
const ATM_LENGTHS = [head['src.pln'], head['dst.hlen'], head['dst.slen'], head['dst.pln']] as const;

const USUAL = 28;
const [REQUEST, REPLY] = [1, 2];
/** RFC 5227: who asks for an address that is nobody's yet probes, who asks for its own announces it. */
function arpSummary(frame: Frame, d: number): string {
  const { bytes } = frame;
  const at = frame.from[d]!;
  const opcode = head.opcode.read(bytes, at);
  const text = (what: string): string => `Address Resolution Protocol (${what})`;
  if (at + USUAL <= frame.limit(d) && read32(bytes, at + 2) === IPV4 * 0x1_0000 + 0x0604) {
    const sender = read32(bytes, at + 14);
    const own = sender === read32(bytes, at + 24);
    if (opcode === REQUEST && sender === 0) return text('ARP Probe');
    if (own && opcode === REQUEST) return text('ARP Announcement');
    if (own && opcode === REPLY) return text('reply/gratuitous ARP');
  }
  return text(OPERATIONS[opcode]?.toLowerCase() ?? `opcode ${opcode}`);
}

/** The addresses that follow, and their sizes. */
function addressesOf(bytes: Uint8Array, start: number, at: number): (readonly [Field, number])[] {
  const hardware = head['hw.type'].read(bytes, start);
  const isIpv4 = head['proto.type'].read(bytes, start) === IPV4;
  const first = head['hw.size'].read(bytes, start);
  const second = head['proto.size'].read(bytes, start);
  if (hardware !== ATM) {
    const isMac = (hardware === ETHERNET || hardware === TOKEN_RING) && first === 6;
    const isAddress = isIpv4 && second === 4;
    return [
      [head[isMac ? 'src.hw_mac' : 'src.hw'], first],
      [head[isAddress ? 'src.proto_ipv4' : 'src.proto'], second],
      [head[isMac ? 'dst.hw_mac' : 'dst.hw'], first],
      [head[isAddress ? 'dst.proto_ipv4' : 'dst.proto'], second],
    ];
  }
  // The four lengths were not captured.
  if (at < start + head.$size + 4) return [];
  const [sender, number, subaddress, target] = ATM_LENGTHS.map((f, i) => f.read(bytes, start + head.$size + i));
  return [
    [head['src.hw'], first & ATM_LENGTH],
    [head['src.atm_subaddr'], second & ATM_LENGTH],
    [head[isIpv4 && sender === 4 ? 'src.proto_ipv4' : 'src.proto'], sender!],
    [head['dst.hw'], number! & ATM_LENGTH],
    [head['dst.atm_subaddr'], subaddress! & ATM_LENGTH],
    [head[isIpv4 && target === 4 ? 'dst.proto_ipv4' : 'dst.proto'], target!],
  ];
}
