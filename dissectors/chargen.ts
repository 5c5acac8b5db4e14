import { header, text } from '../src/bytes/field.ts';
import { protocol } from '../src/dissect/protocol.ts';

const chargen = header('chargen', {}, { data: text('Characters') });

/** Character Generator Protocol: characters without end, for tests. */
export const characterGenerator = protocol(chargen, {
  title: 'Character Generator Protocol',
  source: 'RFC 864',
  on: { 'tcp.port': 19, 'udp.port': 19 },
  expand(frame, d, visit) {
    const end = frame.limit(d);
    if (end > frame.from[d]!) visit(chargen.data, frame.from[d]!, end);
  },
});
