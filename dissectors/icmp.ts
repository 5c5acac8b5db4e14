import { fold16, sum16 } from '../src/bytes/checksum.ts';
import { bits, type Field, header, ipv4, bytes as raw, u8, u16, u24, u32 } from '../src/bytes/field.ts';
import { NONE, protocol, type Visit } from '../src/dissect/protocol.ts';
import { FLAG } from '../src/frame/batch.ts';
import { checksumStatus } from './checksum-status.ts';
import { echoComputed, echoExchange } from './icmp/echo.ts';
import { LEGACY_EXTENSION, MPLS } from './icmp/extension-text.ts';
import { icmpText, isMultipart, isQuote, QUOTE } from './icmp/text.ts';
import { inOrder } from './in-order.ts';
import { ipProto } from './ip.ts';
import { isFragment } from './udp.ts';

const TYPES = {
  0: 'Echo reply',
  3: 'Destination unreachable',
  4: 'Source quench',
  5: 'Redirect',
  8: 'Echo request',
  9: 'Router advertisement',
  10: 'Router solicitation',
  11: 'Time exceeded',
  12: 'Parameter problem',
  13: 'Timestamp request',
  14: 'Timestamp reply',
  15: 'Information request',
  16: 'Information reply',
  17: 'Address mask request',
  18: 'Address mask reply',
  30: 'Traceroute',
  42: 'Extended echo request',
  43: 'Extended echo reply',
};
const head = header(
  'icmp',
  { type: u8('Type', { names: TYPES }), code: u8('Code'), checksum: u16('Checksum', { base: 'hex' }) },
  {
    ident: u16('Identifier'),
    seq: u16('Sequence number'),
    length: u8('Length of the quoted packet', { unit: '32-bit words' }),
    mtu: u16('MTU of the next hop', { unit: 'bytes' }),
    pointer: u8('Offset of the problem', { unit: 'bytes' }),
    redir_gw: ipv4('Gateway'),
    num_addrs: u8('Number of addresses'),
    addr_entry_size: u8('Size of an address entry', { unit: '32-bit words' }),
    lifetime: u16('Lifetime', { unit: 's' }),
    router_address: ipv4('Router'),
    pref_level: u32('Preference'),
    originate_timestamp: u32('Sent', { unit: 'ms since midnight' }),
    receive_timestamp: u32('Received', { unit: 'ms since midnight' }),
    transmit_timestamp: u32('Answered', { unit: 'ms since midnight' }),
    address_mask: ipv4('Address mask'),
    'ext.echo.seq': u8('Sequence number'),
    ext: u16('Extension version and reserved bits', { base: 'hex' }),
    'ext.version': bits('ext', 0xf000, 'Extension version'),
    'ext.checksum': u16('Extension checksum', { base: 'hex' }),
    'ext.length': u16('Object length', { unit: 'bytes' }),
    'ext.class': u8('Object class', {
      names: { 1: 'MPLS label stack', 2: 'Interface', 3: 'Interface identification' },
    }),
    'ext.ctype': u8('Object type'),
    'ext.data': raw('Object data'),
    'mpls.entry': u24('Label, class and stack bit', { base: 'hex' }),
    'mpls.label': bits('mpls.entry', 0xff_fff0, 'Label'),
    'mpls.exp': bits('mpls.entry', 0x0e, 'Traffic class'),
    'mpls.s': bits('mpls.entry', 0x01, 'Bottom of the stack'),
    'mpls.ttl': u8('Time to live', { unit: 'hops' }),
  },
);
const ECHO = [head.ident, head.seq];
/** What follows these is the sender's own. */
const ECHOES: ReadonlySet<number> = new Set([0, 8]);
const ECHO_SIZE = 8;
const TIMES = [...ECHO, head.originate_timestamp, head.receive_timestamp, head.transmit_timestamp];
/** What follows the checksum, by type. */
const BODIES: Readonly<Record<number, readonly Field[]>> = {
  0: ECHO,
  5: [head.redir_gw],
  8: ECHO,
  9: [head.num_addrs, head.addr_entry_size, head.lifetime],
  12: [head.pointer],
  13: TIMES,
  14: TIMES,
  15: ECHO,
  16: ECHO,
  17: [...ECHO, head.address_mask],
  18: [...ECHO, head.address_mask],
  42: [head.ident, head['ext.echo.seq']],
  43: [head.ident, head['ext.echo.seq']],
};

/** Internet Control Message Protocol. An error quotes the packet that it is about: a further IPv4 layer. */
export const icmp = protocol(head, {
  title: 'Internet Control Message Protocol',
  source: 'RFC 792, RFC 950, RFC 1256, RFC 4884',
  on: { 'ip.proto': 1 },
  spansPayload: true,
  computed: [checksumStatus('icmp'), ...echoComputed('icmp')],
  exchange: echoExchange(8, 0),
  step(frame, bytes, at, end) {
    const type = head.type.read(bytes, at);
    if (ECHOES.has(type)) return frame.passOn(NONE, at + ECHO_SIZE, end);
    if (!isQuote(type)) return NONE;
    const extension = extensionAt(bytes, at, Math.min(end, frame.end));
    return frame.handOn(ipProto, IPV4, at + QUOTE, extension > 0 ? extension : end);
  },
  expand(frame, d, visit) {
    const { bytes } = frame;
    const at = frame.from[d]!;
    const end = frame.limit(d);
    const type = head.type.read(bytes, at);
    const body = inOrder(BODIES[type] ?? [], at + head.$size, end, visit);
    if (type === ROUTERS) routerRows(body, end, visit);
    if (!isMultipart(type)) return;
    // One byte is unused; in a parameter problem it is the pointer.
    inOrder(head.code.read(bytes, at) === NEED_TO_FRAGMENT && type === 3 ? TOO_BIG : QUOTED, at + 5, end, visit);
    const extension = extensionAt(bytes, at, end);
    if (extension > 0) objectRows(bytes, extension, end, visit);
  },
  check(frame, d) {
    // What an error quotes is mostly cut.
    const end = frame.claim[d]!;
    if ((frame.flags & FLAG.checksumNotReady) !== 0 || frame.limit(d) < end || isFragment(frame, d)) return;
    frame.verified(d, fold16(sum16(frame.bytes, frame.from[d]!, end)) === 0);
  },
  line: icmpText,
});
const IPV4 = 4;
const ROUTERS = 9;
const NEED_TO_FRAGMENT = 4;
const QUOTED = [head.length];
const TOO_BIG = [head.length, head.mtu];
const ENTRY = [head['mpls.entry'], head['mpls.label'], head['mpls.exp'], head['mpls.s'], head['mpls.ttl']];

/**
 * Where the extensions begin (RFC 4884 section 4), or 0 when there are none. Routers that do not tell how long the
 * quote is put them behind 128 bytes of it: there only the checksum tells them from the quoted packet (section 5.5).
 */
function extensionAt(bytes: Uint8Array, at: number, end: number): number {
  if (!isMultipart(head.type.read(bytes, at)) || at + QUOTE > end) return 0;
  const words = head.length.read(bytes, at + 5);
  const start = at + (words > 0 ? QUOTE + words * 4 : LEGACY_EXTENSION);
  if (start + 4 > end || head['ext.version'].read(bytes, start) !== 2) return 0;
  return words > 0 || fold16(sum16(bytes, start, end)) === 0 ? start : 0;
}
function routerRows(from: number, end: number, visit: Visit): void {
  for (let at = from; at < end; ) at = inOrder([head.router_address, head.pref_level], at, end, visit);
}
function objectRows(bytes: Uint8Array, from: number, end: number, visit: Visit): void {
  const { 'ext.length': length, 'ext.class': kind, 'ext.ctype': subtype } = head;
  let at = inOrder([head.ext, head['ext.version'], head['ext.checksum']], from, end, visit);
  while (at + 4 <= end) {
    const data = inOrder([length, kind, subtype], at, end, visit);
    const next = at + length.read(bytes, at);
    if (next < data || next > end) return;
    if (kind.read(bytes, at + 2) === MPLS && subtype.read(bytes, at + 3) === 1)
      for (let entry = data; entry < next; ) entry = inOrder(ENTRY, entry, next, visit);
    else if (next > data) visit(head['ext.data'], data, next);
    at = next;
  }
}
