import { attributes, type Message, Netlink, textOf } from './netlink.ts';

/** A network device, in one namespace. */
export interface Link {
  readonly index: number;
  readonly name: string;
  /** What made it: `veth`, `bridge`, `tun`, …; `undefined` for hardware and the loopback device. */
  readonly kind: string | undefined;
  /** ARPHRD number: see link-type.ts. */
  readonly hardware: number;
  /** See {@link LINK}. */
  readonly flags: number;
  readonly mtu: number;
  readonly mac: string | undefined;
  /** RFC 2863: one of {@link STATES}. */
  readonly state: string;
}
/** Bits of {@link Link.flags} (linux/if.h). */
export const LINK = { up: 1, loopback: 8, running: 0x40, promiscuous: 0x100 } as const;
/** IF_OPER_ numbers. */
const STATES = ['unknown', 'not present', 'down', 'lower layer down', 'testing', 'dormant', 'up'] as const;

/** linux/rtnetlink.h, linux/if_link.h */
const ROUTE = 0;
const GROUP_LINK = 1;
const MESSAGE = { newLink: 16, deleteLink: 17, getLink: 18 } as const;
const ATTRIBUTE = { address: 1, name: 3, mtu: 4, state: 16, info: 18 } as const;
const INFO_KIND = 1;
/** struct ifinfomsg: family, hardware, index, flags, change mask. */
const INTERFACE_INFO = 16;
/** AF_BRIDGE: news of a bridge's port, not of the device. */
const BRIDGE = 7;

/** Something that happened to a device. */
export interface LinkEvent {
  readonly link: Link;
  readonly deleted: boolean;
}

/** The devices of the network namespace that it was opened in, and what happens to them. */
export class Links {
  private constructor(
    private readonly netlink: Netlink,
    /** Of its own: events that wait on the other are not to be lost. Opened early: later we may not be able to. */
    private readonly asking: Netlink,
  ) {}
  static open(): Links {
    const netlink = Netlink.open(ROUTE, [GROUP_LINK]);
    try {
      return new Links(netlink, Netlink.open(ROUTE));
    } catch (error) {
      netlink.close();
      throw error;
    }
  }
  /** Readable when something happened. */
  get fd(): number {
    return this.netlink.fd;
  }
  list(): Link[] {
    const links: Link[] = [];
    this.asking.dump(MESSAGE.getLink, new Uint8Array(INTERFACE_INFO), (message) => links.push(linkOf(message.body)));
    return links;
  }
  /** What happened since; false when some of it is missing, so that {@link list} should be asked. */
  events(each: (event: LinkEvent) => void): boolean {
    return this.netlink.events((message) => {
      const event = eventOf(message);
      if (event !== undefined) each(event);
    });
  }
  close(): void {
    this.netlink.close();
    this.asking.close();
  }
}
function eventOf({ type, body }: Message): LinkEvent | undefined {
  if (type !== MESSAGE.newLink && type !== MESSAGE.deleteLink) return undefined;
  if (body.getUint8(0) === BRIDGE) return undefined;
  return { link: linkOf(body), deleted: type === MESSAGE.deleteLink };
}
function linkOf(body: DataView): Link {
  const values = new Map(attributes(body, INTERFACE_INFO));
  const of = (type: number) => values.get(type);
  const [name, info, address, mtu, state] = [
    of(ATTRIBUTE.name),
    of(ATTRIBUTE.info),
    of(ATTRIBUTE.address),
    of(ATTRIBUTE.mtu),
    of(ATTRIBUTE.state),
  ];
  const kind = info === undefined ? undefined : new Map(attributes(info)).get(INFO_KIND);
  return {
    index: body.getInt32(4, true),
    name: name === undefined ? '' : textOf(name),
    kind: kind === undefined ? undefined : textOf(kind),
    hardware: body.getUint16(2, true),
    flags: body.getUint32(8, true),
    mtu: mtu?.getUint32(0, true) ?? 0,
    mac: address?.byteLength === 6 ? macOf(address) : undefined,
    state: STATES[state?.getUint8(0) ?? 0] ?? 'unknown',
  };
}
function macOf(address: DataView): string {
  const pairs = Array.from({ length: 6 }, (_, i) => address.getUint8(i).toString(16).padStart(2, '0'));
  return pairs.join(':');
}
