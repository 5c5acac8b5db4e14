import { all, any, type Condition, not } from '../condition.ts';
import type { Context } from '../context.ts';
import { behind, type Expression, type Place } from '../expression.ts';
import { ETHERTYPE, PROTOCOL } from '../numbers.ts';

/** Whether the packet carries a protocol: an EtherType, or an LLC SAP up to 1500. */
export function carries(context: Context, protocol: number, at: number): Condition {
  const { layout } = context;
  if (layout.mpls > 0) return underLabels(context, protocol, at);
  const { link } = layout;
  if (link.carries === undefined) {
    context.error(`what a packet of ${link.title} carries cannot be told from its header`, at);
  }
  const test = link.carries(context, protocol);
  // A tunnel names the type even where no Ethernet header does; LAN emulation has frames that are no data.
  return layout.lane === undefined ? test : all(layout.lane, test);
}

/** Under MPLS nothing says what comes: if this is the last label, the version of the IP header does. */
function underLabels(context: Context, protocol: number, at: number): Condition {
  const version = protocol === ETHERTYPE.ip ? 0x40 : protocol === ETHERTYPE.ip6 ? 0x60 : undefined;
  if (version === undefined) context.error('under MPLS only IPv4 and IPv6 can be recognised', at);
  const { tests } = context;
  return all(tests.hasBit(context.inNetwork(1, -2), 1), tests.masked(context.inNetwork(1, 0), 0xf0, version));
}

export function isIp(context: Context, at: number): Condition {
  return carries(context, ETHERTYPE.ip, at);
}

export function isIp6(context: Context, at: number): Condition {
  return carries(context, ETHERTYPE.ip6, at);
}

/** IPv4 packets with this protocol. */
export function ipProtocol(context: Context, protocol: number, at: number): Condition {
  return all(isIp(context, at), context.tests.equals(context.inNetwork(1, 9), protocol));
}

/** IPv6 packets with this next header, right behind the IPv6 header or behind a fragment header that is there. */
export function ip6Protocol(context: Context, protocol: number, at: number): Condition {
  const { tests } = context;
  const next = context.inNetwork(1, 6);
  const fragment = all(tests.equals(next, PROTOCOL.fragment), tests.equals(context.inNetwork(1, 40), protocol));
  return all(isIp6(context, at), any(tests.equals(next, protocol), fragment));
}

export function anyIpProtocol(context: Context, protocol: number, at: number): Condition {
  return any(ipProtocol(context, protocol, at), ip6Protocol(context, protocol, at));
}

/** Not a later fragment: those have no transport header. */
export function firstFragment(context: Context): Condition {
  return not(context.tests.hasBit(context.inNetwork(2, 6), 0x1fff));
}

/** The start of what comes behind the IPv4 header; its length is in the low half of its first byte. */
export function behindIp(context: Context): Place {
  const { of, layout } = context;
  const words = of.and(context.inNetwork(1, 0), 0xf);
  const length: Expression = of.binary('lsh', words, of.constant(2));
  const { base } = layout.payload;
  return {
    base: base === undefined ? length : of.binary('add', length, base),
    offset: layout.payload.offset + layout.network,
  };
}

/** The start of what comes behind the IPv6 header. */
export function behindIp6(context: Context): Place {
  return behind(context.layout.payload, context.layout.network + 40);
}
