import { type Field, header, ipv4, ipv6, text, u8, u16, u32 } from '../src/bytes/field.ts';
import { protocol, type Visit } from '../src/dissect/protocol.ts';
import { attributeRows, fixedRows, type Message, message, messagesFrom } from './netlink/message.ts';

const head = header(
  'netlink-netfilter',
  {},
  {
    family: u8('Family'),
    version: u8('Version'),
    res_id: u16('Resource'),
    'nfct_tuple.ip.ip_addr': ipv4('Address'),
    'nfct_tuple.ip.ip6_addr': ipv6('Address'),
    'nfct_tuple.proto.num': u8('Protocol'),
    'nfct_tuple.proto.src_port': u16('Source port'),
    'nfct_tuple.proto.dst_port': u16('Destination port'),
    'ct_attr.status': u32('Connection status', { base: 'hex' }),
    'ct_attr.timeout': u32('Timeout', { unit: 'seconds' }),
    'ct_attr.id': u32('Connection ID', { base: 'hex' }),
    'ct_help_attr.help_name': text('Helper'),
  },
);
/** The subsystem is in the high byte of the message's type (linux/netfilter/nfnetlink.h). */
const CONNTRACK = 1;
/** Attributes of a connection that hold others: both directions, and within them addresses and ports. */
const [ORIGINAL, REPLY] = [1, 2];
const [ADDRESSES, PORTS] = [1, 2];
const IPV6_SIZE = 16;
const CONNECTION: Readonly<Record<number, Field>> = {
  3: head['ct_attr.status'],
  7: head['ct_attr.timeout'],
  12: head['ct_attr.id'],
};
const PORT_FIELDS: Readonly<Record<number, Field>> = {
  1: head['nfct_tuple.proto.num'],
  2: head['nfct_tuple.proto.src_port'],
  3: head['nfct_tuple.proto.dst_port'],
};
const nobody = (): undefined => undefined;

/** Connection tracking, and the other subsystems of netfilter as far as their attributes go. */
export const netfilterNetlink = protocol(
  { ...head, $all: [...head.$all, ...message.$all.slice(-3)] },
  {
    title: 'Linux netfilter netlink',
    source: 'linux/netfilter/nfnetlink.h',
    expand(frame, d, visit) {
      for (const one of messagesFrom(frame, d)) messageRows(frame.bytes, one, visit);
    },
  },
);
function messageRows(bytes: Uint8Array, one: Message, visit: Visit): void {
  const at = fixedRows([head.family, head.version, head.res_id], one.body, one, visit);
  if (one.type >> 8 !== CONNTRACK) {
    attributeRows(bytes, at, one.end, nobody, visit);
    return;
  }
  attributeRows(
    bytes,
    at,
    one.end,
    (type) => CONNECTION[type],
    visit,
    (type, from, to) => {
      if (type !== ORIGINAL && type !== REPLY) return false;
      tupleRows(bytes, from, to, visit);
      return true;
    },
  );
}
function tupleRows(bytes: Uint8Array, from: number, to: number, visit: Visit): void {
  attributeRows(bytes, from, to, nobody, visit, (type, at, end) => {
    if (type !== ADDRESSES && type !== PORTS) return false;
    const fieldOf = (kind: number, size: number) => (type === PORTS ? PORT_FIELDS[kind] : addressField(size));
    attributeRows(bytes, at, end, fieldOf, visit);
    return true;
  });
}
const addressField = (size: number): Field =>
  head[size === IPV6_SIZE ? 'nfct_tuple.ip.ip6_addr' : 'nfct_tuple.ip.ip_addr'];
