import { type Field, header, ipv4, ipv6, mac, text, u8, u16le, u32le } from '../src/bytes/field.ts';
import { protocol } from '../src/dissect/protocol.ts';
import { attributeRows, fixedRows, message, messagesFrom } from './netlink/message.ts';

const SCOPES = { 0: 'Universe', 200: 'Site', 253: 'Link', 254: 'Host', 255: 'Nowhere' };
const head = header(
  'netlink-route',
  {},
  {
    ifi_family: u8('Family'),
    ifi_type: u16le('Device type'),
    ifi_index: u32le('Interface index'),
    ifi_flags: u32le('Device flags', { base: 'hex' }),
    ifi_change: u32le('Changed flags', { base: 'hex' }),
    ifla_ifname: text('Interface name'),
    ifla_mtu: u32le('Maximum transmission unit', { unit: 'bytes' }),
    ifla_txqlen: u32le('Transmit queue length'),
    ifla_operstate: u8('Operational state'),
    ifla_qdisc: text('Queueing discipline'),
    ifla_hwaddr: mac('Hardware address'),
    ifla_broadcast: mac('Broadcast address'),
    ifla_carrier: u8('Carrier'),
    ifla_group: u32le('Group'),
    ifa_family: u8('Family'),
    ifa_prefixlen: u8('Prefix length', { unit: 'bits' }),
    ifa_flags: u8('Address flags', { base: 'hex' }),
    ifa_scope: u8('Scope', { names: SCOPES }),
    ifa_index: u32le('Interface index'),
    'ifa_address.ipv4': ipv4('Address'),
    'ifa_address.ipv6': ipv6('Address'),
    ifa_label: text('Label'),
    rt_family: u8('Family'),
    rt_dst_len: u8('Destination prefix length', { unit: 'bits' }),
    rt_src_len: u8('Source prefix length', { unit: 'bits' }),
    rt_tos: u8('Type of service', { base: 'hex' }),
    rt_table: u8('Table', { names: { 253: 'Default', 254: 'Main', 255: 'Local' } }),
    rt_protocol: u8('Origin', { names: { 1: 'Redirect', 2: 'Kernel', 3: 'Boot', 4: 'Administrator' } }),
    rt_scope: u8('Scope', { names: SCOPES }),
    rt_type: u8('Route type', {
      names: { 1: 'Unicast', 2: 'Local', 3: 'Broadcast', 6: 'Blackhole', 7: 'Unreachable' },
    }),
    rt_flags: u32le('Route flags', { base: 'hex' }),
    rta_iif: u32le('Input interface'),
    rta_oif: u32le('Output interface'),
    rta_dst_ipv4: ipv4('Destination'),
    rta_dst_ipv6: ipv6('Destination'),
    rta_gateway_ipv4: ipv4('Gateway'),
    rta_gateway_ipv6: ipv6('Gateway'),
    nd_family: u8('Family'),
    nd_index: u32le('Interface index'),
    nd_state: u16le('Neighbour state', { base: 'hex' }),
    nd_flags: u8('Neighbour flags', { base: 'hex' }),
    nd_type: u8('Neighbour type'),
  },
);
type ByType = Readonly<Record<number, Field | readonly [ipv4: Field, ipv6: Field]>>;
interface Shape {
  /** The fixed part; a number stands for so many bytes without a name. */
  readonly fixed: readonly (Field | number)[];
  readonly attributes: ByType;
}
const ADDRESS = [head['ifa_address.ipv4'], head['ifa_address.ipv6']] as const;
/** By the message's type, the new, the deleted and the asked for being neighbours (linux/rtnetlink.h). */
const SHAPES: Readonly<Record<number, Shape>> = {
  4: {
    fixed: [head.ifi_family, 1, head.ifi_type, head.ifi_index, head.ifi_flags, head.ifi_change],
    attributes: {
      1: head.ifla_hwaddr,
      2: head.ifla_broadcast,
      3: head.ifla_ifname,
      4: head.ifla_mtu,
      6: head.ifla_qdisc,
      13: head.ifla_txqlen,
      16: head.ifla_operstate,
      27: head.ifla_group,
      33: head.ifla_carrier,
    },
  },
  5: {
    fixed: [head.ifa_family, head.ifa_prefixlen, head.ifa_flags, head.ifa_scope, head.ifa_index],
    attributes: { 1: ADDRESS, 2: ADDRESS, 3: head.ifa_label, 4: ADDRESS },
  },
  6: {
    fixed: [
      head.rt_family,
      head.rt_dst_len,
      head.rt_src_len,
      head.rt_tos,
      head.rt_table,
      head.rt_protocol,
      head.rt_scope,
      head.rt_type,
      head.rt_flags,
    ],
    attributes: {
      1: [head.rta_dst_ipv4, head.rta_dst_ipv6],
      3: head.rta_iif,
      4: head.rta_oif,
      5: [head.rta_gateway_ipv4, head.rta_gateway_ipv6],
    },
  },
  7: {
    fixed: [head.nd_family, 3, head.nd_index, head.nd_state, head.nd_flags, head.nd_type],
    attributes: {},
  },
};
const IPV4_SIZE = 4;
function attributeField({ attributes }: Shape, type: number, size: number): Field | undefined {
  const found = attributes[type];
  return found === undefined || 'name' in found ? found : found[size === IPV4_SIZE ? 0 : 1];
}
/** Devices, addresses, routes, neighbours: all messages of the packet, from the first one's body on. */
export const routeNetlink = protocol(
  { ...head, $all: [...head.$all, ...message.$all.slice(-3)] },
  {
    title: 'Linux rtnetlink',
    source: 'linux/rtnetlink.h',
    expand(frame, d, visit) {
      const { bytes } = frame;
      for (const one of messagesFrom(frame, d)) {
        const shape = SHAPES[one.type >> 2];
        if (shape === undefined) continue;
        const at = fixedRows(shape.fixed, one.body, one, visit);
        attributeRows(bytes, at, one.end, (type, size) => attributeField(shape, type, size), visit);
      }
    },
  },
);
