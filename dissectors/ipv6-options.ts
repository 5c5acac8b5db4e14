import { header, u8 } from '../src/bytes/field.ts';
import { literal } from '../src/bytes/text.ts';
import { type Frame, MOST_CLAIMED } from '../src/dissect/frame.ts';
import type { Line } from '../src/dissect/line.ts';
import { protocol, type Visit } from '../src/dissect/protocol.ts';
import { inOrder } from './in-order.ts';
import { handOnNext, ipv6Below, jumboLength, jumboOption, nextText, notExtending } from './ipv6/chain.ts';
import { ipv6Header } from './ipv6/header.ts';
import { ipv6OptionsText } from './ipv6/options-text.ts';
import { IP_PROTOCOLS } from './names/ipprotocols.ts';

const layout = (name: string) =>
  header(name, {
    nxt: u8('Next header', { names: IP_PROTOCOLS }),
    len: u8('Length beyond the first 8 bytes', { unit: '8 bytes' }),
  });
const hop = layout('ipv6.hopopts');
const destination = layout('ipv6.dstopts');
/** In bytes, from the length field. */
const sizeOf = (length: number): number => (length + 1) * 8;

/** Options that every router on the way reads. */
export const hopByHopOptions = protocol(hop, {
  title: 'IPv6 hop-by-hop options',
  source: 'RFC 8200 section 4.3',
  on: { 'ip.proto': 0 },
  step(frame, bytes, at) {
    const d = frame.depth - 1;
    const next = at + sizeOf(hop.len.read(bytes, at));
    if (ipv6Below(frame, d) !== d - 1 || ipv6Header.plen.read(bytes, frame.from[d - 1]!) !== 0)
      return handOnNext(frame, hop.nxt.read(bytes, at), next);
    // Without a payload length there must be a jumbogram's (RFC 2675 section 3).
    const jumbo = jumboOption(frame, at);
    if (jumbo === 0) return frame.malformed();
    frame.claim[d] = frame.from[d - 1]! + ipv6Header.$size + Math.min(jumbo, MOST_CLAIMED);
    return handOnNext(frame, hop.nxt.read(bytes, at), next);
  },
  line(w, frame, d) {
    if (notExtending(w, frame, d, 0)) return;
    const base = d - 1;
    if (ipv6Below(frame, d) !== base) {
      misplacedText(w, frame, d);
      return;
    }
    const at = frame.from[d]!;
    w.label = 'hbhopt';
    const size = sizeOf(w.u8(at + 1));
    if (w.cut) return;
    const length = ipv6Header.plen.read(frame.bytes, frame.from[base]!);
    const whole = w.has(at, size);
    const good = whole && bodyText(w, HOP, at, size, length);
    if (!good) w.trunc();
    if (length === 0 && (!whole || jumboLength(frame, base) === 0)) {
      w.str('[No valid Jumbo Payload Hop-by-Hop option found]');
      w.invalid();
    } else if (good) nextText(w, frame, d, hop.nxt.read(frame.bytes, at), at + size);
  },
});
/** Options that only the destination reads. */
export const destinationOptions = protocol(destination, {
  title: 'IPv6 destination options',
  source: 'RFC 8200 section 4.6',
  on: { 'ip.proto': 60 },
  step: (frame, bytes, at) =>
    handOnNext(frame, destination.nxt.read(bytes, at), at + sizeOf(destination.len.read(bytes, at))),
  line(w, frame, d) {
    if (notExtending(w, frame, d, 60)) return;
    const at = frame.from[d]!;
    w.label = 'dstopt';
    const size = sizeOf(w.u8(at + 1));
    if (w.cut) return;
    if (w.has(at, size) && bodyText(w, DESTINATION, at, size, undefined))
      nextText(w, frame, d, destination.nxt.read(frame.bytes, at), at + size);
    else w.trunc();
  },
});

const HOP = literal('HBH ');
const DESTINATION = literal('DSTOPT ');
function bodyText(w: Line, name: typeof HOP, at: number, size: number, payloadLength: number | undefined): boolean {
  w.put(name);
  // tcpdump looks at destination options only to show them, and misses errors in them otherwise.
  return (payloadLength === undefined && w.verbose === 0) || ipv6OptionsText(w, at + 2, size - 2, payloadLength);
}
/** Routers look for these options right behind the IPv6 header, and nowhere else. */
function misplacedText(w: Line, frame: Frame, d: number): void {
  const first = frame.layer[ipv6Below(frame, d) + 1];
  w.str('[The Hop-by-Hop Options header ');
  w.str(first === frame.layer[d] ? 'was already found]' : "don't follow the IPv6 header]");
  w.invalid();
}

/** The fields of all options in the chain that begins above the IPv6 header at depth `base`. */
export function optionRows(frame: Frame, base: number, visit: Visit): void {
  const { protocols } = frame.registry;
  for (let d = base + 1; d < frame.depth; d++) {
    const { name } = protocols[frame.layer[d]!]!;
    if (name === hop.$name || name === destination.$name) rowsOf(frame, d, visit);
    else if (!name.startsWith('ipv6.')) return;
  }
}
function rowsOf(frame: Frame, d: number, visit: Visit): void {
  const { bytes } = frame;
  const start = frame.from[d]!;
  const limit = frame.limit(d);
  if (start + hop.$size > limit) return;
  const end = Math.min(start + sizeOf(hop.len.read(bytes, start)), limit);
  const { 'opt.type': type, 'opt.length': length } = ipv6Header;
  for (let at = start + hop.$size; at < end; ) {
    visit(type, at, at + 1);
    const kind = type.read(bytes, at);
    // Pad1 is a single byte.
    if (kind === 0) {
      at++;
      continue;
    }
    if (at + 2 > end) return;
    visit(length, at + 1, at + 2);
    const next = at + 2 + length.read(bytes, at + 1);
    if (next > end) return;
    valueRows(kind, at + 2, next, visit);
    at = next;
  }
}
const VALUES: Readonly<Record<number, Parameters<typeof inOrder>[0]>> = {
  4: [ipv6Header['opt.tel']],
  5: [ipv6Header['opt.router_alert']],
  35: [ipv6Header['opt.rpl.flag'], ipv6Header['opt.rpl.instance_id'], ipv6Header['opt.rpl.sender_rank']],
  48: [ipv6Header['opt.pmtu.min'], ipv6Header['opt.pmtu.rtn']],
  99: [ipv6Header['opt.rpl.flag'], ipv6Header['opt.rpl.instance_id'], ipv6Header['opt.rpl.sender_rank']],
  194: [ipv6Header['opt.jumbo']],
  201: [ipv6Header['opt.mipv6.home_address']],
};
function valueRows(type: number, from: number, to: number, visit: Visit): void {
  const rest = inOrder(VALUES[type] ?? [], from, to, visit);
  if (rest < to) visit(ipv6Header[type === 1 ? 'opt.padn' : 'opt.unknown'], rest, to);
}
