import { type Condition, TRUE } from '../condition.ts';
import type { Context } from '../context.ts';
import { ETHERTYPE, LONGEST_802_3, SAP } from '../numbers.ts';
import { allOnes, groupAddress, isDoubleSap, snap } from './ethernet.ts';
import type { LinkLayer } from './layer.ts';

/** What an LLC header carries: a SAP, or behind a SNAP header an EtherType (the organisation is taken to be 0). */
export function llcCarries(context: Context, protocol: number): Condition {
  const { tests } = context;
  if (isDoubleSap(protocol)) return tests.equals(context.inPayload(2, 0), protocol * 257);
  if (protocol === SAP.ipx) return tests.equals(context.inPayload(1, 0), SAP.ipx);
  if (protocol === ETHERTYPE.atalk) return snap(context, 0x080007, ETHERTYPE.atalk);
  if (protocol <= LONGEST_802_3) return tests.equals(context.inPayload(1, 0), protocol);
  return tests.equals(context.inPayload(2, 6), protocol);
}

function llcLink(name: string, type: number, title: string, payload: number, addresses: number): LinkLayer {
  return {
    name,
    types: [type],
    title,
    type: payload,
    payload,
    network: 8,
    networkNoSnap: 3,
    carries: llcCarries,
    mac: { dst: addresses, src: addresses + 6 },
    broadcast: allOnes(addresses),
    multicast: groupAddress(addresses),
  };
}

const everything = (): Condition => TRUE;

export const LLC_LINKS: readonly LinkLayer[] = [
  { ...llcLink('FDDI', 10, 'FDDI', 13, 1), llc: everything },
  { ...llcLink('IEEE802', 6, 'Token Ring', 14, 2), llc: everything },
  llcLink('IP_OVER_FC', 122, 'IP over Fibre Channel', 16, 2),
  {
    name: 'ATM_RFC1483',
    types: [100, 11],
    title: 'ATM with LLC',
    type: 0,
    payload: 0,
    network: 8,
    networkNoSnap: 3,
    carries: llcCarries,
  },
];
