import { read8 } from '../src/bytes/kind.ts';
import { NONE, protocol } from '../src/dissect/protocol.ts';
import { isRight, PIM } from './pim/checksum.ts';
import { HEADER, pim, TYPE } from './pim/header.ts';
import { messageRows } from './pim/rows.ts';
import { pimText } from './pim/text.ts';
import { isFragment } from './udp.ts';

const VERSION = 2;
/** A register message carries a packet behind its flags (RFC 7761 section 4.9.3). */
const PACKET_AT = 8;

/** Protocol Independent Multicast, version 2; version 1 is a type of IGMP. */
export const multicastRouting = protocol(pim, {
  title: 'Protocol Independent Multicast',
  source: 'RFC 7761, RFC 3973, RFC 5015, RFC 5059',
  on: { 'ip.proto': PIM },
  step(frame, bytes, at, end) {
    if (pim.version.read(bytes, at) !== VERSION || pim.type.read(bytes, at) !== TYPE.register) return NONE;
    const packet = at + PACKET_AT;
    if (packet >= Math.min(end, frame.end)) return NONE;
    const version = read8(bytes, packet) >> 4;
    if (version !== 4 && version !== 6) return NONE;
    return frame.passOn(frame.registry.id(version === 4 ? 'ip' : 'ipv6'), packet, end);
  },
  expand(frame, d, visit) {
    const { bytes } = frame;
    const at = frame.from[d]!;
    if (pim.version.read(bytes, at) !== VERSION) return;
    messageRows(bytes, pim.type.read(bytes, at), at + HEADER, frame.limit(d), visit);
  },
  check(frame, d) {
    const at = frame.from[d]!;
    const end = frame.to[d]!;
    if (end > frame.end || isFragment(frame, d) || pim.cksum.read(frame.bytes, at) === 0) return;
    // The packet in a register message is not covered, but may be (RFC 7761 section 4.9).
    const lengths = pim.type.read(frame.bytes, at) === TYPE.register ? [PACKET_AT, end - at] : [end - at];
    frame.verified(
      d,
      lengths.some((length) => isRight(frame, d, length)),
    );
  },
  line: pimText,
});
