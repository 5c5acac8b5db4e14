import { read16 } from '../src/bytes/kind.ts';
import type { Frame } from '../src/dissect/frame.ts';
import { NONE, type Protocol, protocol, table } from '../src/dissect/protocol.ts';
import { inOrder } from './in-order.ts';
import { addressSize, ppp as head, protocolSize } from './ppp/frame.ts';
import { hdlcText, pppText } from './ppp/text.ts';

export const pppProtocol = table('ppp.protocol', 0x1_0000);
const LINKTYPE_PPP = 9;
const LINKTYPE_PPP_HDLC = 50;
const LINKTYPE_PPP_PPPD = 166;
const ETHERTYPE = 0x880b;

/** Point-to-Point Protocol. */
export const pointToPoint: Protocol = protocol(head, {
  title: 'Point-to-Point Protocol',
  source: 'RFC 1661',
  link: true,
  on: { link: [LINKTYPE_PPP, LINKTYPE_PPP_PPPD], ethertype: ETHERTYPE },
  opens: [pppProtocol],
  step(frame, bytes, at, end) {
    if (frame.depth === 1 && isCisco(frame, at, end)) return frame.passOn(frame.registry.id('chdlc'), at, end);
    const number = protocolAt(frame, at, end);
    if (number < 0) return NONE;
    return frame.handOn(pppProtocol, head.protocol.read(bytes, number), number + protocolSize(bytes, number), end);
  },
  expand(frame, d, visit) {
    const { bytes } = frame;
    const from = frame.from[d]!;
    const end = frame.limit(d);
    const number = protocolAt(frame, from, end);
    if (number < 0) return;
    if (number > from) inOrder([head.address, head.control], from, end, visit);
    visit(head.protocol, number, number + protocolSize(bytes, number));
  },
  line: pppText,
});

/** Where the protocol's number is, when it is there; -1 when it is not. */
function protocolAt(frame: Frame, from: number, end: number): number {
  const { bytes } = frame;
  const limit = Math.min(end, frame.end);
  if (from + 2 > limit) return -1;
  const at = from + addressSize(bytes, from);
  return at < limit && at + protocolSize(bytes, at) <= limit ? at : -1;
}
/** Cisco's addresses on a serial line (RFC 1547 section 4.3.1), instead of PPP's. */
const isCisco = (frame: Frame, at: number, end: number): boolean =>
  at + 2 <= Math.min(end, frame.end) && (read16(frame.bytes, at) & 0x7fff) === 0x0f00;
/** The same on a serial line, of which tcpdump tells more. */
export const serialPointToPoint: Protocol = {
  ...pointToPoint,
  name: 'ppp_hdlc',
  shownAs: head.$name,
  opens: [],
  on: { link: LINKTYPE_PPP_HDLC },
  line: hdlcText,
};
