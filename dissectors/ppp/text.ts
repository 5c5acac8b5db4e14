import { literal } from '../../src/bytes/text.ts';
import type { Frame } from '../../src/dissect/frame.ts';
import type { Line } from '../../src/dissect/line.ts';
import { nothingOf } from '../announced.ts';
import { chapText, multilinkText, papText } from './authentication-text.ts';
import { controlText } from './control-text.ts';
import { PPP, PPP_NAMES } from './numbers.ts';

const DIRECTIONS: Readonly<Record<number, string>> = { 3: 'In  ', 259: 'Out ' };
const PPP_HEADER = 4;

/** tcpdump's text of PPP without a length of its own in front: address and control may be left out. */
export function pppText(w: Line, frame: Frame, d: number): void {
  const from = frame.from[d]!;
  const end = frame.claim[d]!;
  w.label = 'ppp';
  if (d === 0) {
    w.linkHeader = Math.min(PPP_HEADER, w.limit - from);
    if (!w.has(from, PPP_HEADER)) {
      w.trunc();
      return;
    }
  }
  if (d > 0 && !TUNNELS.has(frame.registry.protocols[frame.layer[d - 1]!]!.name)) w.str(': ');
  if (end - from < 2) {
    w.trunc();
    return;
  }
  const first = w.u16(from);
  let at = from;
  if (w.link) w.str(DIRECTIONS[first] ?? '');
  if (first === 0xff03 || DIRECTIONS[first] !== undefined) at += 2;
  if (end - at < 2) {
    w.trunc();
    return;
  }
  let number = w.u8(at++);
  if (number % 2 === 0) number = number * 256 + w.u8(at++);
  if (w.link) {
    w.named(PPP_NAMES, number, 'unknown');
    w.str(` (0x${number.toString(16).padStart(4, '0')}), length `);
    w.dec(end - from);
    if (PPP_NAMES[number] === undefined) return;
    w.str(': ');
  }
  payloadText(w, frame, d, number, at);
}
/** These hand on to PPP themselves; where an EtherType does, tcpdump writes a colon first. */
const TUNNELS: ReadonlySet<string> = new Set(['gre', 'pppoes', 'l2tp']);

/** On a serial line the address says whose framing it is: PPP's, or Cisco's. */
export function hdlcText(w: Line, frame: Frame, d: number): void {
  const from = frame.from[d]!;
  w.label = 'ppp_hdlc';
  if (!w.has(from, 2)) {
    w.trunc();
    w.linkHeader = w.limit - from;
    return;
  }
  const address = w.u8(from);
  if ((address & 0x7f) === 0x0f) {
    w.next(frame, d);
    return;
  }
  w.linkHeader = Math.min(address === 0xff ? 4 : 2, w.limit - from);
  if (!w.has(from, 4)) {
    w.trunc();
    w.linkHeader = w.limit - from;
    return;
  }
  if (w.link) {
    w.hex2(address);
    w.char(0x20);
    w.hex2(w.u8(from + 1));
    w.str(` ${frame.claim[d]! - from} `);
  }
  if (address === 0xff) {
    const number = w.u16(from + 2);
    w.named(PPP_NAMES, number, 'unknown PPP protocol (0x%04x)');
    w.str(': ');
    payloadText(w, frame, d, number, from + 4);
  } else {
    w.str('unknown addr ');
    w.hex2(w.u8(from + 2));
    w.str('; ctrl ');
    w.hex2(w.u8(from + 3));
  }
}
/** What tcpdump takes for control protocols, which all have the same codes. */
const CONTROL: ReadonlySet<number> = new Set([PPP.lcp, PPP.ipcp, PPP.osicp, PPP.mplscp, PPP.ipv6cp, PPP.ccp, PPP.bacp]);
const OTHERS: Readonly<Record<number, (w: Line, at: number, length: number) => void>> = {
  [PPP.multilink]: multilinkText,
  [PPP.chap]: chapText,
  [PPP.pap]: papText,
  [PPP.compressed]: (w) => w.str('compressed PPP data'),
  // Bandwidth allocation, of which tcpdump says nothing.
  49197: () => {},
};
/** What is read by others: as which EtherType it is announced when there is nothing of it. */
const NETWORK: Readonly<Record<number, number>> = {
  [PPP.ip]: 0x0800,
  [PPP.uncompressed]: 0x0800,
  2048: 0x0800,
  [PPP.ipv6]: 0x86dd,
  34525: 0x86dd,
  [PPP.ipx]: 0x8137,
  33079: 0x8137,
  [PPP.osi]: 0x00fe,
  [PPP.mpls]: 0x8847,
  [PPP.mplsMulticast]: 0x8847,
};
const INDENT = literal('\n\t');

function payloadText(w: Line, frame: Frame, d: number, number: number, at: number): void {
  const length = frame.claim[d]! - at;
  const type = NETWORK[number];
  if (type !== undefined) {
    if (!w.next(frame, d)) nothingOf(w, type, at);
  } else if (CONTROL.has(number)) controlText(w, number, at, length);
  else if (OTHERS[number] !== undefined) OTHERS[number](w, at, length);
  else if (number >> 8 === 0x7e) escapedText(w, at - 1, length);
  else {
    w.named(PPP_NAMES, number, 'unknown PPP protocol (0x%04x)');
    w.char(0x20);
    w.hexDump(at, Math.min(at + length, w.limit), false, INDENT);
  }
}
/** The number begins with HDLC's flag: the frame came as it was on the wire, its bytes escaped (RFC 1662 section 4). */
function escapedText(w: Line, from: number, length: number): void {
  if (length === 0 || !w.has(from, 1)) return;
  const some: number[] = [];
  for (let at = from; at < w.limit && some.length < PPP_HEADER; at++) {
    const byte = w.u8(at);
    if (byte !== 0x7d) some.push(byte);
    else if (++at < w.limit) some.push(w.u8(at) ^ 0x20);
  }
  const [first = 0, second = 0, third = 0, fourth = 0] = some;
  const framed = first === 0xff && second === 0x03;
  if (some.length < (framed ? 4 : 2)) w.trunc();
  else if ((framed ? third : first) === 0x7e) {
    const number = framed ? third * 256 + fourth : first * 256 + second;
    w.str(`(protocol 0x${number.toString(16).padStart(4, '0')} invalid)`);
  }
}
