import { shouldBe16 } from '../src/bytes/checksum.ts';
import type { Frame } from '../src/dissect/frame.ts';
import type { Line } from '../src/dissect/line.ts';
import { NONE, protocol } from '../src/dissect/protocol.ts';
import { FLAG } from '../src/frame/batch.ts';
import { checksumStatus } from './checksum-status.ts';
import { echoComputed, echoExchange } from './icmp/echo.ts';
import { DISCOVERY } from './icmpv6/discovery.ts';
import { ERRORS } from './icmpv6/errors.ts';
import { icmp6, TYPES } from './icmpv6/header.ts';
import { LISTENER } from './icmpv6/listener.ts';
import type { MessageText } from './icmpv6/message.ts';
import { MOBILE } from './icmpv6/mobile.ts';
import { NODE } from './icmpv6/node.ts';
import { renumberingText } from './icmpv6/renumbering.ts';
import { messageRows } from './icmpv6/rows.ts';
import { rplText } from './icmpv6/rpl.ts';
import { wrongVersionText } from './ip/version.ts';
import { pseudoChecksum } from './pseudo-header.ts';
import { isFragment } from './udp.ts';
import { LINE, unknownData } from './unknown-data.ts';

const ICMPV6 = 58;
/** What follows their header is the sender's own. */
const ECHO_REQUEST = 128;
const ECHO_REPLY = 129;
/** Errors quote the packet that they are about. */
const QUOTED_AT = 8;

/** Internet Control Message Protocol version 6, with neighbour discovery and multicast listener discovery. */
export const icmpv6 = protocol(icmp6, {
  title: 'Internet Control Message Protocol version 6',
  source: 'RFC 4443',
  on: { 'ip.proto': ICMPV6 },
  spansPayload: true,
  computed: [checksumStatus('icmpv6'), ...echoComputed('icmpv6')],
  exchange: echoExchange(ECHO_REQUEST, ECHO_REPLY),
  step(frame, bytes, at, end) {
    const type = icmp6.type.read(bytes, at);
    if (type === ECHO_REQUEST || type === ECHO_REPLY) return frame.passOn(NONE, at + QUOTED_AT, end);
    return type >= 1 && type <= 4 ? frame.passOn(frame.registry.id('ipv6'), at + QUOTED_AT, end) : NONE;
  },
  expand: messageRows,
  check(frame, d) {
    const end = frame.claim[d]!;
    if ((frame.flags & FLAG.checksumNotReady) !== 0 || frame.limit(d) < end || isFragment(frame, d)) return;
    const sum = pseudoChecksum(frame, d, ICMPV6, end - frame.from[d]!);
    if (sum !== undefined) frame.verified(d, sum === 0);
  },
  line(w, frame, d) {
    if (wrongVersionText(w, frame, d, 6, ICMPV6)) return;
    w.label = 'icmp6';
    const at = frame.from[d]!;
    const length = frame.claim[d]! - at;
    if (w.verbose > 0 && !isFragment(frame, d)) checksumText(w, frame, d, length);
    const type = w.u8(at);
    if (w.cut) return;
    w.str('ICMP6, ');
    w.named(TYPES, type, 'unknown icmp6 type (%u)');
    if (w.verbose > 0 && LENGTH_FIRST.has(type)) lengthText(w, length);
    const code = w.u8(at + 1);
    const ending = (TEXTS[type] ?? unknownText)(w, at, length, code);
    if (w.cut) return;
    if (ending === 'cut') w.trunc();
    else if (ending === 'length' && w.verbose === 0) lengthText(w, length);
  },
});

/** With `-v` these show their length in front of what else they show, and others not at all. */
const LENGTH_FIRST: ReadonlySet<number> = new Set([133, 134, 135, 136, 137, 145, 147]);
function lengthText(w: Line, length: number): void {
  w.str(', length ');
  w.dec(length);
}
function checksumText(w: Line, frame: Frame, d: number, length: number): void {
  const at = frame.from[d]!;
  if (!w.has(at, length)) return;
  const found = w.u16(at + icmp6.checksum.distance);
  const sum = pseudoChecksum(frame, d, ICMPV6, length);
  if (sum === undefined) return;
  if (sum === 0) {
    w.str('[icmp6 sum ok] ');
    return;
  }
  w.str('[bad icmp6 cksum 0x');
  w.hexPadded(found, 4);
  w.str(' -> 0x');
  w.hexPadded(shouldBe16(found, sum), 4);
  w.str('!] ');
}

const echoText: MessageText = (w, at) => {
  if (w.need(at + 4, 4)) {
    w.str(', id ');
    w.dec(w.u16(at + 4));
    w.str(', seq ');
    w.dec(w.u16(at + 6));
  }
  return 'length';
};
const unknownText: MessageText = (w, at, length) => {
  lengthText(w, length);
  if (w.verbose < 2) unknownData(w, at, length, LINE);
  return 'nothing';
};
const nothing: MessageText = () => 'length';
const TEXTS: Readonly<Record<number, MessageText>> = {
  ...ERRORS,
  128: echoText,
  129: echoText,
  ...LISTENER,
  ...DISCOVERY,
  138: renumberingText,
  ...NODE,
  141: nothing,
  142: nothing,
  ...MOBILE,
  155: rplText,
};
