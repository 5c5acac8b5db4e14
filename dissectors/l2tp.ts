import { bits, header, bytes as raw, u16, u32 } from '../src/bytes/field.ts';
import { read16, u16Kind } from '../src/bytes/kind.ts';
import type { Frame } from '../src/dissect/frame.ts';
import { NONE, type Protocol, protocol, type Visit } from '../src/dissect/protocol.ts';
import { inOrder } from './in-order.ts';
import { AVPS, MESSAGES } from './l2tp/names.ts';
import { l2tpText } from './l2tp/text.ts';
import { part } from './part.ts';

const head = header(
  'l2tp',
  {
    flags: u16('Flags and version', { base: 'hex' }),
    type: bits('flags', 0x8000, 'Type', { names: { 0: 'Data', 1: 'Control' } }),
    length_bit: bits('flags', 0x4000, 'Length present'),
    seq_bit: bits('flags', 0x0800, 'Sequence numbers present'),
    offset_bit: bits('flags', 0x0200, 'Offset present'),
    priority: bits('flags', 0x0100, 'Priority'),
    version: bits('flags', 0x000f, 'Version'),
  },
  {
    length: u16('Length', { unit: 'bytes' }),
    tunnel: u16('Tunnel ID'),
    session: u16('Session ID'),
    ccid: u32('Control connection ID'),
    sid: u32('Session ID', { base: 'hex' }),
    Ns: u16('Sequence number sent'),
    Nr: u16('Sequence number expected'),
    offset: u16('Offset', { unit: 'bytes' }),
    'avp.mandatory': part(u16Kind, 0x8000, 'Mandatory'),
    'avp.hidden': part(u16Kind, 0x4000, 'Hidden'),
    'avp.length': part(u16Kind, 0x03ff, 'AVP length', { unit: 'bytes' }),
    'avp.vendor_id': u16('AVP vendor'),
    'avp.type': u16('AVP type', { names: AVPS }),
    'avp.message_type': u16('Message type', { names: MESSAGES }),
    'avp.value': raw('AVP value'),
  },
);
const FLAG = { control: 0x8000, length: 0x4000, sequence: 0x0800, offset: 0x0200 };
const AVP_HEADER = 6;

/** Layer Two Tunneling Protocol: PPP sessions, and what sets them up. */
export const layerTwoTunnel: Protocol = protocol(head, {
  title: 'Layer Two Tunneling Protocol',
  source: 'RFC 2661, RFC 3931',
  on: { 'udp.port': 1701 },
  step(frame, bytes, at, end) {
    const flags = head.flags.read(bytes, at);
    if ((flags & 0xf) !== 2 || (flags & FLAG.control) !== 0) return NONE;
    const payload = payloadAt(frame, at, flags);
    if (payload < 0) return NONE;
    const claimed = (flags & FLAG.length) === 0 ? end : Math.min(end, at + head.length.read(bytes, at + 2));
    return frame.passOn(frame.registry.id('ppp'), payload, claimed);
  },
  expand(frame, d, visit) {
    const from = frame.from[d]!;
    const end = frame.limit(d);
    const at = walk(frame, from, end, visit);
    if ((head.flags.read(frame.bytes, from) & FLAG.control) !== 0) avpRows(frame.bytes, at, end, visit);
  },
  line: l2tpText,
});
/** Where a message of version 2 has its payload; -1 when the capture ends before that can be known. */
function payloadAt({ bytes, end }: Frame, from: number, flags: number): number {
  const plain = from + 6 + ((flags & FLAG.length) === 0 ? 0 : 2) + ((flags & FLAG.sequence) === 0 ? 0 : 4);
  if ((flags & FLAG.offset) === 0) return plain;
  return plain + 2 > end ? -1 : plain + 2 + read16(bytes, plain);
}

/** Reports the fields that the flags announce. Returns where they end. */
function walk(frame: Frame, from: number, claimed: number, visit: Visit): number {
  const { bytes } = frame;
  const end = Math.min(claimed, frame.end);
  const flags = head.flags.read(bytes, from);
  const version = flags & 0xf;
  if (version === 3 && (flags & FLAG.control) === 0) return inOrder([head.sid], from + head.$size + 2, end, visit);
  const fields = version === 3 ? [head.ccid] : [head.tunnel, head.session];
  if ((flags & FLAG.length) !== 0) fields.unshift(head.length);
  if ((flags & FLAG.sequence) !== 0) fields.push(head.Ns, head.Nr);
  const at = inOrder(fields, from + head.$size, end, visit);
  if ((flags & FLAG.offset) === 0 || version !== 2 || at + 2 > end) return at;
  visit(head.offset, at, at + 2);
  return at + 2 + head.offset.read(bytes, at);
}
/** Attribute-value pairs (RFC 2661 section 4.1). */
function avpRows(bytes: Uint8Array, from: number, end: number, visit: Visit): void {
  for (let at = from; at + AVP_HEADER <= end; ) {
    for (const field of [head['avp.mandatory'], head['avp.hidden'], head['avp.length']]) visit(field, at, at + 2);
    const next = at + head['avp.length'].read(bytes, at);
    inOrder([head['avp.vendor_id'], head['avp.type']], at + 2, end, visit);
    if (next < at + AVP_HEADER || next > end) return;
    const isMessage = next === at + AVP_HEADER + 2 && head['avp.type'].read(bytes, at + 4) === 0;
    if (next > at + AVP_HEADER) visit(isMessage ? head['avp.message_type'] : head['avp.value'], at + AVP_HEADER, next);
    at = next;
  }
}
const SESSION = header('l2tp', { sid: u32('Session ID', { base: 'hex' }) });
/** Version 3 straight on IP; session 0 is for control. tcpdump has no text for it. */
export const layerTwoTunnelOnIp: Protocol = {
  ...protocol(SESSION, {
    title: 'Layer Two Tunneling Protocol on IP',
    source: 'RFC 3931 section 4.1.1',
    on: { 'ip.proto': 115 },
  }),
  name: 'l2tp.ip',
  shownAs: 'l2tp',
};
