import { literal } from '../src/bytes/text.ts';
import type { Frame } from '../src/dissect/frame.ts';
import type { Line } from '../src/dissect/line.ts';
import { protocol, table } from '../src/dissect/protocol.ts';
import { nothingOf } from './announced.ts';
import { addressBits } from './eth/bits.ts';
import { eth } from './eth/header.ts';
import { ethernetExpress } from './express.ts';
import { requiresText } from './ip.ts';
import { ETHERTYPES } from './names/ethertypes.ts';

export const etherType = table('ethertype', 0x1_0000);
/** Keyed by 0: who reads the payload of an 802.3 frame, whose type field is a length. */
export const lengthTable = table('eth.len', 0x100);
/** Values up to this are a length (IEEE 802.3 clause 3.2.6). */
export const MAX_LENGTH = 1500;

/** As a payload of IPv6 (RFC 8986 section 4.9). */
const IP_PROTOCOL = 143;

/** DIX Ethernet II and IEEE 802.3. */
export const ethernet = protocol(eth, {
  title: 'Ethernet',
  source: 'IEEE 802.3',
  link: true,
  on: { link: 1, 'ip.proto': IP_PROTOCOL },
  tellsEtherType: (frame, d) => eth.type.read(frame.bytes, frame.from[d]!) > MAX_LENGTH,
  opens: [etherType, lengthTable],
  express: ethernetExpress,
  computed: addressBits,
  summary: (frame, d) =>
    eth.type.read(frame.bytes, frame.from[d]!) > MAX_LENGTH
      ? 'Ethernet II, Src: {eth.src}, Dst: {eth.dst}'
      : 'IEEE 802.3 Ethernet ',
  step(frame, bytes, at, end) {
    const type = eth.type.read(bytes, at);
    return type > MAX_LENGTH
      ? frame.handOn(etherType, type, at + eth.$size, end)
      : frame.handOn(lengthTable, 0, at + eth.$size, Math.min(end, at + eth.$size + type));
  },
  line(w, frame, d) {
    if (d === 0) frameText(w, frame, d);
    else innerText(w, frame, d);
  },
});

function frameText(w: Line, frame: Frame, d: number): void {
  const at = frame.from[d]!;
  w.label = 'ether';
  if (w.limit - at < eth.$size) {
    w.linkHeader = frame.end - frame.start;
    w.trunc();
    return;
  }
  const type = eth.type.read(frame.bytes, at);
  if (!w.link && type > MAX_LENGTH) {
    // By far the most packets: nothing of the link layer is shown.
    w.linkHeader = at + eth.$size - frame.start;
    if (!isTag(type) && w.next(frame, d)) return;
  }
  if (w.link) addresses(w, frame, d);
  payloadLine(w, frame, d, type, at + eth.$size, w.link ? d : -1);
}
/** What carries the frame is a link layer too, or a tunnel: then `-x` shows the frame's header. */
function innerText(w: Line, frame: Frame, d: number): void {
  const below = frame.registry.protocols[frame.layer[d - 1]!]!;
  const { linkHeader } = w;
  if (below.name === 'ip') requiresText(w, IP_PROTOCOL);
  else frameText(w, frame, d);
  if (below.link !== true) w.linkHeader = linkHeader;
}

const COMMA = literal(', ');
const ARROW = literal(' > ');
function addresses(w: Line, frame: Frame, d: number): void {
  const at = frame.from[d]!;
  w.mac(frame.bytes, at + eth.src.distance);
  w.put(ARROW);
  w.mac(frame.bytes, at + eth.dst.distance);
  w.put(COMMA);
}
/** `ethertype IPv4 (0x0800)`, or less with `-q`. */
export function typeText(w: Line, type: number): void {
  if (w.quiet > 0) {
    w.named(ETHERTYPES, type, 'Unknown Ethertype (0x%04x)');
    return;
  }
  w.str('ethertype ');
  w.str(ETHERTYPES[type] ?? 'Unknown');
  w.str(' (0x');
  w.hexPadded(type, 4);
  w.char(0x29);
}
/**
 * What follows the addresses and, with `-e`, the tags: the type and the payload. `d` is the layer that holds the type;
 * `introduce` is the Ethernet layer whose length is still to be printed, or -1 when it has been or is not wanted.
 */
export function payloadLine(w: Line, frame: Frame, d: number, type: number, payload: number, introduce: number): void {
  w.linkHeader = payload - frame.start;
  if (type <= MAX_LENGTH) {
    lengthLine(w, frame, d, type, payload, introduce);
    return;
  }
  if (isTag(type)) {
    tagLine(w, frame, d, type, payload, introduce);
    return;
  }
  if (type === JUMBO) {
    logicalLinkLine(w, frame, d, payload);
    return;
  }
  if (w.link) {
    typeText(w, type);
    if (introduce >= 0) lengthText(w, frame, introduce);
    else w.put(COMMA);
  }
  if (w.next(frame, d) || nothingOf(w, type, payload)) return;
  if (!w.link) {
    const base = baseOf(frame, d);
    // A tag may also stand behind a header that has no such addresses.
    if (frame.layer[base] === frame.registry.id('eth')) addresses(w, frame, base);
    typeText(w, type);
    lengthText(w, frame, base);
  }
  w.unknownPayload(payload);
}
/** A logical link follows, as in 802.3, in a frame longer than its length could tell: tcpdump says nothing of the type. */
const JUMBO = 0x8870;
/** Does the type announce a tag in the middle of the header (802.1Q, 802.1ad, two older ones)? */
const isTag = (type: number): boolean => type === 0x8100 || type === 0x88a8 || type === 0x9100 || type === 0x9200;

function tagLine(w: Line, frame: Frame, d: number, type: number, payload: number, introduce: number): void {
  w.label = 'vlan';
  if (w.limit - payload < 4 || frame.to[d]! - payload < 4) {
    w.trunc();
    w.linkHeader += Math.min(w.limit, frame.to[d]!) - payload;
    return;
  }
  if (w.link) {
    typeText(w, type);
    if (introduce >= 0) lengthText(w, frame, introduce);
    else w.put(COMMA);
  }
  w.next(frame, d);
}
function lengthLine(w: Line, frame: Frame, d: number, type: number, payload: number, introduce: number): void {
  const claimed = Math.max(0, frame.to[d]! - payload);
  const length = Math.min(type, claimed);
  const outer = w.limit;
  w.limit = Math.min(outer, payload + length);
  if (w.link) {
    w.str('802.3');
    if (introduce >= 0) {
      w.str(', length ');
      w.dec(length);
      w.str(': ');
    }
  }
  logicalLinkLine(w, frame, d, payload);
  w.limit = outer;
}
function logicalLinkLine(w: Line, frame: Frame, d: number, payload: number): void {
  if (w.next(frame, d)) return;
  // Nothing inside: what reads an 802.3 payload has nothing to read.
  w.label = 'llc';
  if (w.limit - payload < 3) w.trunc();
  else w.unknownPayload(payload);
}
function lengthText(w: Line, frame: Frame, d: number): void {
  w.str(', length ');
  w.dec(frame.claim[d]! - frame.from[d]!);
  w.str(': ');
}
/** The Ethernet layer that a tag at depth `d` belongs to. */
export function baseOf(frame: Frame, d: number): number {
  const id = frame.registry.id('eth');
  let base = d;
  while (base > 0 && frame.layer[base] !== id) base--;
  return base;
}
