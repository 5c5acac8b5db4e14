import { fold16, sum16 } from '../src/bytes/checksum.ts';
import { bits, type Field, header, bytes as raw, u8, u16, u32 } from '../src/bytes/field.ts';
import { read8 } from '../src/bytes/kind.ts';
import type { Frame } from '../src/dissect/frame.ts';
import { NONE, type Protocol, protocol, type Visit } from '../src/dissect/protocol.ts';
import { checksumStatus } from './checksum-status.ts';
import { etherType } from './eth.ts';
import { carriedName } from './gre/carried.ts';
import { BRIDGED, greText } from './gre/text.ts';
import { inOrder } from './in-order.ts';
import { ETHERTYPES } from './names/ethertypes.ts';
import { isFragment } from './udp.ts';

const head = header(
  'gre',
  {
    flags_and_version: u16('Flags and version', { base: 'hex' }),
    'flags.checksum': bits('flags_and_version', 0x8000, 'Checksum present'),
    'flags.routing': bits('flags_and_version', 0x4000, 'Routing present'),
    'flags.key': bits('flags_and_version', 0x2000, 'Key present'),
    'flags.sequence_number': bits('flags_and_version', 0x1000, 'Sequence number present'),
    'flags.strict_source_route': bits('flags_and_version', 0x0800, 'Strict source route'),
    'flags.recursion_control': bits('flags_and_version', 0x0700, 'Recursion control'),
    'flags.ack': bits('flags_and_version', 0x0080, 'Acknowledgment present'),
    'flags.version': bits('flags_and_version', 0x0007, 'Version'),
    proto: u16('Protocol type', { base: 'hex', names: ETHERTYPES }),
  },
  {
    checksum: u16('Checksum', { base: 'hex' }),
    offset: u16('Offset of the active source route', { unit: 'bytes' }),
    key: u32('Key', { base: 'hex' }),
    'key.payload_length': u16('Payload length', { unit: 'bytes' }),
    'key.call_id': u16('Call ID'),
    sequence_number: u32('Sequence number'),
    ack_number: u32('Acknowledgment number'),
    'routing.address_family': u16('Address family', { base: 'hex' }),
    'routing.sre_offset': u8('Offset of the active hop', { unit: 'bytes' }),
    'routing.src_length': u8('Length of the hops', { unit: 'bytes' }),
    'routing.information': raw('Hops'),
  },
);
const CHECKSUM = 0x8000;
const ROUTING = 0x4000;
const KEY = 0x2000;
const SEQUENCE = 0x1000;
const ACK = 0x0080;
const VERSION = 0x0007;
/** Cisco's web caches: IPv4, since version 2 with four bytes of its own in front. */
const WCCP = 0x883e;
const WCCP_SIZE = 4;
const IPV4 = 0x0800;
const redirected = (frame: Frame, at: number): number =>
  at < frame.end && read8(frame.bytes, at) >> 4 !== 4 ? at + WCCP_SIZE : at;
const greSummary = (frame: Frame, d: number): string =>
  `Generic Routing Encapsulation (${carriedName(head.proto.read(frame.bytes, frame.from[d]!)) ?? '{gre.proto:X} - unknown'})`;
const isEnhanced = (flags: number): boolean => (flags & VERSION) === 1;

/** Generic Routing Encapsulation: an EtherType and what it announces, in IP. Version 1 is PPTP's. */
export const gre = protocol(head, {
  title: 'Generic Routing Encapsulation',
  source: 'RFC 2784, RFC 2890, RFC 1701, RFC 2637',
  summary: greSummary,
  on: { 'ip.proto': 47 },
  spansPayload: true,
  step(frame, bytes, at, end) {
    const flags = head.flags_and_version.read(bytes, at);
    // PPTP acknowledges in messages without a payload, which have no sequence number (RFC 2637 section 4.1).
    if ((flags & VERSION) > 1 || (isEnhanced(flags) && (flags & SEQUENCE) === 0)) return NONE;
    const payload = payloadAt(bytes, at, flags, Math.min(end, frame.end));
    const claimed = frame.claim[frame.depth - 1]!;
    const proto = head.proto.read(bytes, at);
    if (proto === BRIDGED) return frame.passOn(frame.registry.id('eth'), payload, claimed);
    if (proto === WCCP) return frame.handOn(etherType, IPV4, redirected(frame, payload), claimed);
    return frame.handOn(etherType, proto, payload, claimed);
  },
  expand(frame, d, visit) {
    const { bytes } = frame;
    const at = frame.from[d]!;
    const flags = head.flags_and_version.read(bytes, at);
    const end = frame.limit(d);
    const route = inOrder(announced(flags), at + head.$size, end, visit);
    if (!isEnhanced(flags) && (flags & ROUTING) !== 0) routeRows(bytes, route, end, visit);
  },
  computed: [checksumStatus('gre', hasPlace)],
  check(frame, d) {
    const at = frame.from[d]!;
    const end = frame.to[d]!;
    const flags = head.flags_and_version.read(frame.bytes, at);
    if ((flags & CHECKSUM) === 0 || !hasPlace(frame, d) || end > frame.end || isFragment(frame, d)) return;
    frame.verified(d, fold16(sum16(frame.bytes, at, end)) === 0);
  },
  line: greText,
});

/** For a checksum, which then need not be there; the enhanced header of PPTP has none. */
function hasPlace(frame: Frame, d: number): boolean {
  const flags = head.flags_and_version.read(frame.bytes, frame.from[d]!);
  return (flags & (CHECKSUM | ROUTING)) !== 0 && (flags & VERSION) === 0;
}

/** In UDP, of which tcpdump knows nothing. */
export const greInUdp: Protocol = {
  ...protocol(head, {
    title: 'Generic Routing Encapsulation in UDP',
    source: 'RFC 8086',
    summary: greSummary,
    on: { 'udp.port': 4754 },
    step: gre.step,
    ...(gre.expand === undefined ? {} : { expand: gre.expand }),
  }),
  name: 'gre.udp',
  shownAs: head.$name,
};

/** The optional fields of these flags, in wire order, source routes left out. */
function announced(flags: number): Field[] {
  const fields: Field[] = [];
  const enhanced = isEnhanced(flags);
  if (!enhanced && (flags & (CHECKSUM | ROUTING)) !== 0) fields.push(head.checksum, head.offset);
  if ((flags & KEY) !== 0) fields.push(...(enhanced ? [head['key.payload_length'], head['key.call_id']] : [head.key]));
  if ((flags & SEQUENCE) !== 0) fields.push(head.sequence_number);
  if (enhanced && (flags & ACK) !== 0) fields.push(head.ack_number);
  return fields;
}
/** Each flag stands for four bytes; source routes for as many as it takes to come to an empty one. */
function payloadAt(bytes: Uint8Array, at: number, flags: number, end: number): number {
  let next = at + head.$size;
  if ((flags & KEY) !== 0) next += 4;
  if ((flags & SEQUENCE) !== 0) next += 4;
  if (isEnhanced(flags)) return (flags & ACK) !== 0 ? next + 4 : next;
  if ((flags & (CHECKSUM | ROUTING)) !== 0) next += 4;
  return (flags & ROUTING) !== 0 ? routeRows(bytes, next, end, nobody) : next;
}
const ROUTE = [head['routing.address_family'], head['routing.sre_offset'], head['routing.src_length']] as const;
const nobody: Visit = () => {};
/** RFC 1701's source routes. Returns where they end. */
function routeRows(bytes: Uint8Array, from: number, end: number, visit: Visit): number {
  for (let at = from; at + 4 <= end; ) {
    const hops = inOrder(ROUTE, at, end, visit);
    const size = head['routing.src_length'].read(bytes, at + 3);
    if (size === 0 && head['routing.address_family'].read(bytes, at) === 0) return hops;
    at = hops + size;
    if (size > 0 && at <= end) visit(head['routing.information'], hops, at);
  }
  return end;
}
