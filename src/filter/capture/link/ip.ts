import { any, type Condition, FALSE, TRUE } from '../condition.ts';
import type { Context } from '../context.ts';
import { ETHERTYPE } from '../numbers.ts';
import type { LinkLayer } from './layer.ts';

/** Address families: 2 is IPv4 everywhere, IPv6 is 24, 28 or 30 on BSD systems and macOS and 10 here. */
const AF_INET = 2;
const AF_INET6 = [30, 24, 28];
const LINUX_AF_INET6 = 10;

/** The version at the start of the packet says what it is. */
function byVersion(context: Context, protocol: number): Condition {
  const version = protocol === ETHERTYPE.ip ? 0x40 : protocol === ETHERTYPE.ip6 ? 0x60 : undefined;
  return version === undefined ? FALSE : context.tests.masked(context.inHeader(1, 0), 0xf0, version);
}

function swapped(value: number): number {
  return (value << 24) >>> 0;
}

/**
 * A family of so many bytes. In a file it is that of whatever system wrote it, in its byte order if `ordered` does not say
 * that the order is fixed: every value that it may have is tried. Live it is ours.
 */
export function byFamily(size: 1 | 4, ordered: boolean) {
  return (context: Context, protocol: number): Condition => {
    const live = context.target === 'kernel';
    const ip6 = live ? [LINUX_AF_INET6] : AF_INET6;
    const families = protocol === ETHERTYPE.ip ? [AF_INET] : protocol === ETHERTYPE.ip6 ? ip6 : [];
    const turned = ordered ? [] : families.map(swapped);
    const values = live && !ordered ? turned : [...families, ...turned];
    const family = context.load(size, context.layout.type);
    return any(FALSE, ...values.map((value) => context.tests.equals(family, value)));
  };
}

function only(carried: number): LinkLayer['carries'] & {} {
  return (_context, protocol) => (protocol === carried ? TRUE : FALSE);
}

function slip(name: string, types: number[], payload: number): LinkLayer {
  return {
    name,
    types,
    title: 'SLIP',
    payload,
    network: 0,
    networkNoSnap: 0,
    carries: byVersion,
  };
}

function atStart(name: string, types: number[], title: string, carries: LinkLayer['carries'] & {}): LinkLayer {
  return { name, types, title, payload: 0, network: 0, networkNoSnap: 0, carries };
}

function loopback(name: string, type: number, title: string, payload: number, ordered: boolean): LinkLayer {
  return { name, types: [type], title, type: 0, payload, network: 0, networkNoSnap: 0, carries: byFamily(4, ordered) };
}

export const IP_LINKS: readonly LinkLayer[] = [
  atStart('RAW', [101, 12, 14], 'raw IP', byVersion),
  atStart('IPV4', [228], 'raw IPv4', only(ETHERTYPE.ip)),
  atStart('IPV6', [229], 'raw IPv6', only(ETHERTYPE.ip6)),
  {
    ...slip('SLIP', [8], 16),
    direction: (context, inbound) => context.tests.equals(context.inHeader(1, 0), inbound ? 0 : 1),
  },
  slip('SLIP_BSDOS', [102, 15], 24),
  loopback('NULL', 0, 'BSD loopback', 4, false),
  loopback('LOOP', 108, 'OpenBSD loopback', 4, true),
  loopback('ENC', 109, 'OpenBSD IPsec', 12, false),
];
