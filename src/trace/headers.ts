import { ipv4, ipv6, mac } from '../linux/address.ts';

/** What tells a packet from others, and what may change on its way. */
export interface Headers {
  /** The frame that they are of. */
  readonly bytes: Uint8Array;
  /** What follows the headers that are understood, as far as it was copied. */
  readonly payload: Uint8Array;
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
  /** May it be cut to fragments on its way? */
  readonly mayFragment: boolean;
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

/** The headers of a packet, as far as they were copied. `tag`: what the kernel took out of it. */
export function headersOf(bytes: Uint8Array, tag: number | undefined, depth = 0): Headers {
  return new Parsed(bytes, tag, depth);
}
/** Addresses of IPv4 as text: most packets have those of packets before them. */
const addresses4 = new Map<number, string>();
const MOST_ADDRESSES = 4096;

/** Addresses of Ethernet as text, those that came last: each in two halves. */
const MACS = 256;
const macs: ({ upper: number; lower: number; text: string } | undefined)[] = new Array(MACS).fill(undefined);
function macText(bytes: Uint8Array, at: number): string {
  const upper = (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
  const lower = (bytes[at + 3]! << 16) | (bytes[at + 4]! << 8) | bytes[at + 5]!;
  const slot = (upper ^ lower) & (MACS - 1);
  const known = macs[slot];
  if (known !== undefined && known.upper === upper && known.lower === lower) return known.text;
  const text = mac(bytes, at);
  macs[slot] = { upper, lower, text };
  return text;
}
/** Numbers are read at once; texts are made when somebody asks for them. */
class Parsed implements Headers {
  etherType: number;
  vlan: number | undefined;
  version = 0;
  protocol = 0;
  ttl = 0;
  id = 0;
  mayFragment = false;
  fragment: Headers['fragment'];
  sourcePort: number | undefined;
  destinationPort: number | undefined;
  tcp: Headers['tcp'];
  icmp: Headers['icmp'];
  tunnel: Headers['tunnel'];
  /** Where the addresses are, and how long each is. */
  private addresses = 0;
  private addressLength = 0;
  private sourceText: string | undefined;
  private destinationText: string | undefined;
  private payloadFrom = ETHERNET;
  private payloadTo = Number.POSITIVE_INFINITY;

  constructor(
    readonly bytes: Uint8Array,
    tag: number | undefined,
    private readonly depth: number,
  ) {
    this.etherType = this.half(12);
    let at = ETHERNET;
    this.vlan = tag === undefined ? undefined : tag & 0xfff;
    while (
      (this.etherType === ETHER_TYPE.vlan || this.etherType === ETHER_TYPE.serviceVlan) &&
      at + 4 <= bytes.length
    ) {
      this.vlan = this.half(at) & 0xfff;
      this.etherType = this.half(at + 2);
      at += 4;
    }
    const left = bytes.length - at;
    if (this.etherType === ETHER_TYPE.ipv4 && left >= 20) this.internet4(at);
    else if (this.etherType === ETHER_TYPE.ipv6 && left >= 40) this.internet6(at);
    else if (this.etherType === ETHER_TYPE.arp && left >= 28) this.arp(at);
  }
  get payload(): Uint8Array {
    return this.bytes.subarray(this.payloadFrom, this.payloadTo);
  }
  get sourceMac(): string {
    return macText(this.bytes, 6);
  }
  get destinationMac(): string {
    return macText(this.bytes, 0);
  }
  get source(): string {
    return (this.sourceText ??= this.address(this.addresses));
  }
  get destination(): string {
    return (this.destinationText ??= this.address(this.addresses + this.addressLength));
  }
  private address(at: number): string {
    if (this.addressLength === 0) return '';
    // ARP has a hardware address between the two.
    if (this.etherType === ETHER_TYPE.arp && at !== this.addresses) return ipv4(this.bytes, at + 6);
    return this.addressLength === 4 ? this.internet4Text(at) : ipv6(this.bytes, at);
  }
  private internet4Text(at: number): string {
    const address = this.word(at);
    let known = addresses4.get(address);
    if (known !== undefined) return known;
    if (addresses4.size >= MOST_ADDRESSES) addresses4.clear();
    known = ipv4(this.bytes, at);
    addresses4.set(address, known);
    return known;
  }
  private half(at: number): number {
    return (this.bytes[at]! << 8) | this.bytes[at + 1]!;
  }
  private word(at: number): number {
    return ((this.half(at) << 16) | this.half(at + 2)) >>> 0;
  }
  /** RFC 826 */
  private arp(at: number): void {
    this.addresses = at + 14;
    this.addressLength = 4;
    this.protocol = this.half(at + 6);
  }
  /** RFC 791 */
  private internet4(at: number): void {
    const { bytes } = this;
    this.version = 4;
    this.addresses = at + 12;
    this.addressLength = 4;
    this.protocol = bytes[at + 9]!;
    this.ttl = bytes[at + 8]!;
    this.id = this.half(at + 4);
    const place = this.half(at + 6);
    this.mayFragment = (place & DONT_FRAGMENT) === 0;
    if ((place & 0x3fff) !== 0) this.fragment = { offset: (place & 0x1fff) * 8, more: (place & 0x2000) !== 0 };
    const header = (bytes[at]! & 15) * 4;
    this.holds(at + header, this.half(at + 2) - header);
    if ((place & 0x1fff) === 0) this.transport(at + header, this.half(at + 2) - header);
  }
  /** RFC 8200 */
  private internet6(at: number): void {
    const { bytes } = this;
    this.version = 6;
    this.addresses = at + 8;
    this.addressLength = 16;
    this.ttl = bytes[at + 7]!;
    this.protocol = bytes[at + 6]!;
    let next = at + 40;
    while (next + 8 <= bytes.length && (EXTENSIONS.has(this.protocol) || this.protocol === FRAGMENT)) {
      const length = this.protocol === FRAGMENT ? 8 : 8 + 8 * bytes[next + 1]!;
      if (this.protocol === FRAGMENT) {
        const place = this.half(next + 2);
        this.fragment = { offset: place & 0xfff8, more: (place & 1) !== 0 };
        this.id = this.word(next + 4);
      }
      this.protocol = bytes[next]!;
      next += length;
    }
    const length = this.half(at + 4) + at + 40 - next;
    this.holds(next, length);
    if ((this.fragment?.offset ?? 0) === 0) this.transport(next, length);
  }
  private holds(from: number, length: number): void {
    this.payloadFrom = from;
    this.payloadTo = from + Math.max(0, length);
  }
  /** `length`: of header and data together, as IP tells it. */
  private transport(at: number, length: number): void {
    const { bytes, protocol } = this;
    const left = bytes.length - at;
    if (protocol === PROTOCOL.tcp && left >= 20) {
      this.ports(at);
      const [sequence, acknowledged, flags] = [this.word(at + 4), this.word(at + 8), bytes[at + 13]!];
      const header = (bytes[at + 12]! >>> 4) * 4;
      this.tcp = { sequence, acknowledged, flags, data: Math.max(0, length - header) };
      this.holds(at + header, length - header);
    } else if (protocol === PROTOCOL.udp && left >= 8) {
      this.ports(at);
      this.holds(at + 8, length - 8);
      if (this.depth < DEEPEST) this.tunnel = this.tunnelAt(at + 8, this.destinationPort!);
    } else if ((protocol === PROTOCOL.icmp || protocol === PROTOCOL.icmp6) && left >= 8) {
      this.holds(at + 8, length - 8);
      this.icmp = { type: bytes[at]!, code: bytes[at + 1]!, id: this.half(at + 4), sequence: this.half(at + 6) };
    }
  }
  private ports(at: number): void {
    this.sourcePort = this.half(at);
    this.destinationPort = this.half(at + 2);
  }
  /** RFC 7348, RFC 8926 */
  private tunnelAt(at: number, port: number): Headers['tunnel'] {
    const vxlan = VXLAN_PORTS.has(port);
    if (!vxlan && port !== GENEVE_PORT) return undefined;
    const inner = at + 8 + (vxlan ? 0 : ((this.bytes[at] ?? 0) & 63) * 4);
    if (inner + ETHERNET > this.bytes.length) return undefined;
    const within = headersOf(this.bytes.subarray(inner), undefined, this.depth + 1);
    return { name: vxlan ? 'VXLAN' : 'Geneve', vni: this.word(at + 4) >>> 8, inner: within };
  }
}
/** The packet that an error of ICMP is about (RFC 792, RFC 4443): its header, and at least its first eight bytes. */
export function quotedBy({ icmp, version, payload }: Headers): Headers | undefined {
  if (icmp === undefined || !(version === 4 ? ERRORS : ERRORS_6).has(icmp.type)) return undefined;
  // As much of TCP is quoted as ports take, at least: what is cut off is zero.
  const frame = new Uint8Array(ETHERNET + payload.length + LONGEST_CUT);
  new DataView(frame.buffer).setUint16(12, version === 4 ? ETHER_TYPE.ipv4 : ETHER_TYPE.ipv6);
  frame.set(payload, ETHERNET);
  const quoted = headersOf(frame, undefined);
  return quoted.version === version ? quoted : undefined;
}
/** Unreachable, redirect, time exceeded, parameter problem. */
const ERRORS: ReadonlySet<number> = new Set([3, 5, 11, 12]);
/** Unreachable, packet too big, time exceeded, parameter problem. */
const ERRORS_6: ReadonlySet<number> = new Set([1, 2, 3, 4]);
/** Of a header of TCP, which eight bytes are the least of. */
const LONGEST_CUT = 12;

/** IPv6 extension headers that say how long they are in words of eight bytes (RFC 8200), and that of fragments. */
const EXTENSIONS: ReadonlySet<number> = new Set([0, 43, 60]);
const FRAGMENT = 44;
/** Of IPv4. */
const DONT_FRAGMENT = 0x4000;

/** The packet in the packet, if there is one: it stays what it is while tunnels come and go. */
export function innermost(headers: Headers): Headers {
  return headers.tunnel === undefined ? headers : innermost(headers.tunnel.inner);
}
