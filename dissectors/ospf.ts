import { fold16, sum16 } from '../src/bytes/checksum.ts';
import { read16 } from '../src/bytes/kind.ts';
import { protocol } from '../src/dissect/protocol.ts';
import { ospf } from './ospf/fields.ts';
import { packetRows } from './ospf/rows.ts';
import { ospfText } from './ospf/text.ts';
import { ospf6Text } from './ospf/text6.ts';
import { networkBelow, pseudoChecksum } from './pseudo-header.ts';
import { isFragment } from './udp.ts';

const OSPF = 89;
/** With cryptographic authentication there is no checksum (RFC 2328 appendix D.4.3). */
const CRYPTOGRAPHIC = 2;
const AUTH = [16, 24] as const;

/** Open Shortest Path First, versions 2 and 3. */
export const openShortestPath = protocol(ospf, {
  title: 'Open Shortest Path First',
  source: 'RFC 2328, RFC 5340',
  on: { 'ip.proto': OSPF },
  expand: packetRows,
  check(frame, d) {
    const { bytes } = frame;
    const at = frame.from[d]!;
    const length = ospf.packet_length.read(bytes, at);
    if (at + length > frame.limit(d) || length < AUTH[1] || isFragment(frame, d)) return;
    const version = ospf.version.read(bytes, at);
    if (version === 3) {
      const sum = pseudoChecksum(frame, d, OSPF, frame.claim[d]! - at, length);
      if (sum !== undefined) frame.verified(d, sum === 0);
    } else if (version === 2 && read16(bytes, at + ospf.$size) !== CRYPTOGRAPHIC) {
      // The password is not covered.
      const sum = sum16(bytes, at, at + AUTH[0], sum16(bytes, at + AUTH[1], at + length));
      frame.verified(d, fold16(sum) === 0);
    }
  },
  line(w, frame, d) {
    const v6 = frame.layer[networkBelow(frame, d)] === frame.registry.id('ipv6');
    const at = frame.from[d]!;
    (v6 ? ospf6Text : ospfText)(w, at, frame.claim[d]! - at);
  },
});
