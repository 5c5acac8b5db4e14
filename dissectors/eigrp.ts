import { fold16, sum16 } from '../src/bytes/checksum.ts';
import { bits, type Field, header, ipv4, bytes as raw, u8, u16, u24, u32 } from '../src/bytes/field.ts';
import { protocol, type Visit } from '../src/dissect/protocol.ts';
import { checksumStatus } from './checksum-status.ts';
import { EXTERNALS, eigrpText, OPCODES, RECORDS } from './eigrp/text.ts';
import { inOrder } from './in-order.ts';
import { recordRows } from './records.ts';
import { isFragment } from './udp.ts';

const eigrp = header(
  'eigrp',
  {
    version: u8('Version'),
    opcode: u8('Operation', { names: OPCODES }),
    checksum: u16('Checksum', { base: 'hex' }),
    flags: u32('Flags', { base: 'hex' }),
    'flags.eot': bits('flags', 0x8, 'End of table'),
    'flags.restart': bits('flags', 0x4, 'Restart'),
    'flags.condrecv': bits('flags', 0x2, 'Conditionally received'),
    'flags.init': bits('flags', 0x1, 'Init'),
    seq: u32('Sequence number'),
    ack: u32('Acknowledgment number'),
    vrid: u16('Virtual router'),
    as: u16('Autonomous system'),
  },
  {
    tlv_type: u16('Record type', { base: 'hex', names: RECORDS }),
    'tlv.len': u16('Record length', { unit: 'bytes' }),
    tlv_value: raw('Record value'),
    'par.k1': u8('Weight of the bandwidth'),
    'par.k2': u8('Weight of the load'),
    'par.k3': u8('Weight of the delay'),
    'par.k4': u8('Weight of the reliability'),
    'par.k5': u8('Weight of the MTU'),
    'par.k6': u8('Weight of extensions'),
    'par.holdtime': u16('Hold time', { unit: 'seconds' }),
    'auth.type': u16('Authentication type'),
    'auth.length': u16('Authentication length', { unit: 'bytes' }),
    'auth.keyid': u32('Key'),
    'auth.keyseq': u32('Key sequence'),
    'auth.nullpad': raw('Padding'),
    release_version: u16('Software release', { base: 'hex' }),
    tlv_version: u16('Version of the records', { base: 'hex' }),
    next_mcast_seq: u32('Next multicast sequence'),
    stub_options: u16('Stub options', { base: 'hex' }),
    'ipv4.nexthop': ipv4('Next hop'),
    'extdata.origrid': ipv4('Originating router'),
    'extdata.as': u32('Originating autonomous system'),
    'extdata.tag': u32('Administrative tag'),
    'extdata.metric': u32('External metric'),
    'extdata.reserved': u16('Reserved'),
    'extdata.proto': u8('External protocol', { names: EXTERNALS }),
    'extdata.flags': u8('External flags', { base: 'hex' }),
    'old_metric.delay': u32('Delay', { unit: '10 µs / 256' }),
    'old_metric.bw': u32('Bandwidth', { unit: '256 × 10 Gbit / bit/s' }),
    'old_metric.mtu': u24('MTU', { unit: 'bytes' }),
    'old_metric.hopcount': u8('Hop count', { unit: 'hops' }),
    'old_metric.rel': u8('Reliability', { unit: '1/255' }),
    'old_metric.load': u8('Load', { unit: '1/255' }),
    'old_metric.intag': u8('Internal tag'),
    'old_metric.flags': u8('Flags of the route', { base: 'hex' }),
    'ipv4.prefixlen': u8('Prefix length', { unit: 'bits' }),
    'ipv4.destination': raw('Destination'),
  },
);
const METRIC: readonly Field[] = eigrp.$all.filter((field) => field.name.startsWith('eigrp.old_metric.'));
const EXTERNAL: readonly Field[] = eigrp.$all.filter((field) => field.name.startsWith('eigrp.extdata.'));
const PREFIX = [eigrp['ipv4.prefixlen'], eigrp['ipv4.destination']];
const VALUES: Readonly<Record<number, readonly Field[]>> = {
  1: eigrp.$all.filter((field) => field.name.startsWith('eigrp.par.')),
  2: eigrp.$all.filter((field) => field.name.startsWith('eigrp.auth.')),
  4: [eigrp.release_version, eigrp.tlv_version],
  5: [eigrp.next_mcast_seq],
  6: [eigrp.stub_options],
  258: [eigrp['ipv4.nexthop'], ...METRIC, ...PREFIX],
  259: [eigrp['ipv4.nexthop'], ...EXTERNAL, ...METRIC, ...PREFIX],
};

/** Enhanced Interior Gateway Routing Protocol. */
export const enhancedGateway = protocol(eigrp, {
  title: 'Enhanced Interior Gateway Routing Protocol',
  source: 'RFC 7868',
  summary: 'Cisco EIGRP',
  on: { 'ip.proto': 88 },
  expand(frame, d, visit) {
    const records = { type: eigrp.tlv_type, length: eigrp['tlv.len'], whole: true };
    recordRows(records, frame.bytes, frame.from[d]! + eigrp.$size, frame.limit(d), visit, (type, from, to) =>
      valueRows(type, from, to, visit),
    );
  },
  computed: [checksumStatus('eigrp')],
  check(frame, d) {
    const end = frame.to[d]!;
    if (end > frame.end || isFragment(frame, d)) return;
    frame.verified(d, fold16(sum16(frame.bytes, frame.from[d]!, end)) === 0);
  },
  line: (w, frame, d) => eigrpText(w, frame.from[d]!, frame.claim[d]! - frame.from[d]!),
});
const valueRows = (type: number, from: number, to: number, visit: Visit): number =>
  inOrder(VALUES[type] ?? [eigrp.tlv_value], from, to, visit);
