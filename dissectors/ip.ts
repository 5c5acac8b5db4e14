import { fold16, shouldBe16, sum16 } from '../src/bytes/checksum.ts';
import { ipv4 as address, bits, header, bytes as raw, u8, u16 } from '../src/bytes/field.ts';
import { literal } from '../src/bytes/text.ts';
import type { Frame } from '../src/dissect/frame.ts';
import type { Line } from '../src/dissect/line.ts';
import { NONE, protocol, table } from '../src/dissect/protocol.ts';
import { checksumStatus } from './checksum-status.ts';
import { notThisVersion } from './ip/bare.ts';
import { ipOptionsText } from './ip/options.ts';
import { IP_PROTOCOLS } from './names/ipprotocols.ts';

export const ip = header(
  'ip',
  {
    first: u8('Version and header length', { base: 'hex' }),
    version: bits('first', 0xf0, 'Version'),
    hdr_len: bits('first', 0x0f, 'Header length', { unit: 'bytes', times: 4 }),
    dsfield: u8('Differentiated services field', { base: 'hex' }),
    'dsfield.dscp': bits('dsfield', 0xfc, 'Differentiated services codepoint'),
    'dsfield.ecn': bits('dsfield', 0x03, 'Explicit congestion notification', {
      names: { 0: 'Not-ECT', 1: 'ECT(1)', 2: 'ECT(0)', 3: 'CE' },
    }),
    len: u16('Total length', { unit: 'bytes' }),
    id: u16('Identification', { base: 'hex' }),
    fragment: u16('Flags and fragment offset', { base: 'hex' }),
    flags: bits('fragment', 0xe000, 'Flags', { base: 'hex' }),
    'flags.rb': bits('fragment', 0x8000, 'Reserved bit'),
    'flags.df': bits('fragment', 0x4000, "Don't fragment"),
    'flags.mf': bits('fragment', 0x2000, 'More fragments'),
    frag_offset: bits('fragment', 0x1fff, 'Fragment offset', { unit: '8 bytes' }),
    ttl: u8('Time to live', { unit: 'hops' }),
    proto: u8('Protocol', { names: IP_PROTOCOLS }),
    checksum: u16('Header checksum', { base: 'hex' }),
    src: address('Source address', { also: 'ip.addr' }),
    dst: address('Destination address', { also: 'ip.addr' }),
  },
  { 'opt.type': u8('Option type'), 'opt.len': u8('Option length', { unit: 'bytes' }), 'opt.data': raw('Option data') },
);
export const ipProto = table('ip.proto', 0x100);
const LINKTYPE_IPV4 = 228;

/** Internet Protocol version 4. */
export const ipv4 = protocol(ip, {
  title: 'Internet Protocol version 4',
  source: 'RFC 791',
  summary: 'Internet Protocol Version 4, Src: {ip.src}, Dst: {ip.dst}',
  on: { link: LINKTYPE_IPV4, ethertype: 0x0800, 'ip.proto': 4, 'llc.dsap': 0x06, 'ppp.protocol': 0x0021 },
  opens: [ipProto],
  ends: [ip.src, ip.dst],
  computed: [checksumStatus('ip')],
  step(frame, bytes, at, end) {
    const headerLength = ip.hdr_len.read(bytes, at);
    if (ip.version.read(bytes, at) !== 4 || headerLength < ip.$size) return frame.malformed();
    const length = ip.len.read(bytes, at);
    // A total length of 0 comes from segmentation offload: the packet was longer than the field can say.
    const claimed = length === 0 ? end : at + length;
    if (length !== 0 && length < headerLength) return frame.malformed();
    const next = at + headerLength;
    // Only the first fragment begins with the next header.
    if (ip.frag_offset.read(bytes, at) !== 0) return frame.passOn(NONE, next, claimed);
    return frame.handOn(ipProto, ip.proto.read(bytes, at), next, claimed);
  },
  expand(frame, d, visit) {
    const { bytes } = frame;
    const start = frame.from[d]!;
    const end = Math.min(start + ip.hdr_len.read(bytes, start), frame.limit(d));
    for (let at = start + ip.$size; at < end; ) {
      visit(ip['opt.type'], at, at + 1);
      // End of list and no-operation are a single byte.
      if (ip['opt.type'].read(bytes, at) < 2) {
        at++;
        continue;
      }
      if (at + 2 > end) return;
      visit(ip['opt.len'], at + 1, at + 2);
      const length = ip['opt.len'].read(bytes, at + 1);
      if (length < 2 || at + length > end) return;
      if (length > 2) visit(ip['opt.data'], at + 2, at + length);
      at += length;
    }
  },
  check(frame, d) {
    const at = frame.from[d]!;
    const end = at + ip.hdr_len.read(frame.bytes, at);
    if (end <= frame.limit(d)) frame.verified(d, fold16(sum16(frame.bytes, at, end)) === 0);
  },
  line(w, frame, d) {
    const at = frame.from[d]!;
    const { bytes } = frame;
    if (d === 0 && notThisVersion(w, frame, d, 4)) return;
    w.label = 'ip';
    const first = w.u8(at);
    if (first >> 4 !== 4) {
      if (w.cut) return;
      if (first >> 4 === 6) w.str('IP6, wrong link-layer encapsulation');
      else {
        w.str('IP');
        w.dec(first >> 4);
      }
      w.invalid();
      return;
    }
    if (!w.link) w.put(IP);
    if (w.limit - at < ip.$size) {
      w.trunc();
      return;
    }
    const available = frame.claim[d]! - at;
    if (available < ip.$size) {
      w.str('truncated-ip ');
      w.dec(available);
      return;
    }
    const headerLength = ip.hdr_len.read(bytes, at);
    if (headerLength < ip.$size) {
      w.str('bad-hlen ');
      w.dec(headerLength);
      return;
    }
    const length = ip.len.read(bytes, at);
    if (available < length) {
      w.str('truncated-ip - ');
      w.dec(length - available);
      w.str(' bytes missing! ');
    }
    // Also 0, which segmentation offload leaves when the packet is longer than the field can say.
    if (length < headerLength) {
      w.str('bad-len ');
      w.dec(length);
      return;
    }
    const outer = w.limit;
    if (at + length < outer) w.limit = at + length;
    const proto = ip.proto.read(bytes, at);
    if (w.verbose === 0 || verboseText(w, frame, d, headerLength))
      payload(w, frame, d, headerLength, length - headerLength, proto);
    w.limit = outer;
  },
});

const IP = literal('IP ');
const COLON = literal(': ');
/** TCP, UDP, SCTP and DCCP print the addresses themselves, joined with their ports. */
export const hasPorts = (proto: number): boolean => proto === 6 || proto === 17 || proto === 132 || proto === 33;

function payload(w: Line, frame: Frame, d: number, headerLength: number, length: number, proto: number): void {
  const at = frame.from[d]!;
  if (ip.frag_offset.read(frame.bytes, at) !== 0) {
    if (w.quiet > 1) return;
    w.addressesOf(frame, d);
    w.str(': ip-proto-');
    w.dec(proto);
    return;
  }
  if (!hasPorts(proto)) {
    w.addressesOf(frame, d);
    w.put(COLON);
  }
  if (w.limit < at + headerLength) {
    w.str(' [remaining caplen(');
    w.dec(w.limit - at);
    w.str(') < header length(');
    w.dec(headerLength);
    w.str(')]');
    w.cutHere();
    return;
  }
  if (w.next(frame, d)) return;
  unknownProtocolText(w, frame, d, proto, length);
}
/** What stands for a payload that nobody reads, of IPv4 and IPv6 alike; `d` is the layer just below it. */
export function unknownProtocolText(w: Line, frame: Frame, d: number, proto: number, length: number): void {
  const label = EMPTY[proto];
  if (label !== undefined && (length === 0 || d + 1 === frame.depth)) {
    // Announced, but there is nothing of it.
    w.label = label;
    emptyText(w, frame, d, proto, length);
    return;
  }
  if (proto === 59) {
    w.str('no next header');
    return;
  }
  w.str(' ip-proto-');
  w.dec(proto);
  w.char(0x20);
  w.dec(length);
}
function emptyText(w: Line, frame: Frame, d: number, proto: number, length: number): void {
  const { protocols } = frame.registry;
  let network = d;
  while (network > 0 && protocols[frame.layer[network]!]!.ends === undefined) network--;
  const version = protocols[frame.layer[network]!]!.name === ip.$name ? 4 : 6;
  if ((VERSIONS[proto] ?? version) !== version) requiresText(w, proto);
  else if (hasPorts(proto)) {
    // Above an extension header UDP leaves the addresses to that, TCP tells them again.
    if (network === d || proto === 6) {
      w.addressesOf(frame, network);
      w.char(0x3a);
      if (proto === 17) w.char(0x20);
    }
    w.trunc();
  } else if (proto === 58 && length === 0) {
    w.str('ICMP6, length 0');
    w.invalid();
  } else w.cutHere();
}
/** The one version of IP that some protocols ride on. */
const VERSIONS: Readonly<Record<number, 4 | 6>> = { 1: 4, 2: 4, 58: 6, 143: 6 };
/** `[ICMP requires IPv4] (invalid)`. */
export function requiresText(w: Line, proto: number): void {
  w.char(0x5b);
  w.str(IP_PROTOCOLS[proto]!);
  w.str(' requires IPv');
  w.dec(VERSIONS[proto]!);
  w.char(0x5d);
  w.invalid();
}
/** tcpdump's names of the protocols that it reads above IP. */
const EMPTY: Readonly<Record<number, string>> = {
  1: 'icmp',
  2: 'igmp',
  4: 'ip',
  6: 'tcp',
  17: 'udp',
  41: 'ip6',
  33: 'dccp',
  47: 'gre',
  50: 'esp',
  51: 'ah',
  58: 'icmp6',
  108: 'ipcomp',
  132: 'sctp',
  88: 'eigrp',
  89: 'ospf2',
  103: 'pim',
  112: 'vrrp',
};

const FRAGMENT_FLAGS = [
  [0x2000, '+'],
  [0x4000, 'DF'],
  [0x8000, 'rsvd'],
] as const;
const ECN = ['', ',ECT(1)', ',ECT(0)', ',CE'] as const;

/** `(tos 0x0, ttl 64, …)` and a new line; false when the line ends here. */
function verboseText(w: Line, frame: Frame, d: number, headerLength: number): boolean {
  const { bytes } = frame;
  const at = frame.from[d]!;
  const tos = ip.dsfield.read(bytes, at);
  w.str('(tos 0x');
  w.hex(tos);
  w.str(ECN[tos & 3]!);
  const ttl = ip.ttl.read(bytes, at);
  if (ttl > 0) {
    w.str(', ttl ');
    w.dec(ttl);
  }
  w.str(', id ');
  w.dec(ip.id.read(bytes, at));
  w.str(', offset ');
  w.dec(ip.frag_offset.read(bytes, at) * 8);
  w.str(', flags [');
  w.flags(FRAGMENT_FLAGS, ip.fragment.read(bytes, at), 'none');
  w.str('], proto ');
  const proto = ip.proto.read(bytes, at);
  w.str(IP_PROTOCOLS[proto] ?? 'unknown');
  w.str(' (');
  w.dec(proto);
  w.str('), length ');
  w.dec(ip.len.read(bytes, at));
  let whole = true;
  if (headerLength > ip.$size) {
    w.str(', options (');
    whole = ipOptionsText(w, at + ip.$size, headerLength - ip.$size);
    if (w.cut) return false;
    if (!whole) w.str(' [truncated-option]');
    w.char(0x29);
  }
  if (w.checksums && at + headerLength <= w.limit) {
    const sum = fold16(sum16(bytes, at, at + headerLength));
    if (sum !== 0) {
      const found = ip.checksum.read(bytes, at);
      w.str(', bad cksum ');
      w.hex(found);
      w.str(' (->');
      w.hex(shouldBe16(found, sum));
      w.str(')!');
    }
  }
  w.str(')\n    ');
  if (whole) return true;
  w.addressesOf(frame, d);
  w.put(COLON);
  w.trunc();
  return false;
}
/** Is the packet at depth `d` the first of several fragments? Its checksum covers bytes that are elsewhere. */
export const moreFragments = (frame: Frame, d: number): boolean =>
  ip['flags.mf'].read(frame.bytes, frame.from[d]!) === 1;
