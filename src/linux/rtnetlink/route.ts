import { addressText } from '../inet.ts';
import { attributes, type Netlink } from '../netlink.ts';

const GET_ROUTE = 26;
/** struct rtmsg (linux/rtnetlink.h) */
const MESSAGE = { size: 12, prefix: 1, table: 4, protocol: 5, scope: 6, type: 7 } as const;
const ATTRIBUTE = { destination: 1, device: 4, gateway: 5, priority: 6, source: 7, hops: 9, table: 15 } as const;
/** struct rtnexthop: length, flags, hops, device. */
const HOP = { size: 8, device: 4 } as const;
/** By RTN_ number. */
const TYPES = [
  'unspec',
  'unicast',
  'local',
  'broadcast',
  'anycast',
  'multicast',
  'blackhole',
  'unreachable',
  'prohibit',
  'throw',
  'nat',
] as const;

/** One way that a packet may go. */
export interface NextHop {
  /** Index of the device. */
  readonly device: number | undefined;
  readonly gateway: string | undefined;
}
export interface Route {
  /** `10.0.0.0/8`; `default` for everything. */
  readonly destination: string;
  readonly family: 'inet' | 'inet6';
  readonly type: string;
  /** 254: main, 255: local (linux/rtnetlink.h). */
  readonly table: number;
  readonly priority: number;
  /** The address that packets get that have none yet. */
  readonly source: string | undefined;
  /** Several when the load is shared; one without a device for routes that lead nowhere. */
  readonly hops: readonly NextHop[];
}
const INET6 = 10;
const INET = 2;

/** The routes of the namespace that `netlink` is in, of all tables. */
export function routesOf(netlink: Netlink): Route[] {
  const routes: Route[] = [];
  netlink.dump(GET_ROUTE, new Uint8Array(MESSAGE.size), ({ body }) => {
    // Multicast routes and others come, too.
    if (body.getUint8(0) === INET || body.getUint8(0) === INET6) routes.push(routeOf(body));
  });
  return routes;
}
function routeOf(body: DataView): Route {
  const values = new Map(attributes(body, MESSAGE.size));
  const text = (type: number) => {
    const value = values.get(type);
    return value === undefined ? undefined : addressText(value);
  };
  const destination = text(ATTRIBUTE.destination);
  const hops = values.get(ATTRIBUTE.hops);
  const device = values.get(ATTRIBUTE.device)?.getUint32(0, true);
  return {
    destination: destination === undefined ? 'default' : `${destination}/${body.getUint8(MESSAGE.prefix)}`,
    family: body.getUint8(0) === INET6 ? 'inet6' : 'inet',
    type: TYPES[body.getUint8(MESSAGE.type)] ?? 'unspec',
    table: values.get(ATTRIBUTE.table)?.getUint32(0, true) ?? body.getUint8(MESSAGE.table),
    priority: values.get(ATTRIBUTE.priority)?.getUint32(0, true) ?? 0,
    source: text(ATTRIBUTE.source),
    hops: hops === undefined ? [{ device, gateway: text(ATTRIBUTE.gateway) }] : [...hopsOf(hops)],
  };
}
function* hopsOf(value: DataView): Generator<NextHop> {
  for (let at = 0; at + HOP.size <= value.byteLength; ) {
    const size = value.getUint16(at, true);
    if (size < HOP.size || at + size > value.byteLength) return;
    const hop = new DataView(value.buffer, value.byteOffset + at, size);
    const gateway = new Map(attributes(hop, HOP.size)).get(ATTRIBUTE.gateway);
    yield {
      device: hop.getInt32(HOP.device, true),
      gateway: gateway === undefined ? undefined : addressText(gateway),
    };
    at += (size + 3) & ~3;
  }
}
