import { bits, type Field, header, ipv4, ipv6, bytes as raw, u8, u16, u32 } from '../src/bytes/field.ts';
import { read8, read16 } from '../src/bytes/kind.ts';
import { protocol, type Visit } from '../src/dissect/protocol.ts';
import { inOrder } from './in-order.ts';
import { CLASSES, MESSAGES, RECORDS } from './ldp/names.ts';
import { ldpText } from './ldp/text.ts';
import { FAMILIES } from './names/families.ts';
import { repeatedRows } from './records.ts';

const ldp = header(
  'ldp',
  // Several units may follow each other.
  {},
  {
    'hdr.version': u16('Version'),
    'hdr.pdu_len': u16('Length', { unit: 'bytes' }),
    'hdr.ldpid.lsr': ipv4('Router'),
    'hdr.ldpid.lsid': u16('Label space'),
    'msg.first': u16('Message type and flag', { base: 'hex' }),
    'msg.ubit': bits('msg.first', 0x8000, 'Passed over when unknown'),
    'msg.type': bits('msg.first', 0x7fff, 'Message', { base: 'hex', names: MESSAGES }),
    'msg.len': u16('Message length', { unit: 'bytes' }),
    'msg.id': u32('Message ID', { base: 'hex' }),
    'msg.tlv.first': u16('Record type and flags', { base: 'hex' }),
    'msg.tlv.unknown': bits('msg.tlv.first', 0xc000, 'What to do when unknown'),
    'msg.tlv.type': bits('msg.tlv.first', 0x3fff, 'Record', { base: 'hex', names: RECORDS }),
    'msg.tlv.len': u16('Record length', { unit: 'bytes' }),
    'msg.tlv.value': raw('Record value'),
    'msg.tlv.hello.hold': u16('Hold time', { unit: 'seconds' }),
    'msg.tlv.hello.flags': u16('Hello flags', { base: 'hex' }),
    'msg.tlv.hello.targeted': bits('msg.tlv.hello.flags', 0x8000, 'Targeted'),
    'msg.tlv.hello.requested': bits('msg.tlv.hello.flags', 0x4000, 'Requests targeted hellos'),
    'msg.tlv.ipv4.taddr': ipv4('Transport address'),
    'msg.tlv.ipv6.taddr': ipv6('Transport address'),
    'msg.tlv.hello.cnf_seqno': u32('Configuration sequence number'),
    'msg.tlv.fec.type': u8('Class', { names: CLASSES }),
    'msg.tlv.fec.af': u16('Address family', { names: FAMILIES }),
    'msg.tlv.fec.len': u8('Prefix length', { unit: 'bits' }),
    'msg.tlv.fec.pfval': raw('Prefix'),
    'msg.tlv.addrl.addr_family': u16('Address family', { names: FAMILIES }),
    'msg.tlv.addrl.ipv4': ipv4('Address'),
    'msg.tlv.addrl.ipv6': ipv6('Address'),
    'msg.tlv.generic.label': u32('Label'),
    'msg.tlv.sess.ver': u16('Session version'),
    'msg.tlv.sess.ka': u16('Keepalive time', { unit: 'seconds' }),
    'msg.tlv.sess.flags': u8('Session flags', { base: 'hex' }),
    'msg.tlv.sess.pvlim': u8('Path vector limit'),
    'msg.tlv.sess.mxpdu': u16('Maximum length', { unit: 'bytes' }),
    'msg.tlv.sess.rxlsr': ipv4('Receiving router'),
    'msg.tlv.sess.rxls': u16('Receiving label space'),
    'msg.tlv.status.first': u32('Status and flags', { base: 'hex' }),
    'msg.tlv.status.data': bits('msg.tlv.status.first', 0x3fff_ffff, 'Status', { base: 'hex' }),
    'msg.tlv.status.msg.id': u32('Causing message', { base: 'hex' }),
    'msg.tlv.status.msg.type': u16('Type of the causing message', { base: 'hex' }),
    'msg.tlv.ft_sess.flags': u16('Fault tolerance flags', { base: 'hex' }),
    'msg.tlv.ft_sess.res': u16('Reserved'),
    'msg.tlv.ft_sess.reconn_to': u32('Reconnect timeout', { unit: 'milliseconds' }),
    'msg.tlv.ft_sess.recovery_time': u32('Recovery time', { unit: 'milliseconds' }),
  },
);
const SIZE = 10;
const HEAD = [ldp['hdr.version'], ldp['hdr.pdu_len'], ldp['hdr.ldpid.lsr'], ldp['hdr.ldpid.lsid']];
const MESSAGE = [ldp['msg.first'], ldp['msg.ubit'], ldp['msg.type'], ldp['msg.len'], ldp['msg.id']];
const RECORD = [ldp['msg.tlv.first'], ldp['msg.tlv.unknown'], ldp['msg.tlv.type'], ldp['msg.tlv.len']];
const all = (start: string): Field[] => ldp.$all.filter(({ name }) => name.startsWith(`ldp.msg.tlv.${start}.`));
const VALUES: Readonly<Record<number, readonly Field[]>> = {
  512: [ldp['msg.tlv.generic.label']],
  768: [
    ...[ldp['msg.tlv.status.first'], ldp['msg.tlv.status.data'], ldp['msg.tlv.status.msg.id']],
    ldp['msg.tlv.status.msg.type'],
  ],
  1024: all('hello').filter(({ name }) => !name.endsWith('cnf_seqno')),
  1025: [ldp['msg.tlv.ipv4.taddr']],
  1026: [ldp['msg.tlv.hello.cnf_seqno']],
  1027: [ldp['msg.tlv.ipv6.taddr']],
  1280: all('sess'),
  1283: all('ft_sess'),
};

/** Label Distribution Protocol: hellos over UDP, sessions over TCP. */
export const labelDistribution = protocol(ldp, {
  title: 'Label Distribution Protocol',
  source: 'RFC 5036',
  on: { 'udp.port': 646, 'tcp.port': 646 },
  expand(frame, d, visit) {
    const { bytes } = frame;
    const end = frame.limit(d);
    for (let at = frame.from[d]!; at + SIZE <= end; ) {
      inOrder(HEAD, at, end, visit);
      const next = at + 4 + read16(bytes, at + 2);
      if (next < at + SIZE) return;
      messageRows(bytes, at + SIZE, Math.min(next, end), visit);
      at = next;
    }
  },
  line: (w, frame, d) => ldpText(w, frame.from[d]!, frame.claim[d]! - frame.from[d]!),
});
function messageRows(bytes: Uint8Array, from: number, end: number, visit: Visit): void {
  for (let at = from; at + 8 <= end; ) {
    const records = inOrder(MESSAGE, at, end, visit);
    at += 4 + read16(bytes, at + 2);
    if (at < records) return;
    recordRows(bytes, records, Math.min(at, end), visit);
  }
}
function recordRows(bytes: Uint8Array, from: number, end: number, visit: Visit): void {
  for (let at = from; at + 4 <= end; ) {
    const value = inOrder(RECORD, at, end, visit);
    const type = read16(bytes, at) & 0x3fff;
    at = value + read16(bytes, at + 2);
    if (at > end) return;
    if (type === 0x0100) classRows(bytes, value, at, visit);
    else if (type === 0x0101) addressRows(bytes, value, at, visit);
    else inOrder(VALUES[type] ?? [ldp['msg.tlv.value']], value, at, visit);
  }
}
function addressRows(bytes: Uint8Array, from: number, end: number, visit: Visit): void {
  const at = inOrder([ldp['msg.tlv.addrl.addr_family']], from, end, visit);
  if (at >= end) return;
  const family = read16(bytes, from);
  if (family === 1) repeatedRows(ldp['msg.tlv.addrl.ipv4'], at, end, visit);
  else if (family === 2) repeatedRows(ldp['msg.tlv.addrl.ipv6'], at, end, visit);
}
const PREFIX = [ldp['msg.tlv.fec.type'], ldp['msg.tlv.fec.af'], ldp['msg.tlv.fec.len']];
/** Forwarding equivalence classes: prefixes, and what comes after them. */
function classRows(bytes: Uint8Array, from: number, end: number, visit: Visit): void {
  let at = from;
  while (at + 4 <= end && read8(bytes, at) === 2) {
    const prefix = inOrder(PREFIX, at, end, visit);
    const next = prefix + Math.ceil(read8(bytes, at + 3) / 8);
    if (next > end) return;
    if (next > prefix) visit(ldp['msg.tlv.fec.pfval'], prefix, next);
    at = next;
  }
  inOrder([ldp['msg.tlv.fec.type'], ldp['msg.tlv.value']], at, end, visit);
}
