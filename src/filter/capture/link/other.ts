import { all, any, type Condition, FALSE, not, TRUE } from '../condition.ts';
import type { Context } from '../context.ts';
import { at } from '../expression.ts';
import { ETHERTYPE, OSI, SAP } from '../numbers.ts';
import { byFamily } from './ip.ts';
import type { LinkLayer } from './layer.ts';
import { llcCarries } from './llc.ts';

/** ARCNET's protocol numbers: RFC 1201; AppleTalk and IPv6 have numbers of their own. */
const ARCNET_NUMBERS: ReadonlyMap<number, number> = new Map<number, number>([
  [ETHERTYPE.ip, 0xd4],
  [ETHERTYPE.arp, 0xd5],
  [ETHERTYPE.rarp, 0xd6],
  [ETHERTYPE.atalk, 0xdd],
  [ETHERTYPE.ip6, 0xc4],
]);

function arcnet(name: string, number: number, type: number, payload: number): LinkLayer {
  return {
    name,
    types: [number],
    title: 'ARCNET',
    type,
    payload,
    network: 0,
    networkNoSnap: 0,
    carries: (context, protocol) => {
      const value = ARCNET_NUMBERS.get(protocol);
      return value === undefined ? FALSE : context.tests.equals(context.load(1, context.layout.type), value);
    },
    byteAddress: { src: 0, dst: 1, everybody: 0, multicast: true },
  };
}

/** Frame Relay: Q.922 and Q.933 name IP by an NLPID of one byte behind the control byte 03. */
function frameRelay(context: Context, protocol: number): Condition {
  const { tests } = context;
  const control = context.inHeader(2, 2);
  if (protocol === ETHERTYPE.ip) return tests.equals(control, 0x03cc);
  if (protocol === ETHERTYPE.ip6) return tests.equals(control, 0x038e);
  if (protocol !== SAP.iso) return FALSE;
  return any(...[OSI.clnp, OSI.esis, OSI.isis].map((identifier) => tests.equals(control, 0x0300 | identifier)));
}

/** SunATM: the low half of the first byte says what the cell carries. */
const ATM_LLC = 2;

export function atmCarriesLlc(context: Context): Condition {
  return context.tests.masked(context.inHeader(1, 0), 0x0f, ATM_LLC);
}

/** OpenBSD's and FreeBSD's pf: the header says how long it is. */
function openPf(context: Context): void {
  const { of } = context;
  context.layout.payload = at(0, of.and(of.binary('add', context.load(1, at(0)), of.constant(3)), 0xfffffffc));
}

function onlyType(offset: number, families: ReadonlyMap<number, number>) {
  return (context: Context, protocol: number): Condition => {
    const family = families.get(protocol);
    return family === undefined ? FALSE : context.tests.equals(context.inHeader(1, offset), family);
  };
}

/** Juniper: the magic number of its header is all that tells what a packet is, and a bit in it where it went. */
function juniper(name: string, type: number, title: string, payload: number, networkNoSnap = -1): LinkLayer {
  return {
    name: `JUNIPER_${name}`,
    types: [type],
    title: `Juniper ${title}`,
    payload,
    network: 0,
    networkNoSnap,
    carries: (context) => context.tests.masked(context.inHeader(4, 0), 0xffffff00, 0x4d474300),
    direction: (context, inbound) => {
      const received = context.tests.masked(context.inHeader(1, 3), 1, 1);
      return inbound ? received : not(received);
    },
  };
}

const JUNIPER: readonly LinkLayer[] = [
  juniper('MLPPP', 130, 'multilink PPP', 4),
  juniper('MLFR', 131, 'multilink Frame Relay', 4),
  juniper('GGSN', 133, 'GGSN', 12),
  juniper('MFR', 134, 'multilink Frame Relay', 4),
  juniper('ATM2', 135, 'ATM2', 8, 10),
  juniper('ATM1', 137, 'ATM1', 4, 10),
  juniper('MONITOR', 164, 'monitoring', 12),
  juniper('PPPOE', 167, 'PPPoE', 32, 3),
  juniper('PPPOE_ATM', 168, 'PPPoE over ATM', 6),
  juniper('ETHER', 178, 'Ethernet', 32, 3),
  juniper('PPP', 179, 'PPP', 4),
  juniper('FRELAY', 180, 'Frame Relay', 4),
  juniper('CHDLC', 181, 'Cisco HDLC', 4),
];

const plain = { network: 0, networkNoSnap: 0 } as const;

export const OTHER_LINKS: readonly LinkLayer[] = [
  arcnet('ARCNET', 7, 2, 6),
  arcnet('ARCNET_LINUX', 129, 4, 8),
  // libpcap counts offsets in the network header from the start of the packet here, and what scripts know of that stays right.
  { ...plain, name: 'FRELAY', types: [107], title: 'Frame Relay', payload: 0, carries: frameRelay, iso: frameRelayIso },
  {
    ...plain,
    name: 'LTALK',
    types: [114],
    title: 'LocalTalk',
    payload: 0,
    carries: (_context, protocol) => (protocol === ETHERTYPE.atalk ? TRUE : FALSE),
  },
  {
    ...plain,
    name: 'PFLOG',
    types: [117],
    title: 'pf log',
    type: 1,
    payload: 0,
    open: openPf,
    carries: byFamily(1, true),
    direction: (context, inbound) => context.tests.equals(context.inHeader(1, 60), inbound ? 1 : 2),
    signalling: 'pf',
  },
  {
    ...plain,
    name: 'IPNET',
    types: [226],
    title: 'Solaris ipnet',
    type: 1,
    payload: 24,
    carries: onlyType(
      1,
      new Map<number, number>([
        [ETHERTYPE.ip, 2],
        [ETHERTYPE.ip6, 26],
      ]),
    ),
    direction: (context, inbound) => context.tests.equals(context.inHeader(2, 2), inbound ? 2 : 1),
  },
  {
    name: 'SUNATM',
    types: [123],
    title: 'ATM of Solaris',
    type: 4,
    payload: 4,
    network: 8,
    networkNoSnap: 3,
    carries: (context, protocol) => all(atmCarriesLlc(context), llcCarries(context, protocol)),
    llc: atmCarriesLlc,
    signalling: 'atm',
  },
  { ...plain, name: 'MTP2', types: [140], title: 'SS7 MTP2', payload: 0, signalling: 'ss7' },
  {
    ...plain,
    name: 'BACNET_MS_TP',
    types: [165],
    title: 'BACnet MS/TP',
    payload: 0,
    byteAddress: { src: 4, dst: 3, everybody: 0xff, multicast: false },
  },
  ...JUNIPER,
];

function frameRelayIso(context: Context, protocol: number): Condition {
  return context.tests.equals(context.inHeader(2, 2), 0x0300 | protocol);
}
