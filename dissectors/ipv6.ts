import { literal } from '../src/bytes/text.ts';
import type { Frame } from '../src/dissect/frame.ts';
import type { Line } from '../src/dissect/line.ts';
import { protocol } from '../src/dissect/protocol.ts';
import { notThisVersion } from './ip/bare.ts';
import { hasPorts, ipProto, unknownProtocolText } from './ip.ts';
import { emptyExtension, isExtension, missingText } from './ipv6/chain.ts';
import { ipv6Header as ip6 } from './ipv6/header.ts';
import { optionRows } from './ipv6-options.ts';
import { IP_PROTOCOLS } from './names/ipprotocols.ts';

export { ipv6Header } from './ipv6/header.ts';
export { ipv6FinalDestination } from './ipv6-routing.ts';

const LINKTYPE_IPV6 = 229;
/** Internet Protocol version 6. */
export const ipv6 = protocol(ip6, {
  title: 'Internet Protocol version 6',
  source: 'RFC 8200',
  summary: 'Internet Protocol Version 6, Src: {ipv6.src}, Dst: {ipv6.dst}',
  on: { link: LINKTYPE_IPV6, ethertype: 0x86dd, 'ip.proto': 41, 'ppp.protocol': 0x0057 },
  ends: [ip6.src, ip6.dst],
  step(frame, bytes, at, end) {
    if (ip6.version.read(bytes, at) !== 6) return frame.malformed();
    const next = ip6.nxt.read(bytes, at);
    const payload = at + ip6.$size;
    const length = ip6.plen.read(bytes, at);
    const claimed = length === 0 && mayBeLonger(next, end - payload) ? end : payload + length;
    return frame.handOn(ipProto, next, payload, claimed);
  },
  expand: optionRows,
  line(w, frame, d) {
    const at = frame.from[d]!;
    const { bytes } = frame;
    if (d === 0 && notThisVersion(w, frame, d, 6)) return;
    w.label = 'ip6';
    if (w.limit - at < ip6.$size) {
      w.trunc();
      return;
    }
    const available = frame.claim[d]! - at;
    if (available < ip6.$size) {
      w.str('truncated-ip6 ');
      w.dec(available);
      return;
    }
    if (!w.link) w.put(IP6);
    const version = ip6.version.read(bytes, at);
    if (version !== 6) {
      w.str('version error: ');
      w.dec(version);
      w.str(' != 6');
      return;
    }
    const length = ip6.plen.read(bytes, at);
    if (length !== 0) missingText(w, ip6.$size + length - available);
    if (w.verbose > 0) verboseText(w, frame, d);
    const outer = w.limit;
    const end = at + ip6.$size + length;
    // Without a length the options are looked at first: they may hold it.
    if (length !== 0 && end < outer) w.limit = end;
    payload(w, frame, d, ip6.nxt.read(bytes, at), length);
    w.limit = outer;
  },
});
/**
 * A payload length of 0 stands for a jumbogram, whose options say how long it is (RFC 2675), or for more than the field
 * can say, as segmentation offload gives it. tcpdump reads extension headers even where it stands for nothing.
 */
const mayBeLonger = (next: number, rest: number): boolean => isExtension(next) || rest > 0xffff;

const IP6 = literal('IP6 ');
const COLON = literal(': ');

function payload(w: Line, frame: Frame, d: number, next: number, length: number): void {
  if (!hasPorts(next)) {
    w.addressesOf(frame, d);
    w.put(COLON);
  }
  if (isExtension(next)) {
    if (!w.next(frame, d)) emptyExtension(w, next);
  } else if (length === 0) {
    w.limit = Math.min(w.limit, frame.from[d]! + ip6.$size);
    unknownProtocolText(w, frame, d, next, 0);
  } else if (!w.next(frame, d)) unknownProtocolText(w, frame, d, next, length);
}
/** `(flowlabel 0x12345, hlim 64, next-header TCP (6) payload length: 32) `. */
function verboseText(w: Line, frame: Frame, d: number): void {
  const { bytes } = frame;
  const at = frame.from[d]!;
  w.char(0x28);
  const trafficClass = ip6.tclass.read(bytes, at);
  if (trafficClass !== 0) {
    w.str('class 0x');
    w.hex2(trafficClass);
    w.str(', ');
  }
  const flow = ip6.flow.read(bytes, at);
  if (flow !== 0) {
    w.str('flowlabel 0x');
    w.hexPadded(flow, 5);
    w.str(', ');
  }
  w.put(HOP_LIMIT);
  w.dec(ip6.hlim.read(bytes, at));
  w.put(NEXT_HEADER);
  const next = ip6.nxt.read(bytes, at);
  w.str(IP_PROTOCOLS[next] ?? 'unknown');
  w.str(' (');
  w.dec(next);
  w.put(PAYLOAD_LENGTH);
  w.dec(ip6.plen.read(bytes, at));
  w.str(') ');
}
const HOP_LIMIT = literal('hlim ');
const NEXT_HEADER = literal(', next-header ');
const PAYLOAD_LENGTH = literal(') payload length: ');
