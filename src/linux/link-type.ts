/** What packets of a kind of device begin with. */
export interface LinkType {
  /** A number of the LINKTYPE registry. */
  readonly number: number;
  readonly name: string;
  readonly title: string;
}
const ETHERNET: LinkType = { number: 1, name: 'EN10MB', title: 'Ethernet' };
const RAW: LinkType = { number: 101, name: 'RAW', title: 'Raw IP' };
/** For devices whose own headers no file format describes: Linux's header in their stead. */
export const COOKED: LinkType = { number: 276, name: 'LINUX_SLL2', title: 'Linux cooked v2' };

/** By ARPHRD number (linux/if_arp.h). */
const BY_HARDWARE: Readonly<Record<number, LinkType>> = {
  1: ETHERNET,
  280: { number: 227, name: 'CAN_SOCKETCAN', title: 'CAN-bus with SocketCAN headers' },
  513: { number: 104, name: 'C_HDLC', title: 'Cisco HDLC' },
  519: RAW,
  768: RAW,
  769: RAW,
  772: ETHERNET,
  776: RAW,
  801: { number: 105, name: 'IEEE802_11', title: '802.11' },
  802: { number: 119, name: 'PRISM_HEADER', title: '802.11 plus Prism header' },
  803: { number: 127, name: 'IEEE802_11_RADIO', title: '802.11 plus radiotap header' },
  804: { number: 230, name: 'IEEE802_15_4_NOFCS', title: 'IEEE 802.15.4 without FCS' },
  826: { number: 271, name: 'VSOCK', title: 'Linux vsock' },
  65534: RAW,
};
/** The link type of a device by its ARPHRD number. */
export function linkTypeOf(hardware: number): LinkType {
  return BY_HARDWARE[hardware] ?? COOKED;
}
/** The ARPHRD numbers whose packets begin with this link type. */
export function hardwareOf(linkType: number): number[] {
  return Object.keys(BY_HARDWARE)
    .map(Number)
    .filter((hardware) => BY_HARDWARE[hardware]!.number === linkType);
}
/** Every link type that devices have without being cooked. */
export const LINK_TYPES: readonly LinkType[] = [...new Set(Object.values(BY_HARDWARE))];
