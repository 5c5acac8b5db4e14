/** What IPv6's extension headers have in common (RFC 8200 section 4): each says what comes next, and where. */
import { literal } from '../../src/bytes/text.ts';
import type { Frame } from '../../src/dissect/frame.ts';
import type { Line } from '../../src/dissect/line.ts';
import { ipProto, unknownProtocolText } from '../ip.ts';
import { ipv6Header } from './header.ts';

/** The extension headers that tcpdump reads as part of IPv6, with its names of them. */
const EXTENSIONS: Readonly<Record<number, string>> = {
  0: 'hbhopt',
  43: 'ip6',
  44: 'frag6',
  60: 'dstopt',
  62: 'mobility',
  135: 'mobility',
};
export const isExtension = (next: number): boolean => EXTENSIONS[next] !== undefined;

/** For an extension header's step: `next` begins at `at`, and goes on to the end that the IPv6 header claims. */
export function handOnNext(frame: Frame, next: number, at: number): number {
  return frame.handOn(ipProto, next, at, frame.claim[frame.depth - 1]!);
}
/** The depth of the IPv6 header whose chain the layer at depth `d` stands in; -1 when it stands elsewhere. */
export function ipv6Below(frame: Frame, d: number): number {
  const { protocols } = frame.registry;
  for (let below = d - 1; below >= 0; below--) {
    const { name } = protocols[frame.layer[below]!]!;
    if (name === ipv6Header.$name) return below;
    if (!name.startsWith('ipv6.')) return -1;
  }
  return -1;
}
/** What a jumbogram's hop-by-hop option says in place of the payload length (RFC 2675); 0: this is no jumbogram. */
export function jumboLength(frame: Frame, base: number): number {
  if (ipv6Header.plen.read(frame.bytes, frame.from[base]!) !== 0) return 0;
  const options = base + 1;
  if (options >= frame.depth || frame.registry.protocols[frame.layer[options]!]!.name !== 'ipv6.hopopts') return 0;
  return jumboOption(frame, frame.from[options]!);
}
/** The same, when it is known that the payload length is 0 and the hop-by-hop options are at `start`. */
export function jumboOption(frame: Frame, start: number): number {
  const { bytes } = frame;
  const { 'opt.type': type, 'opt.length': length, 'opt.jumbo': jumbo } = ipv6Header;
  const end = Math.min(start + (length.read(bytes, start + 1) + 1) * 8, frame.end);
  for (let at = start + 2; at < end; ) {
    const size = type.read(bytes, at) === 0 ? 1 : at + 1 < end ? length.read(bytes, at + 1) + 2 : 2;
    if (at + size > end) return 0;
    if (type.read(bytes, at) === 0xc2) {
      const claimed = size === 6 ? jumbo.read(bytes, at + 2) : 0;
      return claimed > 0xffff ? claimed : 0;
    }
    at += size;
  }
  return 0;
}

/** An extension header in a place where tcpdump does not look for one. */
export function notExtending(w: Line, frame: Frame, d: number, own: number): boolean {
  if (ipv6Below(frame, d) >= 0) return false;
  unknownProtocolText(w, frame, d, own, frame.claim[d]! - frame.from[d]!);
  return true;
}
/** What comes after the extension header at depth `d`: `next`, at `at`. */
export function nextText(w: Line, frame: Frame, d: number, next: number, at: number): void {
  w.label = 'ip6';
  if (isExtension(next)) {
    if (!w.next(frame, d)) emptyExtension(w, next);
    return;
  }
  const base = ipv6Below(frame, d);
  const start = frame.from[base]!;
  let length = ipv6Header.plen.read(frame.bytes, start);
  if (length === 0) {
    length = jumboLength(frame, base);
    if (length === 0) {
      w.trunc();
      return;
    }
    missingText(w, ipv6Header.$size + length - (frame.claim[base]! - start));
  }
  const end = start + ipv6Header.$size + length;
  if (end < w.limit) w.limit = end;
  if (!w.next(frame, d)) unknownProtocolText(w, frame, d, next, end - at);
}
/** Announced, but there is nothing of it. */
export function emptyExtension(w: Line, next: number): void {
  w.label = EXTENSIONS[next]!;
  w.cutHere();
}
const TRUNCATED = literal('truncated-ip6 - ');
const MISSING = literal(' bytes missing!');
export function missingText(w: Line, missing: number): void {
  if (missing <= 0) return;
  w.put(TRUNCATED);
  w.dec(missing);
  w.put(MISSING);
}
