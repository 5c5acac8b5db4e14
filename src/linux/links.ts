import { macOf } from './inet.ts';
import { attributes, type Message, Netlink, ROUTE, textOf } from './netlink.ts';
import { type Counters, countersOf } from './rtnetlink/counters.ts';
import { type LinkDetails, linkDetails } from './rtnetlink/link-details.ts';

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
  /** The index of a veth's other end, or of the device that this one sends through. */
  readonly lower: number | undefined;
  /** The number that this namespace has for that of {@link lower}; `undefined`: it is in the same. See `namespaceId`. */
  readonly lowerNamespace: number | undefined;
  /** The index of the bridge, bond, … that this device is a port of. */
  readonly master: number | undefined;
  readonly details: LinkDetails;
  readonly counters: Counters;
}
/** Bits of {@link Link.flags} (linux/if.h). */
export const LINK = { up: 1, loopback: 8, running: 0x40, promiscuous: 0x100 } as const;
/** IF_OPER_ numbers. */
const STATES = ['unknown', 'not present', 'down', 'lower layer down', 'testing', 'dormant', 'up'] as const;

/** linux/rtnetlink.h, linux/if_link.h */
const GROUP_LINK = 1;
const MESSAGE = { newLink: 16, deleteLink: 17, getLink: 18 } as const;
const ATTRIBUTE = {
  address: 1,
  name: 3,
  mtu: 4,
  lower: 5,
  master: 10,
  state: 16,
  info: 18,
  statistics: 23,
  lowerNamespace: 37,
} as const;
const INFO = { kind: 1, data: 2 } as const;
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
    return linksOf(this.asking);
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
/** The devices of the network namespace that `netlink` is in. */
export function linksOf(netlink: Netlink): Link[] {
  const links: Link[] = [];
  netlink.dump(MESSAGE.getLink, new Uint8Array(INTERFACE_INFO), (message) => links.push(linkOf(message.body)));
  return links;
}
function eventOf({ type, body }: Message): LinkEvent | undefined {
  if (type !== MESSAGE.newLink && type !== MESSAGE.deleteLink) return undefined;
  if (body.getUint8(0) === BRIDGE) return undefined;
  return { link: linkOf(body), deleted: type === MESSAGE.deleteLink };
}
function linkOf(body: DataView): Link {
  const values = new Map(attributes(body, INTERFACE_INFO));
  const word = (type: number) => values.get(type)?.getInt32(0, true);
  const info = new Map(attributes(values.get(ATTRIBUTE.info) ?? NOTHING));
  const kind = textIn(info.get(INFO.kind));
  const index = body.getInt32(4, true);
  const details = linkDetails(kind, info.get(INFO.data));
  const address = values.get(ATTRIBUTE.address);
  const lower = word(ATTRIBUTE.lower) ?? details.lower;
  const lowerNamespace = word(ATTRIBUTE.lowerNamespace);
  // Zero, or the device itself: there is none.
  const none = lower === 0 || (lower === index && lowerNamespace === undefined);
  return {
    index,
    name: textIn(values.get(ATTRIBUTE.name)) ?? '',
    kind,
    hardware: body.getUint16(2, true),
    flags: body.getUint32(8, true),
    mtu: word(ATTRIBUTE.mtu) ?? 0,
    mac: address?.byteLength === 6 ? macOf(address) : undefined,
    state: STATES[values.get(ATTRIBUTE.state)?.getUint8(0) ?? 0] ?? 'unknown',
    lower: none ? undefined : lower,
    lowerNamespace,
    master: word(ATTRIBUTE.master),
    details,
    counters: countersOf(values.get(ATTRIBUTE.statistics)),
  };
}
const NOTHING = new DataView(new ArrayBuffer(0));
const textIn = (value: DataView | undefined): string | undefined => (value === undefined ? undefined : textOf(value));
