import { any, type Condition } from '../condition.ts';
import type { Context } from '../context.ts';
import { ETHERTYPE, SAP } from '../numbers.ts';
import type { LinkLayer } from './layer.ts';

/** PPP's own numbers of network protocols. */
const PPP_NUMBERS: ReadonlyMap<number, number> = new Map<number, number>([
  [ETHERTYPE.ip, 0x0021],
  [ETHERTYPE.ip6, 0x0057],
  [ETHERTYPE.decnet, 0x0027],
  [ETHERTYPE.atalk, 0x0029],
  [ETHERTYPE.xnsIdp, 0x0025],
  [SAP.iso, 0x0023],
  [SAP.stp, 0x0031],
  [SAP.ipx, 0x002b],
]);

export const PPP_MPLS = 0x0281;

function carries(context: Context, protocol: number): Condition {
  return context.tests.equals(context.load(2, context.layout.type), PPP_NUMBERS.get(protocol) ?? protocol);
}

/** BSD/OS also sees IP whose TCP header is compressed, as Van Jacobson did it (RFC 1332). */
function carriesCompressed(context: Context, protocol: number): Condition {
  if (protocol !== ETHERTYPE.ip) return carries(context, protocol);
  const type = context.load(2, context.layout.type);
  return any(...[0x0021, 0x002d, 0x002f].map((number) => context.tests.equals(type, number)));
}

function ppp(name: string, types: number[], title: string, type: number, payload: number): LinkLayer {
  return { name, types, title, type, payload, network: 0, networkNoSnap: 0, carries };
}

/** What is inside a PPPoE session: the protocol number and its packet, no HDLC framing. */
export const PPPOE_SESSION: LinkLayer = { ...ppp('PPP', [], 'PPP in PPPoE', 0, 2), mpls: PPP_MPLS };

export const PPP_LINKS: readonly LinkLayer[] = [
  { ...ppp('PPP', [9], 'PPP', 2, 4), mpls: PPP_MPLS },
  ppp('PPP_SERIAL', [50], 'PPP in HDLC', 2, 4),
  ppp('PPP_ETHER', [51], 'PPPoE', 6, 8),
  {
    ...ppp('PPP_PPPD', [166], 'PPP with a direction', 2, 4),
    direction: (context, inbound) => context.tests.equals(context.inHeader(1, 0), inbound ? 0 : 1),
  },
  { ...ppp('PPP_BSDOS', [103, 16], 'PPP of BSD/OS', 5, 24), carries: carriesCompressed },
  {
    ...ppp('C_HDLC', [104], 'Cisco HDLC', 2, 4),
    networkNoSnap: 1,
    // Cisco writes SAPs into the type field, ISO's twice.
    carries: (context, protocol) =>
      context.tests.equals(context.load(2, context.layout.type), protocol === SAP.iso ? 0xfefe : protocol),
    mpls: ETHERTYPE.mpls,
  },
];
