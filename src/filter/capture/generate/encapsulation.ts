import { all, any, type Condition, not } from '../condition.ts';
import type { Context } from '../context.ts';
import { at, behind, type Expression, type Place } from '../expression.ts';
import { ETHERNET } from '../link/ethernet.ts';
import { PPPOE_SESSION } from '../link/ppp.ts';
import { ETHERTYPE, PROTOCOL } from '../numbers.ts';
import { behindIp, behindIp6, carries, firstFragment, isIp, isIp6 } from './network.ts';
import { limited } from './protocol.ts';

/*
 * Each of these says what the packet is, and moves everything behind it in the filter to what is inside.
 */

/** 802.1Q, 802.1ad and the older 0x9100. */
export function vlan(context: Context, id: number | undefined, place: number): Condition {
  const { layout } = context;
  if (id !== undefined) limited(context, id, 4095, 'a VLAN', place);
  if (layout.mpls > 0) context.error('"vlan" cannot come behind "mpls"', place);
  if (layout.link.vlan === undefined) context.error(`${layout.link.title} has no VLANs`, place);
  const types = [ETHERTYPE.vlan, ETHERTYPE.qinq, ETHERTYPE.qinqOld].map((type) => carries(context, type, place));
  const tests = [any(...types)];
  if (layout.inner !== undefined) tests.unshift(layout.inner);
  if (id !== undefined) tests.push(context.tests.masked(context.inPayload(2, 0), 0xfff, id));
  layout.payload = behind(layout.payload, 4);
  layout.type = behind(layout.type, 4);
  return all(...tests);
}

/** A label of MPLS; under another one only if that is not the last. */
export function mpls(context: Context, label: number | undefined, place: number): Condition {
  const { layout, tests } = context;
  if (label !== undefined) limited(context, label, 0xfffff, 'an MPLS label', place);
  const under = (): Condition => not(tests.hasBit(context.inNetwork(1, -2), 1));
  if (layout.mpls === 0 && layout.link.mpls === undefined) context.error(`${layout.link.title} has no MPLS`, place);
  const conditions = [layout.mpls > 0 ? under() : carries(context, layout.link.mpls!, place)];
  if (label !== undefined) conditions.push(tests.masked(context.inNetwork(4, 0), 0xfffff000, (label << 12) >>> 0));
  layout.network += 4;
  layout.networkNoSnap += 4;
  layout.mpls++;
  return all(...conditions);
}

export function pppoeDiscovery(context: Context, place: number): Condition {
  return carries(context, ETHERTYPE.pppoed, place);
}

/** RFC 2516: six bytes of PPPoE, then the PPP protocol. */
export function pppoeSession(context: Context, session: number | undefined, place: number): Condition {
  const { layout, tests } = context;
  if (session !== undefined) limited(context, session, 65535, 'a PPPoE session', place);
  const conditions = [carries(context, ETHERTYPE.pppoes, place)];
  if (session !== undefined) conditions.push(tests.equals(context.inNetwork(2, 2), session));
  const start = behind(layout.payload, layout.network + 6);
  Object.assign(layout, {
    link: PPPOE_SESSION,
    header: start,
    type: start,
    payload: behind(start, 2),
    network: 0,
    networkNoSnap: 0,
    inner: undefined,
    lane: undefined,
  });
  return all(...conditions);
}

const GENEVE_PORT = 6081;
const VXLAN_PORT = 4789;

/**
 * A tunnel over UDP: its port and what `is` asks of its header, over IPv4 or IPv6. Which of the two it is decides where the
 * tunnel's header starts; a register keeps that.
 */
function overUdp(
  context: Context,
  port: number,
  place: number,
  register: number,
  is: (header: Place) => Condition,
): Condition {
  const { of, tests } = context;
  const behindUdp = (udp: Place): Condition[] => {
    const header = behind(udp, 8);
    const start = of.add(header.base, of.constant(header.offset));
    return [tests.equals(context.load(2, behind(udp, 2)), port), is(header), context.assign(register, start)];
  };
  const udp = (offset: number): Condition => tests.equals(context.inNetwork(1, offset), PROTOCOL.udp);
  return any(
    all(isIp(context, place), udp(9), firstFragment(context), ...behindUdp(behindIp(context))),
    all(isIp6(context, place), udp(6), ...behindUdp(behindIp6(context))),
  );
}

function isNetwork(context: Context, header: Place, offset: number, vni: number): Condition {
  return context.tests.masked(context.load(4, behind(header, offset)), 0xffffff00, (vni << 8) >>> 0);
}

/** RFC 8926. What it carries is an EtherType, and that of Ethernet is 0x6558. */
export function geneve(context: Context, vni: number | undefined, place: number): Condition {
  const { of, tests, layout } = context;
  if (vni !== undefined) limited(context, vni, 0xffffff, 'a VNI', place);
  const [start, type, header, payload] = [0, 0, 0, 0].map(() => context.newRegister()) as [
    number,
    number,
    number,
    number,
  ];
  const version = (at: Place): Condition => tests.masked(context.load(1, at), 0xc0, 0);
  const is = (at: Place): Condition => all(version(at), ...(vni === undefined ? [] : [isNetwork(context, at, 4, vni)]));
  const tunnel = overUdp(context, GENEVE_PORT, place, start, is);
  const base = of.register(start);
  const options = of.binary('mul', of.and(context.load(1, at(0, base)), 0x3f), of.constant(4));
  const inside = of.register(header);
  const plus = (distance: number): Expression => of.binary('add', inside, of.constant(distance));
  const ethernet = tests.equals(context.load(2, at(2, base)), ETHERTYPE.transparentBridging);
  const set = (register: number, value: Expression): Condition => context.assign(register, value, true);
  const move = all(
    set(type, of.binary('add', base, of.constant(2))),
    set(header, of.binary('add', of.binary('add', options, of.constant(8)), base)),
    set(payload, inside),
    any(not(ethernet), all(set(type, plus(12)), set(payload, plus(14)))),
  );
  enter(layout, at(0, of.register(header)), at(0, of.register(type)), at(0, of.register(payload)));
  layout.inner = not(tests.test('eq', of.register(header), of.register(payload)));
  return all(tunnel, move);
}

/** RFC 7348: eight bytes, then Ethernet. */
export function vxlan(context: Context, vni: number | undefined, place: number): Condition {
  const { of, tests, layout } = context;
  if (vni !== undefined) limited(context, vni, 0xffffff, 'a VNI', place);
  const start = context.newRegister();
  const flags = (at: Place): Condition => tests.equals(context.load(1, at), 0x08);
  const is = (at: Place): Condition => all(flags(at), ...(vni === undefined ? [] : [isNetwork(context, at, 4, vni)]));
  const tunnel = overUdp(context, VXLAN_PORT, place, start, is);
  const base = of.register(start);
  enter(layout, at(8, base), at(20, base), at(22, base));
  return tunnel;
}

function enter(layout: Context['layout'], header: Place, type: Place, payload: Place): void {
  Object.assign(layout, {
    link: ETHERNET,
    header,
    type,
    payload,
    network: 0,
    networkNoSnap: 3,
    mpls: 0,
    inner: undefined,
    lane: undefined,
  });
}
