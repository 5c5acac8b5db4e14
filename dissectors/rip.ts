import { header, ipv4, bytes as raw, text, u8, u16, u32 } from '../src/bytes/field.ts';
import { read16 } from '../src/bytes/kind.ts';
import { protocol, type Visit } from '../src/dissect/protocol.ts';
import { inOrder } from './in-order.ts';
import { BSD_FAMILIES } from './names/families.ts';
import { AUTHENTICATION, COMMANDS, ENTRY, ripText } from './rip/text.ts';

const rip = header(
  'rip',
  {
    command: u8('Command', { names: COMMANDS }),
    version: u8('Version'),
    routing_domain: u16('Routing domain'),
  },
  {
    family: u16('Address family', { names: BSD_FAMILIES }),
    route_tag: u16('Route tag'),
    ip: ipv4('Destination'),
    netmask: ipv4('Netmask'),
    next_hop: ipv4('Next hop'),
    metric: u32('Metric', { unit: 'hops' }),
    'auth.type': u16('Authentication type', { names: { 2: 'Password', 3: 'Keyed digest' } }),
    'auth.passwd': text('Password'),
    digest_offset: u16('Offset of the digest', { unit: 'bytes' }),
    key_id: u8('Key'),
    auth_data_len: u8('Length of the digest', { unit: 'bytes' }),
    seq_num: u32('Sequence number'),
    zero_padding: raw('Padding'),
    authentication_data: raw('Digest'),
  },
);
const ROUTE = [rip.family, rip.route_tag, rip.ip, rip.netmask, rip.next_hop, rip.metric];
const SIGNED = [rip.family, rip['auth.type'], rip.digest_offset, rip.key_id, rip.auth_data_len, rip.seq_num];
const PASSWORD = 2;
const TRAILER = 1;
const DIGEST = 3;

/** Routing Information Protocol, versions 1 and 2. */
export const routingInformation = protocol(rip, {
  title: 'Routing Information Protocol',
  source: 'RFC 2453, RFC 1058, RFC 4822',
  on: { 'udp.port': 520 },
  expand(frame, d, visit) {
    const end = frame.limit(d);
    for (let at = frame.from[d]! + rip.$size; at + ENTRY <= end; at += ENTRY)
      if (entryRows(frame.bytes, at, end, visit)) return;
  },
  line: ripText,
});
/** True when nothing follows: the digest goes on to the end. */
function entryRows(bytes: Uint8Array, at: number, end: number, visit: Visit): boolean {
  if (read16(bytes, at) !== AUTHENTICATION) {
    inOrder(ROUTE, at, at + ENTRY, visit);
    return false;
  }
  const type = read16(bytes, at + 2);
  const head = [rip.family, rip['auth.type']];
  if (type === PASSWORD) inOrder([...head, rip['auth.passwd']], at, at + ENTRY, visit);
  else if (type === DIGEST) inOrder([...SIGNED, rip.zero_padding], at, at + ENTRY, visit);
  else inOrder([...head, rip.authentication_data], at, end, visit);
  return type === TRAILER;
}
