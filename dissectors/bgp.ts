import { protocol } from '../src/dissect/protocol.ts';
import { bgp } from './bgp/fields.ts';
import { messagesRows } from './bgp/rows.ts';
import { bgpText } from './bgp/text.ts';

/** Border Gateway Protocol. A segment may carry several messages, or none that begins in it: all are one layer. */
export const borderGateway = protocol(bgp, {
  title: 'Border Gateway Protocol',
  source: 'RFC 4271, RFC 4760, RFC 5492',
  on: { 'tcp.port': 179 },
  expand: messagesRows,
  line: (w, frame, d) => bgpText(w, frame.from[d]!),
});
