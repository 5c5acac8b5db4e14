/** tcpdump's text of routes: what can be reached, in each address family. */
import type { Line } from '../../src/dissect/line.ts';
import { dotted, say } from '../say.ts';
import { addressText, distinguisher, nsap, prefixBytes } from './prefix.ts';
import { circuitText, multicastText, routeTargetText } from './vpn.ts';

/**
 * The writers of routes return the size of what they read; -1 when the length of a prefix cannot be (the caller says
 * so), -2 when something was missing.
 */
export function plainPrefixText(w: Line, at: number, left: number, size: 4 | 16, indent: string): number {
  if (left < 1) return -2;
  const bits = w.u8(at);
  if (bits > size * 8) return -1;
  const count = Math.ceil(bits / 8);
  if (left - 1 < count) return -2;
  const address = prefixBytes(w, at + 1, bits, size);
  w.str(indent);
  addressText(w, address);
  say(w, '/', bits);
  return 1 + count;
}
const INDENT = '\n\t      ';
/** A label of twenty bits, the class and the end of the stack (RFC 8277 section 2.2). */
function labelText(w: Line, at: number): void {
  const bottom = (w.u8(at + 2) & 1) === 0 ? '(BOGUS: Bottom of Stack NOT set!)' : '(bottom)';
  say(w, ', label:', w.u24(at) >> 4, ' ', bottom);
}
const labeledPrefixText =
  (size: 4 | 16): RouteText =>
  (w, at, left) => {
    if (!w.has(at, 4)) return -2;
    if (left < 4) return -3;
    const bits = w.u8(at) - 24;
    if (bits < 0 || bits > size * 8) return -1;
    const count = Math.ceil(bits / 8);
    // tcpdump does not ask whether an IPv6 prefix fits.
    if (size === 4 && left - 4 < count) return -3;
    const address = prefixBytes(w, at + 4, bits, size);
    w.str(INDENT);
    addressText(w, address);
    say(w, '/', bits);
    labelText(w, at + 1);
    return 4 + count;
  };
const NSAP_SIZE = 19;
const LABEL_AND_RD = 88;
const vpnPrefixText =
  (size: 4 | 16 | 19): RouteText =>
  (w, at) => {
    const bits = w.u8(at) - LABEL_AND_RD;
    if (bits < 0 || bits > size * 8) return -1;
    const count = Math.ceil(bits / 8);
    const address = prefixBytes(w, at + 12, bits, size);
    if (!w.need(at, 12)) return 1;
    say(w, INDENT, 'RD: ', distinguisher(w, at + 4), ', ');
    if (size === NSAP_SIZE) w.str(nsap(address.subarray(0, count)));
    else addressText(w, address);
    say(w, '/', bits);
    labelText(w, at + 1);
    return 12 + count;
  };
/** tcpdump looks for the address three bytes too far. */
const nsapPrefixText: RouteText = (w, at) => {
  const bits = w.u8(at);
  if (bits > NSAP_SIZE * 8) return -1;
  const count = Math.ceil(bits / 8);
  const address = prefixBytes(w, at + 4, bits, NSAP_SIZE);
  say(w, INDENT, nsap(address.subarray(0, count)), '/', bits);
  return 1 + count;
};
const MDT_BITS = 128;
const distributionText: RouteText = (w, at) => {
  if (w.u8(at) !== MDT_BITS) return -1;
  if (!w.has(at + 1, 8)) return -2;
  say(
    w,
    INDENT,
    'RD: ',
    distinguisher(w, at + 1),
    ', VPN IP Address: ',
    dotted(w, at + 9),
    ', MC Group Address: ',
    dotted(w, at + 13),
  );
  return 17;
};

type RouteText = (w: Line, at: number, left: number) => number;
const L2: RouteText = (w, at) => circuitText(w, at, INDENT);
/** Keyed by family and subfamily. */
const ROUTES: ReadonlyMap<number, RouteText> = new Map<number, RouteText>([
  ...[1, 2, 3].flatMap((sub): [number, RouteText][] => [[0x300 + sub, nsapPrefixText]]),
  ...[128, 129, 130].flatMap((sub): [number, RouteText][] => [
    [0x100 + sub, vpnPrefixText(4)],
    [0x200 + sub, vpnPrefixText(16)],
    [0x300 + sub, vpnPrefixText(NSAP_SIZE)],
    [196 * 256 + sub, L2],
  ]),
  [0x104, labeledPrefixText(4)],
  [0x204, labeledPrefixText(16)],
  [0x105, (w, at) => multicastText(w, at, INDENT)],
  [0x142, distributionText],
  [0x184, (w, at) => routeTargetText(w, at, INDENT)],
  [25 * 256 + 65, L2],
]);
const isPlain = (family: number, subfamily: number): boolean =>
  family < 3 && family > 0 && subfamily > 0 && subfamily < 4;
/** Has tcpdump words for this family? */
export const isKnown = (family: number, subfamily: number): boolean =>
  isPlain(family, subfamily) || ROUTES.has(family * 256 + subfamily);

/** A route of a family; -2 when something was missing, another negative number when the rest is not looked at. */
export function routeText(w: Line, family: number, subfamily: number, at: number, left: number, ids: boolean): number {
  if (isPlain(family, subfamily)) return plainRouteText(w, family === 1 ? 4 : 16, at, left, ids);
  const size = ROUTES.get(family * 256 + subfamily)!(w, at, left);
  if (size === -1 && family * 256 + subfamily !== 0x184)
    w.str(family === 25 || family === 196 ? '\n\t    (illegal length)' : '\n\t    (illegal prefix length)');
  return size;
}
function plainRouteText(w: Line, size: 4 | 16, from: number, left: number, ids: boolean): number {
  const id = ids ? w.u32(from) : 0;
  const at = ids ? from + 4 : from;
  const advance = plainPrefixText(w, at, left, size, INDENT);
  if (advance === -2) return -2;
  if (advance === -1) w.str('\n\t    (illegal prefix length)');
  if (!ids) return advance;
  say(w, '   Path Id: ', id);
  return advance + 4;
}
/**
 * Does each prefix have a path identifier in front (RFC 7911)? Only the open messages tell; without them it is so when
 * the prefixes make sense with identifiers and do not without.
 */
export function hasPathIds(w: Line, from: number, length: number, most: number): boolean {
  if (length < 5) return false;
  let offset = 0;
  while (offset < length) {
    offset += 4;
    if (!w.has(from + offset, 1)) break;
    const bits = w.u8(from + offset);
    if (bits > most) return false;
    offset += 1 + Math.ceil(bits / 8);
  }
  if (offset > length) return false;
  for (offset = 0; offset < length; ) {
    if (!w.has(from + offset, 1)) break;
    const bits = w.u8(from + offset);
    if (bits < 1 || bits > most) return true;
    offset += 1 + Math.ceil(bits / 8);
  }
  return offset > length;
}
