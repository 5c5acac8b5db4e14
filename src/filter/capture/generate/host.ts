import { mac } from '../address.ts';
import type { Direction, Qualifiers } from '../ast.ts';
import { all, any, type Condition } from '../condition.ts';
import type { Context } from '../context.ts';
import type { Expression } from '../expression.ts';
import { ETHERTYPE } from '../numbers.ts';
import { carries, isIp, isIp6 } from './network.ts';

/** One test of the source and one of the destination, as the direction joins them. */
export function directed(
  context: Context,
  direction: Direction | undefined,
  place: number,
  test: (source: boolean) => Condition,
): Condition {
  switch (direction ?? 'src or dst') {
    case 'src':
      return test(true);
    case 'dst':
      return test(false);
    case 'src or dst':
      return any(test(true), test(false));
    case 'src and dst':
      return all(test(true), test(false));
    default:
      return context.error(`"${direction}" is for addresses of 802.11: "wlan ${direction} 00:11:22:33:44:55"`, place);
  }
}

/** IPv4 hosts and networks; without a protocol also in ARP and RARP. */
export function ipHost(
  context: Context,
  qualifiers: Qualifiers,
  address: number,
  mask: number,
  place: number,
): Condition {
  const { tests } = context;
  const within = (value: Expression): Condition => tests.masked(value, mask, (address & mask) >>> 0);
  const inProtocol = (protocol: number, source: number, destination: number): Condition =>
    all(
      carries(context, protocol, place),
      directed(context, qualifiers.direction, place, (isSource) =>
        within(context.inNetwork(4, isSource ? source : destination)),
      ),
    );
  const ip = (): Condition => inProtocol(ETHERTYPE.ip, 12, 16);
  const arp = (protocol: number): Condition => inProtocol(protocol, 14, 24);
  switch (qualifiers.protocol) {
    case undefined:
      return context.layout.mpls > 0 ? ip() : any(ip(), arp(ETHERTYPE.arp), arp(ETHERTYPE.rarp));
    case 'ip':
      return ip();
    case 'arp':
      return arp(ETHERTYPE.arp);
    case 'rarp':
      return arp(ETHERTYPE.rarp);
    case 'link':
      return context.error('an address of the link layer is expected, such as 00:11:22:33:44:55', place);
    default:
      return context.error(`"${qualifiers.protocolWord}" has no IPv4 addresses: only ip, arp and rarp have`, place);
  }
}

/** IPv6 hosts and networks. */
export function ip6Host(
  context: Context,
  qualifiers: Qualifiers,
  words: readonly number[],
  mask: readonly number[],
  place: number,
): Condition {
  if (qualifiers.protocol !== undefined && qualifiers.protocol !== 'ip6') {
    context.error(`"${qualifiers.protocolWord}" has no IPv6 addresses: only ip6 has`, place);
  }
  const { tests } = context;
  const within = (start: number): Condition =>
    all(
      ...words.map((word, i) => tests.masked(context.inNetwork(4, start + i * 4), mask[i]!, (word & mask[i]!) >>> 0)),
    );
  return all(
    isIp6(context, place),
    directed(context, qualifiers.direction, place, (source) => within(source ? 8 : 24)),
  );
}

/** DECnet addresses, in all four forms of its routing header: short and long, with padding and without. */
export function decnetHost(context: Context, qualifiers: Qualifiers, address: number, place: number): Condition {
  const { tests } = context;
  const value = ((address & 0xff) << 8) | (address >>> 8);
  const short = tests.masked(context.inNetwork(1, 2), 0x07, 0x02);
  const paddedShort = tests.masked(context.inNetwork(2, 2), 0xff07, 0x8102);
  const long = tests.masked(context.inNetwork(1, 2), 0x07, 0x06);
  const paddedLong = tests.masked(context.inNetwork(2, 2), 0xff07, 0x8106);
  const at = (offset: number): Condition => tests.equals(context.inNetwork(2, offset), value);
  const test = (source: boolean): Condition =>
    any(
      all(short, at(source ? 5 : 3)),
      all(paddedShort, at(source ? 6 : 4)),
      all(long, at(source ? 17 : 9)),
      all(paddedLong, at(source ? 18 : 10)),
    );
  return all(carries(context, ETHERTYPE.decnet, place), directed(context, qualifiers.direction, place, test));
}

/** MAC addresses. */
export function macHost(context: Context, qualifiers: Qualifiers, bytes: readonly number[], place: number): Condition {
  const { link, header, inner, lane } = context.layout;
  const { direction } = qualifiers;
  const guard = (test: Condition): Condition => all(...[inner, lane].filter((each) => each !== undefined), test);
  if (link.macTest !== undefined) return guard(link.macTest(context, direction ?? 'src or dst', bytes));
  const { mac: places } = link;
  if (places === undefined) context.error(`packets of ${link.title} have no address such as ${mac(bytes)}`, place);
  const test = (source: boolean): Condition =>
    all(...context.bytesAre({ base: header.base, offset: header.offset + (source ? places.src : places.dst) }, bytes));
  return guard(directed(context, direction, place, test));
}

/** Addresses of one byte. */
export function byteHost(context: Context, qualifiers: Qualifiers, value: number, place: number): Condition {
  const { link } = context.layout;
  const places = link.byteAddress;
  if (places === undefined) context.error(`packets of ${link.title} have no addresses of one byte`, place);
  return directed(context, qualifiers.direction, place, (source) =>
    context.tests.equals(context.inHeader(1, source ? places.src : places.dst), value),
  );
}

export function ipMulticast(context: Context, place: number): Condition {
  return all(isIp(context, place), context.tests.masked(context.inNetwork(1, 16), 0xf0, 0xe0));
}

export function ip6Multicast(context: Context, place: number): Condition {
  return all(isIp6(context, place), context.tests.equals(context.inNetwork(1, 24), 0xff));
}

/** The host part all zeros or all ones. */
export function ipBroadcast(context: Context, place: number): Condition {
  const { netmask, tests } = context;
  if (netmask === undefined) {
    context.error(
      '"ip broadcast" needs the netmask of the network, which is not known here',
      place,
      [],
      'dst host 10.0.0.255',
    );
  }
  const hosts = ~netmask >>> 0;
  const destination = context.inNetwork(4, 16);
  return all(isIp(context, place), any(tests.masked(destination, hosts, 0), tests.masked(destination, hosts, hosts)));
}
