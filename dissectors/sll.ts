import { fixed, header, ipv4, mac, u8, u16, u32 } from '../src/bytes/field.ts';
import { NONE, type Protocol, protocol, table } from '../src/dissect/protocol.ts';
import { etherType, lengthTable, MAX_LENGTH } from './eth.ts';
import { ETHERTYPES } from './names/ethertypes.ts';
import { type Cooked, cookedText } from './sll/text.ts';

const KINDS = { 0: 'Sent to us', 1: 'Broadcast', 2: 'Multicast', 3: 'Sent to another host', 4: 'Sent by us' };
/** Linux's ARPHRD numbers (if_arp.h): what kind of device it was. */
const DEVICES = {
  1: 'Ethernet',
  280: 'CAN',
  512: 'PPP',
  768: 'IPIP tunnel',
  769: 'IPv6 tunnel',
  772: 'Loopback',
  776: 'SIT tunnel',
  778: 'GRE tunnel',
  803: '802.11 with radiotap',
  823: 'GRE tunnel over IPv6',
  824: 'Netlink',
  65534: 'None',
};
const type = u16('Protocol', { base: 'hex', names: ETHERTYPES });
const hatype = u16('Device type', { names: DEVICES });
const address = fixed(8, 'Link-layer address of the sender');
/** What the address is, where its length tells. */
const addresses = { 'src.eth': mac('Sender'), 'src.ipv4': ipv4('Sender') };

const v1 = header(
  'sll',
  {
    pkttype: u16('Packet type', { names: KINDS }),
    hatype,
    halen: u16('Address length', { unit: 'bytes' }),
    address,
    etype: type,
  },
  addresses,
);
const v2 = header(
  'sll',
  {
    etype: type,
    unused: u16('Reserved', { base: 'hex' }),
    ifindex: u32('Interface index'),
    hatype,
    pkttype: u8('Packet type', { names: KINDS }),
    halen: u8('Address length', { unit: 'bytes' }),
    address,
  },
  addresses,
);
/** Keyed by the device type, where that alone tells what follows. */
export const deviceTable = table('sll.hatype', 0x1_0000);
/** Keyed by the protocols that Linux numbers itself (if_ether.h), such as 12 for CAN. */
export const linuxTable = table('sll.ltype', 0x1_0000);
const LLC = 4;
/** There Wireshark reads the type as GRE's. */
const GRE_DEVICES: ReadonlySet<number> = new Set([778, 823]);
/** There the protocol is a netlink family. */
const NETLINK = 824;

function cooked(head: typeof v1 | typeof v2, linkType: number, about: Pick<Protocol, 'title' | 'opens'>): Protocol {
  const shape: Cooked = { ...head, ifindex: 'ifindex' in head ? head.ifindex : undefined };
  return protocol(head, {
    ...about,
    source: 'LINKTYPE_LINUX_SLL, LINKTYPE_LINUX_SLL2',
    summary: `Linux cooked capture v${head === v1 ? 1 : 2}`,
    link: true,
    on: { link: linkType },
    step(frame, bytes, at, end) {
      const payload = at + head.$size;
      const device = head.hatype.read(bytes, at);
      const id = frame.handOn(deviceTable, device, payload, end);
      if (id !== NONE || device === NETLINK) return id;
      const etype = head.etype.read(bytes, at);
      if (etype > MAX_LENGTH) return frame.handOn(etherType, etype, payload, end);
      return etype === LLC ? frame.handOn(lengthTable, 0, payload, end) : frame.handOn(linuxTable, etype, payload, end);
    },
    tellsEtherType({ bytes, registry, from }, d) {
      const device = head.hatype.read(bytes, from[d]!);
      if (registry.idsIn(deviceTable)[device] !== NONE || GRE_DEVICES.has(device)) return false;
      return head.etype.read(bytes, from[d]!) > MAX_LENGTH;
    },
    expand(frame, d, visit) {
      const at = frame.from[d]! + head.address.distance;
      const size = head.halen.read(frame.bytes, frame.from[d]!);
      if (size === 6) visit(head['src.eth'], at, at + size);
      else if (size === 4) visit(head['src.ipv4'], at, at + size);
    },
    line: (w, frame, d) => cookedText(w, frame, d, shape),
  });
}
/** What Linux gives when it captures on all devices at once: a header of its own in place of the link layer's. */
export const sll = cooked(v1, 113, { title: 'Linux cooked capture', opens: [deviceTable, linuxTable] });
/** The same with the device's index, which the first version lacks. */
export const sll2: Protocol = {
  ...cooked(v2, 276, { title: 'Linux cooked capture, version 2', opens: [] }),
  name: 'sll2',
  shownAs: v2.$name,
};
