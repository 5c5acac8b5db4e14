import { all, any, type Condition, FALSE } from '../condition.ts';
import type { Context } from '../context.ts';
import { behind } from '../expression.ts';
import { ETHERTYPE, LONGEST_802_3, SAP } from '../numbers.ts';
import type { LinkLayer } from './layer.ts';

/** A SNAP header for a protocol of this organisation: LLC aa aa 03, the OUI, the type; the end is compared first. */
export function snap(context: Context, organisation: number, type: number): Condition {
  const { tests } = context;
  return all(
    tests.equals(context.inPayload(4, 4), ((organisation & 0xffff) << 16) + type),
    tests.equals(context.inPayload(4, 0), (0xaaaa0300 | (organisation >>> 16)) >>> 0),
  );
}

/** SAPs whose frames have the SAP twice, source and destination. */
export function isDoubleSap(protocol: number): boolean {
  return protocol === SAP.iso || protocol === SAP.ip || protocol === SAP.netbeui;
}

const APPLE = 0x080007;

/** What a header with an EtherType carries, where `isLlc` asks whether an LLC header takes the type's place. */
export function etherTypes(isLlc: (context: Context) => Condition, raw8023: (context: Context) => Condition) {
  return (context: Context, protocol: number): Condition => {
    const { tests } = context;
    const type = context.load(2, context.layout.type);
    const sap = (): Condition => tests.equals(context.inPayload(1, 0), protocol);
    if (isDoubleSap(protocol)) return all(isLlc(context), tests.equals(context.inPayload(2, 0), protocol * 257));
    if (protocol === SAP.ipx) {
      return any(tests.equals(type, ETHERTYPE.ipx), all(raw8023(context)));
    }
    if (protocol === ETHERTYPE.atalk || protocol === ETHERTYPE.aarp) {
      const organisation = protocol === ETHERTYPE.atalk ? APPLE : 0;
      return any(tests.equals(type, protocol), all(isLlc(context), snap(context, organisation, protocol)));
    }
    if (protocol <= LONGEST_802_3) return all(isLlc(context), sap());
    return tests.equals(type, protocol);
  };
}

function hasLength(context: Context): Condition {
  const { tests } = context;
  return { kind: 'not', operand: tests.above(context.load(2, context.layout.type), LONGEST_802_3) };
}

/** IPX behind a length: in SNAP, behind its SAP, or right behind the length, where its checksum is all ones. */
function ipxBehindLength(context: Context): Condition {
  const { tests } = context;
  return all(
    hasLength(context),
    any(
      snap(context, 0, ETHERTYPE.ipx),
      tests.equals(context.inPayload(1, 0), SAP.ipx),
      tests.equals(context.inPayload(2, 0), 0xffff),
    ),
  );
}

/** A length, and not the raw IPX that some put there instead of LLC. */
function hasLlc(context: Context): Condition {
  const { tests } = context;
  return all(hasLength(context), { kind: 'not', operand: tests.equals(context.inPayload(2, 0), 0xffff) });
}

export function groupAddress(offset: number): (context: Context) => Condition {
  return (context) => context.tests.hasBit(context.inHeader(1, offset), 1);
}

export function allOnes(offset: number): (context: Context) => Condition {
  return (context) => all(...context.bytesAre(behind(context.layout.header, offset), [255, 255, 255, 255, 255, 255]));
}

const carries = etherTypes(hasLength, ipxBehindLength);

const shared = {
  network: 0,
  networkNoSnap: 3,
  carries,
  mac: { dst: 0, src: 6 },
  broadcast: allOnes(0),
  multicast: groupAddress(0),
  vlan: true,
  mpls: ETHERTYPE.mpls,
} as const;

export const ETHERNET: LinkLayer = {
  ...shared,
  name: 'EN10MB',
  types: [1],
  title: 'Ethernet',
  type: 12,
  payload: 14,
  llc: hasLlc,
};

/** A tag of a switch chip between the addresses and the type; bits of its first byte say where a packet comes from. */
function tagged(name: string, type: number, title: string, direction: LinkLayer['direction'] & {}): LinkLayer {
  return { ...shared, name, types: [type], title, type: 16, payload: 18, llc: hasLlc, direction };
}

export const ETHERNETS: readonly LinkLayer[] = [
  ETHERNET,
  {
    ...shared,
    name: 'NETANALYZER',
    types: [240],
    title: 'Ethernet of a netANALYZER',
    header: 4,
    type: 16,
    payload: 18,
  },
  {
    ...shared,
    name: 'NETANALYZER_TRANSPARENT',
    types: [241],
    title: 'Ethernet of a netANALYZER with preamble',
    header: 12,
    type: 24,
    payload: 26,
  },
  tagged('DSA_TAG_BRCM', 281, 'Ethernet with a Broadcom tag', (context, inbound) => {
    const opcode = context.inHeader(1, 12);
    return inbound ? context.tests.masked(opcode, 0xe0, 0) : context.tests.masked(opcode, 0xe0, 0x20);
  }),
  tagged('DSA_TAG_DSA', 284, 'Ethernet with a DSA tag', (context, inbound) => {
    const mode = context.inHeader(1, 12);
    return inbound ? context.tests.masked(mode, 0x40, 0) : context.tests.masked(mode, 0xc0, 0x40);
  }),
  {
    name: 'SYMANTEC_FIREWALL',
    types: [99],
    title: 'Symantec firewall',
    type: 6,
    payload: 44,
    network: 0,
    networkNoSnap: 0,
    carries: plainType,
  },
  {
    name: 'APPLE_IP_OVER_IEEE1394',
    types: [138],
    title: 'IP over FireWire',
    type: 16,
    payload: 18,
    network: 0,
    networkNoSnap: 0,
    carries: plainType,
  },
];

/** A type field that is an EtherType and nothing else. */
export function plainType(context: Context, protocol: number): Condition {
  return context.tests.equals(context.load(2, context.layout.type), protocol);
}

/** Nothing: for link types that carry IP only. */
export function never(): Condition {
  return FALSE;
}
