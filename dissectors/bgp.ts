import { protocol } from '../src/dissect/protocol.ts';
import { bgp } from './bgp/fields.ts';
import { messagesRows } from './bgp/rows.ts';
import { bgpText } from './bgp/text.ts';
import { hex } from './say.ts';

/** Types of messages, as Wireshark calls them. */
const MESSAGES: Readonly<Record<number, string>> = {
  1: 'OPEN Message',
  2: 'UPDATE Message',
  3: 'NOTIFICATION Message',
  4: 'KEEPALIVE Message',
  5: 'ROUTE-REFRESH Message',
  6: 'CAPABILITY Message',
  128: 'Cisco ROUTE-REFRESH Message',
};
const nameInSummary = (type: number): string => MESSAGES[type] ?? `Unknown message type (0x${hex(type, 2)})`;

/** Border Gateway Protocol. A segment may carry several messages, or none that begins in it: all are one layer. */
export const borderGateway = protocol(bgp, {
  title: 'Border Gateway Protocol',
  source: 'RFC 4271, RFC 4760, RFC 5492',
  on: { 'tcp.port': 179 },
  summary: { each: [bgp.type], text: (last) => `Border Gateway Protocol - ${nameInSummary(last(bgp.type))}` },
  expand: messagesRows,
  line: (w, frame, d) => bgpText(w, frame.from[d]!),
});
