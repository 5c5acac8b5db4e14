import { ipv4, ipv6, mac } from './address.ts';

/** What tells a packet from others, and what may change on its way. */
export interface Headers {
  readonly sourceMac: string;
  readonly destinationMac: string;
  readonly etherType: number;
  readonly vlan: number | undefined;
  /** 4, 6, or 0 for what is not IP. */
  readonly version: number;
  readonly source: string;
  readonly destination: string;
  /** IPPROTO_ number; for ARP the operation. */
  readonly protocol: number;
  readonly ttl: number;
  /** Of IPv4; tells packets of one sender apart. */
  readonly id: number;
  /** In bytes; undefined if the packet is whole. */
  readonly fragment: { readonly offset: number; readonly more: boolean } | undefined;
  readonly sourcePort: number | undefined;
  readonly destinationPort: number | undefined;
  readonly tcp:
    | { readonly sequence: number; readonly acknowledged: number; readonly flags: number; readonly data: number }
    | undefined;
  readonly icmp:
    | { readonly type: number; readonly code: number; readonly id: number; readonly sequence: number }
    | undefined;
  /** VXLAN, Geneve: the network's number and the packet in the packet. */
  readonly tunnel: { readonly name: string; readonly vni: number; readonly inner: Headers } | undefined;
}
export const PROTOCOL = { icmp: 1, igmp: 2, tcp: 6, udp: 17, icmp6: 58 } as const;
export const ETHER_TYPE = { ipv4: 0x0800, arp: 0x0806, vlan: 0x8100, serviceVlan: 0x88a8, ipv6: 0x86dd } as const;
const ETHERNET = 14;
const VXLAN_PORTS: ReadonlySet<number> = new Set([4789, 8472]);
const GENEVE_PORT = 6081;
/** A packet in a packet in a packet is as deep as anybody looks. */
const DEEPEST = 2;

const EMPTY = {
  version: 0,
  source: '',
  destination: '',
  protocol: 0,
  ttl: 0,
  id: 0,
  fragment: undefined,
  sourcePort: undefined,
  destinationPort: undefined,
  tcp: undefined,
  icmp: undefined,
  tunnel: undefined,
} as const;

/** The headers of a packet, as far as they were copied. `tag`: what the kernel took out of it. */
export function headersOf(bytes: Uint8Array, tag: number | undefined, depth = 0): Headers {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let etherType = view.getUint16(12);
  let at = ETHERNET;
  let vlan = tag === undefined ? undefined : tag & 0xfff;
  while ((etherType === ETHER_TYPE.vlan || etherType === ETHER_TYPE.serviceVlan) && at + 4 <= bytes.length) {
    vlan = view.getUint16(at) & 0xfff;
    etherType = view.getUint16(at + 2);
    at += 4;
  }
  const link = { sourceMac: mac(bytes, 6), destinationMac: mac(bytes, 0), etherType, vlan };
  const left = bytes.length - at;
  if (etherType === ETHER_TYPE.ipv4 && left >= 20) return { ...EMPTY, ...link, ...internet4(bytes, view, at, depth) };
  if (etherType === ETHER_TYPE.ipv6 && left >= 40) return { ...EMPTY, ...link, ...internet6(bytes, view, at, depth) };
  if (etherType === ETHER_TYPE.arp && left >= 28) return { ...EMPTY, ...link, ...arp(bytes, view, at) };
  return { ...EMPTY, ...link };
}
/** RFC 826 */
function arp(bytes: Uint8Array, view: DataView, at: number): Partial<Headers> {
  return { source: ipv4(bytes, at + 14), destination: ipv4(bytes, at + 24), protocol: view.getUint16(at + 6) };
}
/** RFC 791 */
function internet4(bytes: Uint8Array, view: DataView, at: number, depth: number): Partial<Headers> {
  const protocol = view.getUint8(at + 9);
  const place = view.getUint16(at + 6);
  const fragment = (place & 0x3fff) === 0 ? undefined : { offset: (place & 0x1fff) * 8, more: (place & 0x2000) !== 0 };
  const header = (view.getUint8(at) & 15) * 4;
  const total = view.getUint16(at + 2);
  const first = fragment === undefined || fragment.offset === 0;
  return {
    version: 4,
    source: ipv4(bytes, at + 12),
    destination: ipv4(bytes, at + 16),
    protocol,
    ttl: view.getUint8(at + 8),
    id: view.getUint16(at + 4),
    fragment,
    ...(first ? transport(bytes, view, at + header, total - header, protocol, depth) : {}),
  };
}
/** IPv6 extension headers that say how long they are in words of eight bytes (RFC 8200), and that of fragments. */
const EXTENSIONS: ReadonlySet<number> = new Set([0, 43, 60]);
const FRAGMENT = 44;
function internet6(bytes: Uint8Array, view: DataView, at: number, depth: number): Partial<Headers> {
  let protocol = view.getUint8(at + 6);
  let next = at + 40;
  let [id, fragment]: [number, Headers['fragment']] = [0, undefined];
  while (next + 8 <= bytes.length && (EXTENSIONS.has(protocol) || protocol === FRAGMENT)) {
    const length = protocol === FRAGMENT ? 8 : 8 + 8 * view.getUint8(next + 1);
    if (protocol === FRAGMENT) {
      const place = view.getUint16(next + 2);
      fragment = { offset: place & 0xfff8, more: (place & 1) !== 0 };
      id = view.getUint32(next + 4);
    }
    protocol = view.getUint8(next);
    next += length;
  }
  const left = view.getUint16(at + 4) + at + 40 - next;
  const first = fragment === undefined || fragment.offset === 0;
  return {
    version: 6,
    source: ipv6(bytes, at + 8),
    destination: ipv6(bytes, at + 24),
    protocol,
    ttl: view.getUint8(at + 7),
    id,
    fragment,
    ...(first ? transport(bytes, view, next, left, protocol, depth) : {}),
  };
}
/** `length`: of header and data together, as IP tells it. */
function transport(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  length: number,
  protocol: number,
  depth: number,
): Partial<Headers> {
  const left = bytes.length - at;
  if (protocol === PROTOCOL.tcp && left >= 20) return tcp(view, at, length);
  if (protocol === PROTOCOL.udp && left >= 8) return udp(bytes, view, at, depth);
  if ((protocol === PROTOCOL.icmp || protocol === PROTOCOL.icmp6) && left >= 8) {
    const [type, code] = [view.getUint8(at), view.getUint8(at + 1)];
    return { icmp: { type, code, id: view.getUint16(at + 4), sequence: view.getUint16(at + 6) } };
  }
  return {};
}
const ports = (view: DataView, at: number) => ({
  sourcePort: view.getUint16(at),
  destinationPort: view.getUint16(at + 2),
});
/** RFC 9293 */
function tcp(view: DataView, at: number, length: number): Partial<Headers> {
  const data = Math.max(0, length - (view.getUint8(at + 12) >>> 4) * 4);
  const [sequence, acknowledged] = [view.getUint32(at + 4), view.getUint32(at + 8)];
  return { ...ports(view, at), tcp: { sequence, acknowledged, flags: view.getUint8(at + 13), data } };
}
function udp(bytes: Uint8Array, view: DataView, at: number, depth: number): Partial<Headers> {
  const found = ports(view, at);
  return { ...found, tunnel: depth < DEEPEST ? tunnel(bytes, view, at + 8, found.destinationPort, depth) : undefined };
}
/** RFC 7348, RFC 8926 */
function tunnel(bytes: Uint8Array, view: DataView, at: number, port: number, depth: number): Headers['tunnel'] {
  const vxlan = VXLAN_PORTS.has(port);
  if (!vxlan && port !== GENEVE_PORT) return undefined;
  if (at + 8 > bytes.length) return undefined;
  const inner = at + 8 + (vxlan ? 0 : (view.getUint8(at) & 63) * 4);
  if (inner + ETHERNET > bytes.length) return undefined;
  const vni = view.getUint32(at + 4) >>> 8;
  return { name: vxlan ? 'VXLAN' : 'Geneve', vni, inner: headersOf(bytes.subarray(inner), undefined, depth + 1) };
}
/** The packet in the packet, if there is one: it stays what it is while tunnels come and go. */
export function innermost(headers: Headers): Headers {
  return headers.tunnel === undefined ? headers : innermost(headers.tunnel.inner);
}
