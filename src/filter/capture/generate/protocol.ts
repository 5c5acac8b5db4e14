import { nearest } from '../../nearest.ts';
import type { ProtocolName, Qualifiers } from '../ast.ts';
import { all, any, type Condition } from '../condition.ts';
import type { Context } from '../context.ts';
import { ETHER_NAMES, OSI_NAMES, protocolNames, protocolOf } from '../names.ts';
import { ETHERTYPE, LONGEST_802_3, OSI, PROTOCOL, SAP } from '../numbers.ts';
import { anyIpProtocol, carries, ip6Protocol, ipProtocol, isIp, isIp6 } from './network.ts';

/** PDU types of IS-IS by the words for groups of them. */
const ISIS_TYPES: Readonly<Record<string, readonly number[]>> = {
  l1: [0x1a, 0x18, 0x12, 0x0f, 0x11],
  l2: [0x1b, 0x19, 0x14, 0x10, 0x11],
  iih: [0x11, 0x0f, 0x10],
  lsp: [0x12, 0x14],
  snp: [0x1b, 0x1a, 0x18, 0x19],
  csnp: [0x18, 0x19],
  psnp: [0x1a, 0x1b],
};

/** Words for what the link layer carries. */
const CARRIED: Readonly<Partial<Record<ProtocolName, number>>> = {
  ip: ETHERTYPE.ip,
  ip6: ETHERTYPE.ip6,
  arp: ETHERTYPE.arp,
  rarp: ETHERTYPE.rarp,
  atalk: ETHERTYPE.atalk,
  aarp: ETHERTYPE.aarp,
  decnet: ETHERTYPE.decnet,
  lat: ETHERTYPE.lat,
  sca: ETHERTYPE.sca,
  moprc: ETHERTYPE.moprc,
  mopdl: ETHERTYPE.mopdl,
  iso: SAP.iso,
  stp: SAP.stp,
  ipx: SAP.ipx,
  netbeui: SAP.netbeui,
};

/** Words for what IPv4 carries, and IPv6 does not. */
const IN_IP: Readonly<Partial<Record<ProtocolName, number>>> = {
  icmp: PROTOCOL.icmp,
  igmp: PROTOCOL.igmp,
  igrp: PROTOCOL.igrp,
  vrrp: PROTOCOL.vrrp,
  carp: PROTOCOL.vrrp,
};

/** Words for what either carries. */
const IN_ANY_IP: Readonly<Partial<Record<ProtocolName, number>>> = {
  tcp: PROTOCOL.tcp,
  udp: PROTOCOL.udp,
  sctp: PROTOCOL.sctp,
  pim: PROTOCOL.pim,
  ah: PROTOCOL.ah,
  esp: PROTOCOL.esp,
};

/** The number of a protocol with an index of its own behind the IPv4 header. */
export function transportNumber(protocol: ProtocolName): number | undefined {
  return protocol === 'ah' || protocol === 'esp' ? undefined : (IN_ANY_IP[protocol] ?? IN_IP[protocol]);
}

/** A protocol's word alone: `tcp`. */
export function abbreviation(context: Context, protocol: ProtocolName, word: string, place: number): Condition {
  const carried = CARRIED[protocol];
  if (carried !== undefined) return carries(context, carried, place);
  const inIp = IN_IP[protocol];
  if (inIp !== undefined) return ipProtocol(context, inIp, place);
  const inAny = IN_ANY_IP[protocol];
  if (inAny !== undefined) return anyIpProtocol(context, inAny, place);
  if (protocol === 'icmp6') return ip6Protocol(context, PROTOCOL.icmp6, place);
  if (protocol === 'esis' || protocol === 'isis' || protocol === 'clnp') return iso(context, OSI[protocol], place);
  const types = ISIS_TYPES[protocol];
  if (types === undefined) context.error(`"${word}" alone is no test; "${word}[0] = 1" or "${word} host" is`, place);
  return isis(context, types, place);
}

function iso(context: Context, protocol: number, place: number): Condition {
  const { link, payload, networkNoSnap } = context.layout;
  if (link.iso !== undefined && context.layout.mpls === 0) return link.iso(context, protocol);
  const identifier = context.load(1, { base: payload.base, offset: payload.offset + networkNoSnap });
  return all(carries(context, SAP.iso, place), context.tests.equals(identifier, protocol));
}

/** IS-IS: the type is in the low five bits of the fifth byte (ISO/IEC 10589 section 9.5). */
function isis(context: Context, types: readonly number[], place: number): Condition {
  const { payload, networkNoSnap } = context.layout;
  const type = context.load(1, { base: payload.base, offset: payload.offset + networkNoSnap + 4 });
  const tests = types.map((each) => context.tests.masked(type, 0x1f, each));
  return all(iso(context, OSI.isis, place), any(...tests));
}

/** `ip proto 6`, `ether proto \arp`. */
export function proto(context: Context, qualifiers: Qualifiers, id: number | string, place: number): Condition {
  if (qualifiers.direction !== undefined) context.error('"proto" has no direction', place);
  const { protocol, protocolWord } = qualifiers;
  const number = typeof id === 'number' ? id : numberOf(context, qualifiers, id, place);
  const byte = (): number => limited(context, number, 255, 'a protocol number', place);
  switch (protocol) {
    case undefined:
      return anyIpProtocol(context, byte(), place);
    case 'ip':
      return ipProtocol(context, byte(), place);
    case 'ip6':
      return ip6Protocol(context, byte(), place);
    case 'link':
      return linkProto(context, number, place);
    case 'iso':
      return iso(context, byte(), place);
    case 'isis':
      return isis(context, [byte()], place);
    default:
      return context.error(
        `"${protocolWord} proto" is nothing: only ip, ip6, ether, iso and isis carry others by number`,
        place,
      );
  }
}

function linkProto(context: Context, number: number, place: number): Condition {
  limited(context, number, 65535, 'an EtherType', place);
  const saps = context.layout.link.networkNoSnap === 3 || context.layout.link.name === 'LINUX_SLL';
  if (saps && number <= LONGEST_802_3) limited(context, number, 255, 'an LLC SAP', place);
  return carries(context, number, place);
}

export function limited(context: Context, value: number, most: number, what: string, place: number): number {
  if (value > most) context.error(`${what} is at most ${most}, not ${value}`, place);
  return value;
}

/** `protochain 6`: the protocol, or any number of headers before it. */
export function protoChain(context: Context, qualifiers: Qualifiers, id: number | string, place: number): Condition {
  if (qualifiers.direction !== undefined) context.error('"protochain" has no direction', place);
  const { protocol: family, protocolWord } = qualifiers;
  if (family !== undefined && family !== 'ip' && family !== 'ip6') {
    context.error(`"${protocolWord} protochain" is nothing: only ip and ip6 have chains of headers`, place);
  }
  const number = typeof id === 'number' ? id : numberOf(context, qualifiers, id, place);
  limited(context, number, 255, 'a protocol number', place);
  const { payload, network } = context.layout;
  if (payload.base !== undefined)
    context.error('"protochain" works only where all headers before IP have a fixed length', place);
  const chain = (version: 4 | 6): Condition => ({
    kind: 'chain',
    chain: { version, protocol: number, start: context.moved(payload.offset + network) },
  });
  const ip = (): Condition => all(isIp(context, place), chain(4));
  const ip6 = (): Condition => all(isIp6(context, place), chain(6));
  if (family === 'ip') return ip();
  return family === 'ip6' ? ip6() : any(ip(), ip6());
}

/** A protocol by name, among those that the one in front can carry. */
function numberOf(context: Context, qualifiers: Qualifiers, name: string, place: number): number {
  const { protocol } = qualifiers;
  const [found, names] =
    protocol === 'link'
      ? [ETHER_NAMES.get(name), [...ETHER_NAMES.keys()]]
      : protocol === 'iso'
        ? [OSI_NAMES.get(name), [...OSI_NAMES.keys()]]
        : protocol === undefined || protocol === 'ip' || protocol === 'ip6'
          ? [protocolOf(name), protocolNames()]
          : [undefined, []];
  if (found !== undefined) return found;
  const carrier = qualifiers.protocolWord ?? 'IP';
  const shown = name.slice(0, 40).replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '?');
  return context.error(`no protocol that ${carrier} carries has the name "${shown}"`, place, nearest(name, names));
}
