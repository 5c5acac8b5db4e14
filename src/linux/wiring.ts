import { libc } from './library.ts';
import { type HeldNamespace, inNamespace, type Namespace } from './namespace.ts';
import { MAKE, Netlink } from './netlink.ts';

const indexOf = libc<(name: string) => number>('unsigned int if_nametoindex(const char *)');

/** linux/rtnetlink.h, linux/if_link.h, linux/if_addr.h, linux/veth.h */
const ROUTE = 0;
const MESSAGE = { newLink: 16, deleteLink: 17, newAddress: 20, deleteAddress: 21, newRoute: 24 } as const;
const LINK = { name: 3, mtu: 4, master: 10, queueLength: 13, info: 18, namespace: 28 } as const;
const INFO = { kind: 1, data: 2 } as const;
const PEER = 1;
const VXLAN = { id: 1, remote: 2, port: 15 } as const;
const ADDRESS = { address: 1, local: 2 } as const;
const GATEWAY = 5;
const INTERNET = 2;
const UP = 1;
/** RT_TABLE_MAIN, RTPROT_STATIC, RT_SCOPE_UNIVERSE, RTN_UNICAST */
const USUAL_ROUTE = [254, 4, 0, 1] as const;

/** What may be set of a device. */
export interface DeviceSettings {
  readonly up?: boolean;
  readonly mtu?: number;
  /** The bridge that it is a port of. */
  readonly bridge?: string;
  /** How many packets may wait in it. */
  readonly queueLength?: number;
}
/** Makes devices, addresses and routes in one network namespace. */
export class Wiring {
  private readonly netlink: Netlink;

  constructor(readonly namespace: Namespace) {
    this.netlink = inNamespace(namespace, () => Netlink.open(ROUTE));
  }
  /** A cable: a device here, and one at its other end. */
  cable(name: string, far: HeldNamespace, farName: string): void {
    const peer = [device(), text(LINK.name, farName), attribute(LINK.namespace, word(far.fd))];
    this.make(name, 'veth', attribute(PEER, ...peer));
  }
  bridge(name: string): void {
    this.make(name, 'bridge');
  }
  /** A tunnel to one other host; numbers as of RFC 7348. */
  vxlan(name: string, network: number, remote: string): void {
    const data = [
      attribute(VXLAN.id, word(network)),
      attribute(VXLAN.remote, address(remote)),
      attribute(VXLAN.port, Uint8Array.of(4789 >> 8, 4789 & 255)),
    ];
    this.make(name, 'vxlan', ...data);
  }
  private make(name: string, kind: string, ...data: Uint8Array[]): void {
    const info = attribute(LINK.info, text(INFO.kind, kind), attribute(INFO.data, ...data));
    this.order(MESSAGE.newLink, MAKE, [device(), text(LINK.name, name), info], `making the device "${name}"`);
  }
  set(name: string, { up, mtu, bridge, queueLength }: DeviceSettings): void {
    const parts = [device(this.index(name), up)];
    if (mtu !== undefined) parts.push(attribute(LINK.mtu, word(mtu)));
    if (bridge !== undefined) parts.push(attribute(LINK.master, word(this.index(bridge))));
    if (queueLength !== undefined) parts.push(attribute(LINK.queueLength, word(queueLength)));
    this.order(MESSAGE.newLink, 0, parts, `setting up the device "${name}"`);
  }
  remove(name: string): void {
    this.order(MESSAGE.deleteLink, 0, [device(this.index(name))], `removing the device "${name}"`);
  }
  /** `wiring.address('eth0', '10.1.0.2/24')` */
  address(name: string, prefix: string): void {
    this.order(MESSAGE.newAddress, MAKE, this.addressed(name, prefix), `giving "${name}" the address ${prefix}`);
  }
  withoutAddress(name: string, prefix: string): void {
    this.order(MESSAGE.deleteAddress, 0, this.addressed(name, prefix), `taking the address ${prefix} from "${name}"`);
  }
  private addressed(name: string, prefix: string): Uint8Array[] {
    const [own, length] = prefix.split('/');
    const head = new Uint8Array(8);
    head.set([INTERNET, Number(length)]);
    new DataView(head.buffer).setUint32(4, this.index(name), true);
    return [head, attribute(ADDRESS.local, address(own!)), attribute(ADDRESS.address, address(own!))];
  }
  /** Everything that has no other way goes there. */
  defaultRoute(gateway: string): void {
    const head = new Uint8Array(12);
    head.set([INTERNET, 0, 0, 0, ...USUAL_ROUTE]);
    this.order(MESSAGE.newRoute, MAKE, [head, attribute(GATEWAY, address(gateway))], 'setting the default route');
  }
  close(): void {
    this.netlink.close();
  }
  private index(name: string): number {
    return inNamespace(this.namespace, () => indexOf(name));
  }
  private order(type: number, flags: number, parts: readonly Uint8Array[], doing: string): void {
    this.netlink.order(type, flags, joined(parts), doing);
  }
}
/** struct ifinfomsg: family, hardware, index, flags, which of them change. */
function device(index = 0, up?: boolean): Uint8Array {
  const head = new Uint8Array(16);
  const view = new DataView(head.buffer);
  view.setInt32(4, index, true);
  if (up === undefined) return head;
  view.setUint32(8, up ? UP : 0, true);
  view.setUint32(12, UP, true);
  return head;
}
const address = (text: string): Uint8Array => Uint8Array.from(text.split('.'), Number);
const word = (value: number): Uint8Array => new Uint8Array(Uint32Array.of(value).buffer);
const text = (type: number, value: string): Uint8Array => attribute(type, new TextEncoder().encode(`${value}\0`));

/** Length, type and value, which begins and ends at multiples of four bytes. */
function attribute(type: number, ...parts: Uint8Array[]): Uint8Array {
  const value = joined(parts);
  const bytes = new Uint8Array((4 + value.length + 3) & ~3);
  new DataView(bytes.buffer).setUint16(0, 4 + value.length, true);
  new DataView(bytes.buffer).setUint16(2, type, true);
  bytes.set(value, 4);
  return bytes;
}
function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
