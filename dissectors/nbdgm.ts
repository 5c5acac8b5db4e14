import { bits, header, ipv4, u8, u16 } from '../src/bytes/field.ts';
import { protocol } from '../src/dissect/protocol.ts';
import { skipName } from './dns/name.ts';
import { inOrder } from './in-order.ts';
import { encodedName } from './netbios/name.ts';

const TYPES = {
  16: 'Unique',
  17: 'Group',
  18: 'Broadcast',
  19: 'Error',
  20: 'Query',
  21: 'Positive answer',
  22: 'Negative answer',
};
const ERRORS = {
  130: 'Destination name not present',
  131: 'Source name has a wrong format',
  132: 'Destination name has a wrong format',
};
const head = header(
  'nbdgm',
  {
    type: u8('Message', { names: TYPES }),
    flags: u8('Flags', { base: 'hex' }),
    node_type: bits('flags', 0x0c, 'Type of the node', { names: { 0: 'B-node', 1: 'P-node', 2: 'M-node', 3: 'NBDD' } }),
    first: bits('flags', 0x02, 'First fragment'),
    next: bits('flags', 0x01, 'More fragments follow'),
    dgram_id: u16('Datagram ID', { base: 'hex' }),
    'src.ip': ipv4('Source address'),
    'src.port': u16('Source port'),
  },
  {
    dgram_len: u16('Datagram length', { unit: 'bytes' }),
    pkt_offset: u16('Offset in the datagram', { unit: 'bytes' }),
    source_name: encodedName('Source name'),
    destination_name: encodedName('Destination name'),
    error_code: u8('Error', { base: 'hex', names: ERRORS }),
  },
);
const DIRECT_UNIQUE = 16;
const BROADCAST = 18;
const ERROR = 19;

/** NetBIOS datagram service: messages to names instead of addresses. */
export const datagramService = protocol(head, {
  title: 'NetBIOS Datagram Service',
  source: 'RFC 1002 section 4.4',
  on: { 'udp.port': 138 },
  expand(frame, d, visit) {
    const { bytes } = frame;
    const start = frame.from[d]!;
    const end = frame.limit(d);
    const type = head.type.read(bytes, start);
    let at = start + head.$size;
    if (type === ERROR) {
      inOrder([head.error_code], at, end, visit);
      return;
    }
    const isDirect = type >= DIRECT_UNIQUE && type <= BROADCAST;
    if (isDirect) at = inOrder([head.dgram_len, head.pkt_offset], at, end, visit);
    for (const name of isDirect ? [head.source_name, head.destination_name] : [head.destination_name]) {
      const to = skipName(bytes, at, end);
      if (to < 0 || to > end) return;
      visit(name, at, to);
      at = to;
    }
  },
});
