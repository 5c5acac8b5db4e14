import { header, bytes as raw, u32 } from '../src/bytes/field.ts';
import { protocol } from '../src/dissect/protocol.ts';

const head = header(
  'esp',
  { spi: u32('Security parameters index', { base: 'hex' }), sequence: u32('Sequence number') },
  { encrypted_data: raw('Encrypted payload and integrity check value') },
);
/** Encapsulating Security Payload: what it carries only the two ends can read. */
export const securityPayload = protocol(head, {
  title: 'Encapsulating Security Payload',
  source: 'RFC 4303',
  on: { 'ip.proto': 50 },
  expand(frame, d, visit) {
    const from = frame.from[d]! + head.$size;
    const to = frame.limit(d);
    if (from < to) visit(head.encrypted_data, from, to);
  },
  line(w, frame, d) {
    const at = frame.from[d]!;
    w.label = 'esp';
    if (at + head.$size >= w.limit) {
      w.trunc();
      return;
    }
    w.str('ESP(spi=0x');
    w.hexPadded(w.u32(at), 8);
    w.str(',seq=0x');
    w.hex(w.u32(at + 4));
    w.str('), length ');
    w.dec(frame.claim[d]! - at);
  },
});
