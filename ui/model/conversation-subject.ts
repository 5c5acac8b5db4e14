import type { Conversation } from '../../src/flow/conversation.ts';
import type { ConversationKind } from '../../src/flow/conversations.ts';
import type { Subject } from './view.ts';

/** Two ends, as far as a filter can tell them: a conversation, or the two ends of a packet. */
export type Ends = Pick<Conversation, 'a' | 'b' | 'portA' | 'portB'>;
/** The packets between two ends, in both directions, in both languages. */
export interface PacketFilter {
  /** In Wireshark's. */
  readonly filter: string;
  /** In tcpdump's. */
  readonly expression: string;
}

/** What tells a conversation from others. */
export function filterBetween(kind: ConversationKind, { a, b, portA, portB }: Ends): PacketFilter {
  const address = kind === 'eth' ? 'eth.addr' : a.includes(':') ? 'ipv6.addr' : 'ip.addr';
  const host = kind === 'eth' ? 'ether host' : 'host';
  const filter = `${address} == ${a} && ${address} == ${b}`;
  const expression = `${host} ${a} and ${host} ${b}`;
  if (!hasPorts(kind) || portA === undefined || portB === undefined) return { filter, expression };
  return {
    filter: `${filter} && ${kind}.port == ${portA} && ${kind}.port == ${portB}`,
    expression: `${expression} and ${kind} port ${portA} and ${kind} port ${portB}`,
  };
}
const hasPorts = (kind: ConversationKind): boolean => kind === 'tcp' || kind === 'udp';
/** A conversation as both languages say it; enter leads to its packets. */
export function subjectOf(kind: ConversationKind, ends: Ends): Subject {
  const { a, b, portA, portB } = ends;
  const told = filterBetween(kind, ends);
  const title =
    hasPorts(kind) && portA !== undefined && portB !== undefined
      ? `${kind} ${a}:${portA} <-> ${b}:${portB}`
      : `${kind} ${a} <-> ${b}`;
  return { title, ...told, target: { view: 'packets', filter: told.filter } };
}
