import type { Conversation } from '../../src/flow/conversation-table.ts';
import type { ConversationKind } from '../../src/flow/conversations.ts';
import type { Subject } from './view.ts';

/** Two ends, as far as a filter can tell them: a conversation, or the two ends of a packet. */
export type Ends = Pick<Conversation, 'a' | 'b' | 'portA' | 'portB'>;

/** A conversation as both languages say it; enter leads to its packets. */
export function subjectOf(kind: ConversationKind, { a, b, portA, portB }: Ends): Subject {
  const address = kind === 'eth' ? 'eth.addr' : a.includes(':') ? 'ipv6.addr' : 'ip.addr';
  const host = kind === 'eth' ? 'ether host' : 'host';
  const addresses = `${address} == ${a} && ${address} == ${b}`;
  const hosts = `${host} ${a} and ${host} ${b}`;
  const transport = kind === 'tcp' || kind === 'udp' ? kind : undefined;
  if (transport === undefined || portA === undefined || portB === undefined)
    return withTarget({ title: `${kind} ${a} <-> ${b}`, filter: addresses, expression: hosts });
  return withTarget({
    title: `${kind} ${a}:${portA} <-> ${b}:${portB}`,
    filter: `${addresses} && ${transport}.port == ${portA} && ${transport}.port == ${portB}`,
    expression: `${hosts} and ${transport} port ${portA} and ${transport} port ${portB}`,
  });
}
const withTarget = (subject: Subject & { filter: string }): Subject => ({
  ...subject,
  target: { view: 'packets', filter: subject.filter },
});
