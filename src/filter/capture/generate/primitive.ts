import { ipv6Words, leadingAddress, leadingOnes } from '../address.ts';
import type { Id, Node, Qualifiers } from '../ast.ts';
import { ANCILLARY, ANCILLARY_DATA } from '../bpf.ts';
import { all, any, type Condition, not } from '../condition.ts';
import type { Context } from '../context.ts';
import { at } from '../expression.ts';
import { OUTGOING } from '../link/cooked.ts';
import { comparison } from './arithmetic.ts';
import { geneve, mpls, pppoeDiscovery, pppoeSession, vlan, vxlan } from './encapsulation.ts';
import { byteHost, decnetHost, ip6Host, ip6Multicast, ipBroadcast, ipHost, ipMulticast, macHost } from './host.ts';
import { port, portRange } from './port.ts';
import { abbreviation, proto, protoChain } from './protocol.ts';
import { field, packetFilter, signal } from './signalling.ts';
import { frameDirection, frameType, llc } from './wlan.ts';

/** One primitive of the filter as a condition. */
export function primitive(context: Context, node: Exclude<Node, { kind: 'and' | 'or' | 'not' }>): Condition {
  switch (node.kind) {
    case 'all':
      return { kind: 'constant', value: true };
    case 'id':
      return identifier(context, node.qualifiers, node.id, node.at);
    case 'protocol':
      return abbreviation(context, node.protocol, node.word, node.at);
    case 'relation':
      return comparison(context, node);
    case 'keyword':
      return keyword(context, node);
    case 'byte':
      return byte(context, node);
    case 'wlan':
      return frameType(context, node);
    case 'signal':
      return signal(context, node.word, node.at);
    case 'field':
      return field(context, node);
  }
}

function byte(context: Context, node: Extract<Node, { kind: 'byte' }>): Condition {
  const { of, tests } = context;
  const value = context.inHeader(1, node.offset);
  switch (node.operator) {
    case '=':
      return tests.equals(value, node.value);
    case '<':
      return not(tests.atLeast(value, node.value));
    case '>':
      return tests.above(value, node.value);
    case '&':
      return tests.hasBit(value, node.value);
    case '|':
      return not(tests.equals(of.binary('or', value, of.constant(node.value)), 0));
  }
}

function keyword(context: Context, node: Extract<Node, { kind: 'keyword' }>): Condition {
  const { tests } = context;
  const number = node.argument as number | undefined;
  switch (node.keyword) {
    case 'less':
      return not(tests.above(context.length(), number!));
    case 'greater':
      return tests.atLeast(context.length(), number!);
    case 'broadcast':
    case 'multicast':
      return cast(context, node);
    case 'inbound':
    case 'outbound':
      return turn(context, node.keyword === 'inbound', node.at);
    case 'ifindex':
      return interfaceIndex(context, number!, node.at);
    case 'vlan':
      return vlan(context, number, node.at);
    case 'mpls':
      return mpls(context, number, node.at);
    case 'pppoed':
      return pppoeDiscovery(context, node.at);
    case 'pppoes':
      return pppoeSession(context, number, node.at);
    case 'geneve':
      return geneve(context, number, node.at);
    case 'vxlan':
      return vxlan(context, number, node.at);
    case 'llc':
      return llc(context, node.argument as string | undefined, node.at);
    case 'dir':
      return frameDirection(context, node.argument!, node.at);
    default:
      return packetFilter(context, node.keyword, node.argument!, node.at);
  }
}

/** `broadcast`, `ip multicast`. */
function cast(context: Context, node: Extract<Node, { kind: 'keyword' }>): Condition {
  const broadcast = node.keyword === 'broadcast';
  const { protocol } = node;
  if (protocol === 'ip') return broadcast ? ipBroadcast(context, node.at) : ipMulticast(context, node.at);
  if (protocol === 'ip6' && !broadcast) return ip6Multicast(context, node.at);
  if (protocol !== undefined && protocol !== 'link') context.error(`"${protocol} ${node.keyword}" is nothing`, node.at);
  const { link, inner, lane } = context.layout;
  const test = linkCast(context, broadcast);
  if (test === undefined) context.error(`${link.title} has no ${node.keyword} addresses`, node.at);
  return all(...[inner, lane].filter((each) => each !== undefined), test);
}

function linkCast(context: Context, broadcast: boolean): Condition | undefined {
  const { link } = context.layout;
  const { byteAddress } = link;
  if (byteAddress !== undefined) {
    if (!broadcast && !byteAddress.multicast) return undefined;
    return context.tests.equals(context.inHeader(1, byteAddress.dst), byteAddress.everybody);
  }
  return (broadcast ? link.broadcast : link.multicast)?.(context);
}

/** Which way a packet went: the link layer says it, or the kernel does. */
function turn(context: Context, inbound: boolean, place: number): Condition {
  if (context.link.direction !== undefined) return context.link.direction(context, inbound);
  if (context.target === 'file') {
    const word = inbound ? 'inbound' : 'outbound';
    context.error(
      `a file of ${context.link.title} does not say which way a packet went, so "${word}" works live only`,
      place,
    );
  }
  const type = context.load(2, at(ANCILLARY + ANCILLARY_DATA.packetType));
  const outgoing = context.tests.equals(type, OUTGOING);
  return inbound ? not(outgoing) : outgoing;
}

function interfaceIndex(context: Context, index: number, place: number): Condition {
  if (context.link.interfaceIndex !== undefined) return context.link.interfaceIndex(context, index);
  if (context.target === 'file') {
    context.error(
      `a file of ${context.link.title} does not say the interface's index, so "ifindex" works live only`,
      place,
    );
  }
  return context.tests.equals(context.load(4, at(ANCILLARY + ANCILLARY_DATA.interfaceIndex)), index);
}

/** An id with its qualifiers: what kind of thing it is decides what it may be. */
function identifier(context: Context, qualifiers: Qualifiers, id: Id, place: number): Condition {
  const { type } = qualifiers;
  switch (type) {
    case undefined:
    case 'host':
    case 'net':
      return address(context, qualifiers, id, place);
    case 'gateway':
      return context.error(
        '"gateway" needs a name with an IP and an Ethernet address, and names are not looked up',
        place,
        [],
        'ether host 00:11:22:33:44:55 and not host 10.0.0.1',
      );
    default: {
      const plain = id.form === 'name' ? id.name : id.form === 'number' ? id.value : undefined;
      if (plain === undefined) return context.error(`an address is no ${TYPE_TITLES[type]}`, place);
      if (type === 'port') return port(context, qualifiers, plain, place);
      if (type === 'portrange') return portRange(context, qualifiers, plain, place);
      return type === 'proto'
        ? proto(context, qualifiers, plain, place)
        : protoChain(context, qualifiers, plain, place);
    }
  }
}

const TYPE_TITLES = { port: 'port', portrange: 'range of ports', proto: 'protocol', protochain: 'protocol' } as const;

function address(context: Context, qualifiers: Qualifiers, id: Id, place: number): Condition {
  const isNet = qualifiers.type === 'net';
  switch (id.form) {
    case 'mac':
      linkOnly(context, qualifiers, place);
      return macHost(context, qualifiers, id.bytes, place);
    case 'byte':
      linkOnly(context, qualifiers, place);
      return byteHost(context, qualifiers, id.value, place);
    case 'ipv6':
      return ipv6(context, qualifiers, id, place);
    case 'name':
      return named(context, qualifiers, id.name, place);
    case 'number':
      return numbered(context, qualifiers, id.value, place);
    case 'dotted':
      return dotted(context, qualifiers, id, place);
    default: {
      if (!isNet) context.error('only "net" takes a mask', place, [], `net ${id.text}`);
      if (qualifiers.protocol === 'decnet') context.error('decnet has no networks', place);
      const mask = id.form === 'prefix' ? prefixMask(context, id.bits, 32, place) : leadingAddress(id.mask);
      const value = leadingAddress(id.parts);
      if ((value & ~mask) !== 0) context.error('the address has bits set that the mask leaves out', place);
      return ipHost(context, qualifiers, value, mask, place);
    }
  }
}

/** Link-layer addresses stand behind `ether` and its like, and only as hosts. */
function linkOnly(context: Context, qualifiers: Qualifiers, place: number): void {
  if (qualifiers.protocol === 'link' && qualifiers.type !== 'net') return;
  context.error(
    'an address of the link layer needs "ether host" or the like in front',
    place,
    [],
    `ether ${qualifiers.direction ?? 'host'}`,
  );
}

function prefixMask(context: Context, bits: number, most: number, place: number): number {
  if (bits > most) context.error(`a prefix has at most ${most} bits, not ${bits}`, place);
  return leadingOnes(bits);
}

function ipv6(context: Context, qualifiers: Qualifiers, id: Extract<Id, { form: 'ipv6' }>, place: number): Condition {
  const bits = id.bits ?? 128;
  if (bits > 128) context.error(`a prefix has at most 128 bits, not ${bits}`, place);
  if (qualifiers.type !== 'net' && bits !== 128)
    context.error('only "net" takes a prefix', place, [], `net ${id.text}/${bits}`);
  const mask = [0, 1, 2, 3].map((i) => leadingOnes(Math.min(32, Math.max(0, bits - i * 32))));
  if (id.words.some((word, i) => (word & ~mask[i]!) !== 0)) {
    context.error('the address has bits set that the prefix leaves out', place);
  }
  return ip6Host(context, qualifiers, id.words, mask, place);
}

/** A plain number: an address as one number, or as a network its leading bytes. */
function numbered(context: Context, qualifiers: Qualifiers, value: number, place: number): Condition {
  const isNet = qualifiers.type === 'net';
  if (qualifiers.protocol === 'decnet') {
    if (isNet) context.error('decnet has no networks', place);
    return decnetHost(context, qualifiers, value & 0xffff, place);
  }
  let net = value;
  let mask = 0xffffffff;
  while (isNet && net !== 0 && net < 0x01000000) {
    net *= 256;
    mask = (mask << 8) >>> 0;
  }
  return ipHost(context, qualifiers, net, mask, place);
}

/** `10.1.2.3`, `10.1`: all or the leading bytes of an address, or a DECnet area and node. */
function dotted(
  context: Context,
  qualifiers: Qualifiers,
  id: Extract<Id, { form: 'dotted' }>,
  place: number,
): Condition {
  const { parts } = id;
  if (qualifiers.protocol === 'decnet') {
    if (qualifiers.type === 'net') context.error('decnet has no networks', place);
    const [area, node] = parts as [number, number];
    const right = parts.length === 2 && area <= 63 && node <= 1023;
    if (!right) context.error(`"${id.text}" is no DECnet address such as 10.123`, place);
    return decnetHost(context, qualifiers, area * 1024 + node, place);
  }
  if (!parts.every((part) => part <= 255)) context.error(`"${id.text}" is no IPv4 address`, place);
  return ipHost(context, qualifiers, leadingAddress(parts), leadingOnes(parts.length * 8), place);
}

/** A name: of a host in /etc/hosts. */
function named(context: Context, qualifiers: Qualifiers, name: string, place: number): Condition {
  const shown = name.slice(0, 60).replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '?');
  const hint = 'its address in place of the name';
  if (qualifiers.type === 'net')
    context.error(`"${shown}" is a name, and names of networks are not looked up`, place, [], hint);
  if (qualifiers.protocol === 'link') context.error(`"${shown}" is no Ethernet address`, place, [], hint);
  if (qualifiers.protocol === 'decnet') context.error(`"${shown}" is no DECnet address such as 10.123`, place);
  const conditions: Condition[] = [];
  const found = context.hosts(name).map((text) => ({ text, words: ipv6Words(text) }));
  for (const { text, words } of found) {
    const wanted = qualifiers.protocol === undefined || (words === undefined) !== (qualifiers.protocol === 'ip6');
    if (!wanted) continue;
    if (words !== undefined)
      conditions.push(ip6Host(context, qualifiers, words, new Array<number>(4).fill(0xffffffff), place));
    else conditions.push(ipHost(context, qualifiers, leadingAddress(text.split('.').map(Number)), 0xffffffff, place));
  }
  if (conditions.length > 0) return any(...conditions);
  return context.error(`"${shown}" is a name that /etc/hosts does not have, and nobody else is asked`, place, [], hint);
}
