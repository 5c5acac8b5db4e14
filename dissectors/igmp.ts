import { fold16, sum16 } from '../src/bytes/checksum.ts';
import { bits, type Field, header, ipv4, bytes as raw, u8, u16, u24 } from '../src/bytes/field.ts';
import { NONE, protocol, table, type Visit } from '../src/dissect/protocol.ts';
import { checksumStatus } from './checksum-status.ts';
import { igmpText, RECORDS } from './igmp/text.ts';
import { inOrder } from './in-order.ts';
import { isFragment } from './udp.ts';

const TYPES = {
  17: 'Membership query',
  18: 'Version 1 membership report',
  19: 'DVMRP',
  20: 'PIM version 1',
  22: 'Version 2 membership report',
  23: 'Leave group',
  30: 'Multicast traceroute response',
  31: 'Multicast traceroute',
  34: 'Version 3 membership report',
};
const head = header(
  'igmp',
  {
    type: u8('Type', { base: 'hex', names: TYPES }),
    // In seconds: a tenth of it, and from 128 on a small floating-point number (RFC 3376 section 4.1.1).
    max_resp: u8('Maximum response code'),
    checksum: u16('Checksum', { base: 'hex' }),
  },
  {
    maddr: ipv4('Group'),
    flags: u8('Query flags', { base: 'hex' }),
    s: bits('flags', 0x08, 'Suppress router-side processing'),
    qrv: bits('flags', 0x07, "Querier's robustness"),
    qqic: u8("Querier's query interval code"),
    num_src: u16('Number of sources'),
    saddr: ipv4('Source'),
    num_grp_recs: u16('Number of group records'),
    record_type: u8('Record type', { names: RECORDS }),
    aux_data_len: u8('Auxiliary data length', { unit: '32-bit words' }),
    aux_data: raw('Auxiliary data'),
    'mtrace.saddr': ipv4('Traced source'),
    'mtrace.raddr': ipv4('Traced receiver'),
    'mtrace.rspaddr': ipv4('Address for the response'),
    'mtrace.resp_ttl': u8('Time to live of the response', { unit: 'hops' }),
    'mtrace.q_id': u24('Query ID'),
  },
);
/** Keyed by type: routing protocols that were given types of IGMP instead of a protocol number. */
export const igmpType = table('igmp.type', 0x100);
const HEADER = 8;
const QUERY = 0x11;
const REPORT_V3 = 0x22;
const RESPONSE = 0x1e;
const TRACEROUTE = 0x1f;
const QUERY_V3 = [head.flags, head.s, head.qrv, head.qqic, head.num_src] as const;
const RECORD = [head.record_type, head.aux_data_len, head.num_src, head.maddr] as const;
const TRACE: readonly Field[] = [
  head.maddr,
  head['mtrace.saddr'],
  head['mtrace.raddr'],
  head['mtrace.rspaddr'],
  head['mtrace.resp_ttl'],
  head['mtrace.q_id'],
];

/** Internet Group Management Protocol, versions 1 to 3. */
export const igmp = protocol(head, {
  title: 'Internet Group Management Protocol',
  source: 'RFC 3376, RFC 2236, RFC 1112',
  on: { 'ip.proto': 2 },
  opens: [igmpType],
  step(frame, bytes, at, end) {
    const id = frame.handOn(igmpType, head.type.read(bytes, at), at + HEADER, end);
    // IGMP's own messages are no payload.
    return id === NONE ? frame.passOn(NONE, at, at) : id;
  },
  expand(frame, d, visit) {
    const { bytes } = frame;
    const at = frame.from[d]!;
    const type = head.type.read(bytes, at);
    const end = frame.limit(d);
    const body = at + head.$size;
    if (type === REPORT_V3) reportRows(bytes, body, end, visit);
    else if (type === RESPONSE || type === TRACEROUTE) inOrder(TRACE, body, end, visit);
    else if (type === QUERY) {
      const sources = inOrder(QUERY_V3, inOrder([head.maddr], body, end, visit), end, visit);
      if (sources < end) sourceRows(sources, head.num_src.read(bytes, sources - 2), end, visit);
    } else inOrder([head.maddr], body, end, visit);
  },
  computed: [checksumStatus('igmp')],
  check(frame, d) {
    const at = frame.from[d]!;
    const end = frame.to[d]!;
    if (end > frame.end || isFragment(frame, d)) return;
    frame.verified(d, fold16(sum16(frame.bytes, at, end)) === 0);
  },
  line: igmpText,
});

/** Reports up to `count` source addresses; returns where they end. */
function sourceRows(from: number, count: number, end: number, visit: Visit): number {
  const to = from + count * 4;
  for (let at = from; at < to && at + 4 <= end; at += 4) visit(head.saddr, at, at + 4);
  return to;
}
/** RFC 3376 section 4.2. */
function reportRows(bytes: Uint8Array, from: number, end: number, visit: Visit): void {
  // Two bytes are reserved.
  let at = inOrder([head.num_grp_recs], from + 2, end, visit);
  while (at + 8 <= end) {
    const sources = inOrder(RECORD, at, end, visit);
    const data = sourceRows(sources, head.num_src.read(bytes, at + 2), end, visit);
    const next = data + head.aux_data_len.read(bytes, at + 1) * 4;
    if (next > data && next <= end) visit(head.aux_data, data, next);
    at = next;
  }
}
