import { header, u8, u32 } from '../src/bytes/field.ts';
import { read8, read32 } from '../src/bytes/kind.ts';
import { NONE, protocol } from '../src/dissect/protocol.ts';

const udpencap = header(
  'udpencap',
  {},
  { nat_keepalive: u8('Keep alive', { base: 'hex' }), non_esp_marker: u32('No ESP follows', { base: 'hex' }) },
);
const KEEP_ALIVE = 0xff;
const MARKER = 4;

/** What goes through NAT in the port of IKE: IKE with a marker in front, or ESP. */
export const encapsulatedIpsec = protocol(udpencap, {
  title: 'UDP encapsulation of IPsec packets',
  source: 'RFC 3948',
  on: { 'udp.port': 4500 },
  step(frame, bytes, at, end) {
    if (at + MARKER > Math.min(end, frame.end)) return NONE;
    const isKeyExchange = read32(bytes, at) === 0;
    return frame.passOn(frame.registry.id(isKeyExchange ? 'isakmp' : 'esp'), isKeyExchange ? at + MARKER : at, end);
  },
  expand(frame, d, visit) {
    const at = frame.from[d]!;
    const end = frame.limit(d);
    if (end - at === 1 && read8(frame.bytes, at) === KEEP_ALIVE) visit(udpencap.nat_keepalive, at, end);
    else if (at + MARKER <= end && read32(frame.bytes, at) === 0) visit(udpencap.non_esp_marker, at, at + MARKER);
  },
  line(w, frame, d) {
    const at = frame.from[d]!;
    const length = frame.claim[d]! - at;
    w.label = 'isakmp_rfc3948';
    if (length === 1 && w.u8(at) === KEEP_ALIVE) {
      w.str('isakmp-nat-keep-alive');
      return;
    }
    if (length < MARKER) {
      w.trunc();
      return;
    }
    w.str(w.u32(at) === 0 ? 'NONESP-encap: ' : 'UDP-encap: ');
    if (w.next(frame, d) || w.u32(at) !== 0) return;
    // Nothing behind the marker.
    w.label = 'isakmp';
    w.trunc();
  },
});
