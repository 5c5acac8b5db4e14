import { header, bytes as raw, text, u8, u16, u16le, u32, u64 } from '../src/bytes/field.ts';
import { read16le } from '../src/bytes/kind.ts';
import type { Frame } from '../src/dissect/frame.ts';
import type { Line } from '../src/dissect/line.ts';
import { NONE, protocol } from '../src/dissect/protocol.ts';
import { nothingOf } from './announced.ts';
import { etherType } from './eth.ts';

const FAMILIES: Readonly<Record<number, string>> = { 2: 'IPv4', 10: 'IPv6' };
const HOOKS = { 0: 'Prerouting', 1: 'Input', 2: 'Forward', 3: 'Output', 4: 'Postrouting' };
const ATTRIBUTES = {
  1: 'Packet header',
  2: 'Mark',
  3: 'Timestamp',
  4: 'Input device',
  5: 'Output device',
  6: 'Physical input device',
  7: 'Physical output device',
  8: 'Hardware address',
  9: 'Payload',
  10: 'Prefix',
  11: 'User',
  12: 'Sequence number',
  13: 'Global sequence number',
  14: 'Group',
  15: 'Hardware type',
  16: 'Hardware header',
  17: 'Hardware header length',
};
/** Lengths and types of the attributes are in the order of the machine that captured; nearly always little endian. */
const head = header(
  'nflog',
  { family: u8('Family', { names: FAMILIES }), version: u8('Version'), res_id: u16('Group') },
  {
    tlv_length: u16le('Attribute length', { unit: 'bytes' }),
    tlv_type: u16le('Attribute', { names: ATTRIBUTES }),
    tlv_value: raw('Value'),
    protocol: u16('Protocol', { base: 'hex' }),
    hook: u8('Hook', { names: HOOKS }),
    ifindex_indev: u32('Input device'),
    ifindex_outdev: u32('Output device'),
    ifindex_physindev: u32('Physical input device'),
    ifindex_physoutdev: u32('Physical output device'),
    prefix: text('Prefix'),
    uid: u32('User'),
    gid: u32('Group of the user'),
    timestamp: u64('Timestamp', { unit: 'seconds' }),
  },
);
const VALUES = {
  4: head.ifindex_indev,
  5: head.ifindex_outdev,
  6: head.ifindex_physindev,
  7: head.ifindex_physoutdev,
  10: head.prefix,
  11: head.uid,
  14: head.gid,
} as const;
const PACKET_HEADER = 1;
const PAYLOAD = 9;
const TLV = 4;
const ETHERTYPES: Readonly<Record<number, number>> = { 2: 0x0800, 10: 0x86dd };

/** What a rule of netfilter logged: the packet, and what was known of it. */
export const netfilterLog = protocol(head, {
  title: 'Linux netfilter log',
  source: 'LINKTYPE_NFLOG, linux/netfilter/nfnetlink_log.h',
  link: true,
  on: { link: 239 },
  step(frame, bytes, at, end) {
    const type = ETHERTYPES[head.family.read(bytes, at)];
    const payload = payloadAt(frame, at + head.$size, Math.min(end, frame.end));
    if (type === undefined || payload < 0) return NONE;
    const claimed = payload - TLV + read16le(bytes, payload - TLV);
    return frame.handOn(etherType, type, payload, Math.min(end, claimed));
  },
  expand(frame, d, visit) {
    const { bytes } = frame;
    const end = frame.limit(d);
    for (let at = frame.from[d]! + head.$size; at + TLV <= end; ) {
      visit(head.tlv_length, at, at + 2);
      visit(head.tlv_type, at + 2, at + TLV);
      const size = read16le(bytes, at);
      const value = at + TLV;
      const next = at + size;
      if (size < TLV || next > end) return;
      const type = read16le(bytes, at + 2);
      const field = VALUES[type as keyof typeof VALUES];
      if (type === PACKET_HEADER && size >= TLV + 3) {
        visit(head.protocol, value, value + 2);
        visit(head.hook, value + 2, value + 3);
      } else if (field !== undefined && next > value && (field.size === 0 || value + field.size === next))
        visit(field, value, next);
      else if (type !== PAYLOAD && next > value) visit(head.tlv_value, value, next);
      at += (size + 3) & ~3;
    }
  },
  line,
});
/** Where the payload is; -1 when no attribute holds one. */
function payloadAt({ bytes }: Frame, from: number, end: number): number {
  for (let at = from; at + TLV <= end; ) {
    const size = (read16le(bytes, at) + 3) & ~3;
    if (read16le(bytes, at + 2) === PAYLOAD) return size >= TLV && at + size <= end + 3 ? at + TLV : -1;
    if (size < TLV) return -1;
    at += size;
  }
  return -1;
}

function line(w: Line, frame: Frame, d: number): void {
  const from = frame.from[d]!;
  w.label = 'nflog';
  w.linkHeader = Math.min(head.$size, w.limit - from);
  if (!w.has(from, head.$size)) {
    w.trunc();
    return;
  }
  const version = w.u8(from + 1);
  if (version !== 0) {
    w.str(`version ${version} (unknown)`);
    return;
  }
  const length = frame.claim[d]! - from;
  if (w.link) headerText(w, from, length);
  let at = from + head.$size;
  let left = length - head.$size;
  while (left > 0) {
    const size = w.has(at, TLV) ? (read16le(frame.bytes, at) + 3) & 0xfffc : 0;
    if (size < TLV || !w.has(at, size)) {
      w.trunc();
      w.linkHeader = at - from;
      return;
    }
    const isPayload = read16le(frame.bytes, at + 2) === PAYLOAD;
    at += isPayload ? TLV : size;
    left -= isPayload ? TLV : size;
    if (isPayload) break;
  }
  w.linkHeader = at - from;
  payloadText(w, frame, d, at, left);
}
function payloadText(w: Line, frame: Frame, d: number, at: number, left: number): void {
  const family = w.u8(frame.from[d]!);
  const type = ETHERTYPES[family];
  if (type !== undefined) {
    if (!w.next(frame, d)) nothingOf(w, type, at);
    return;
  }
  if (!w.link) headerText(w, frame.from[d]!, left + head.$size);
  if (w.dumps) w.hexDump(at, w.limit, true);
}
function headerText(w: Line, at: number, length: number): void {
  const family = w.u8(at);
  w.str(`version ${w.u8(at + 1)}, resource ID ${w.u16(at + 2)}, `);
  if (w.quiet === 0) w.str(`family ${FAMILIES[family] ?? 'Unknown'} (${family})`);
  else w.named(FAMILIES, family, 'Unknown NFLOG (0x%02x)');
  w.str(`, length ${length}: `);
}
