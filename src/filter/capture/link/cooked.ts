import { any } from '../condition.ts';
import { SAP } from '../numbers.ts';
import { etherTypes, plainType, snap } from './ethernet.ts';
import type { LinkLayer } from './layer.ts';

/** Protocol numbers of Linux for frames without an EtherType: linux/if_ether.h. */
const ETH_P_802_3 = 1;
const ETH_P_802_2 = 4;
/** PACKET_OUTGOING of linux/if_packet.h. */
export const OUTGOING = 4;

const carries = etherTypes(
  (context) => context.tests.equals(context.load(2, context.layout.type), ETH_P_802_2),
  (context) => {
    const type = context.load(2, context.layout.type);
    const { tests } = context;
    return any(tests.equals(type, ETH_P_802_3), {
      kind: 'and',
      left: tests.equals(type, ETH_P_802_2),
      right: any(tests.equals(context.inPayload(1, 0), SAP.ipx), snap(context, 0, 0x8137)),
    });
  },
);

/** Linux's cooked captures: <https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html>, and its second version. */
export const COOKED_LINKS: readonly LinkLayer[] = [
  {
    name: 'LINUX_SLL',
    types: [113],
    title: 'Linux cooked capture',
    type: 14,
    payload: 16,
    network: 0,
    networkNoSnap: 0,
    carries,
    direction: (context, inbound) => {
      const outgoing = context.tests.equals(context.inHeader(2, 0), OUTGOING);
      return inbound ? { kind: 'not', operand: outgoing } : outgoing;
    },
  },
  {
    name: 'LINUX_SLL2',
    types: [276],
    title: 'Linux cooked capture, version 2',
    type: 0,
    payload: 20,
    network: 0,
    networkNoSnap: 0,
    carries: plainType,
    direction: (context, inbound) => {
      const outgoing = context.tests.equals(context.inHeader(1, 10), OUTGOING);
      return inbound ? { kind: 'not', operand: outgoing } : outgoing;
    },
    interfaceIndex: (context, index) => context.tests.equals(context.inHeader(4, 4), index),
  },
];
