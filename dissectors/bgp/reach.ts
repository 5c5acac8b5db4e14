/** tcpdump's text of routes in other address families (RFC 4760). */
import { literal } from '../../src/bytes/text.ts';
import type { Line } from '../../src/dissect/line.ts';
import { FAMILIES } from '../names/families.ts';
import { dotted, nameOf, say } from '../say.ts';
import { unknownData } from '../unknown-data.ts';
import type { AttributeText } from './attributes.ts';
import { SUBFAMILIES } from './names.ts';
import { distinguisher, nsap } from './prefix.ts';
import { hasPathIds, isKnown, routeText } from './routes.ts';

const RD = 8;
const INDENT = literal('\n\t    ');

/** The family. False when tcpdump has no words for its routes. */
function familyText(w: Line, at: number, length: number): boolean {
  const [family, subfamily] = [w.u16(at), w.u8(at + 2)];
  say(
    w,
    '\n\t    AFI: ',
    nameOf(FAMILIES, family, 'Unknown AFI'),
    ' (',
    family,
    '), ',
    subfamily > 128 ? 'vendor specific ' : '',
  );
  say(w, 'SAFI: ', nameOf(SUBFAMILIES, subfamily, 'Unknown SAFI'), ' (', subfamily, ')');
  if (isKnown(family, subfamily)) return true;
  if (!w.need(at, length)) return false;
  say(w, '\n\t    no AFI ', family, ' / SAFI ', subfamily, ' decoder');
  if (w.verbose === 1) unknownData(w, at, length, INDENT);
  return false;
}
function routesText(w: Line, from: number, end: number, whole: number, family: number, subfamily: number): boolean {
  const ids = hasPathIds(w, from, end - from, family === 1 ? 32 : 128);
  for (let at = from; at < end && !w.cut; ) {
    const size = routeText(w, family, subfamily, at, whole, ids);
    if (size === -2) return false;
    if (size < 0) return true;
    at += size;
  }
  return true;
}
export const unreachText: AttributeText = (w, at, length) => {
  if (!w.has(at, 3)) return false;
  if (!familyText(w, at, length)) return true;
  if (length === 3) w.str('\n\t      End-of-Rib Marker (empty NLRI)');
  return routesText(w, at + 3, at + length, length, w.u16(at), w.u8(at + 2));
};
export const reachText: AttributeText = (w, from, length) => {
  if (!w.has(from, 3) || length < 3) return false;
  if (!familyText(w, from, length)) return true;
  const end = from + length;
  if (!w.has(from + 3, 1) || length < 4) return false;
  const [family, subfamily] = [w.u16(from), w.u8(from + 2)];
  const size = w.u8(from + 3);
  let at = from + 4;
  if (size > 0) {
    if (end - at < size) return false;
    w.str('\n\t    nexthop: ');
    nextHopsText(w, at, size, family, subfamily);
    at += size;
  }
  say(w, ', nh-length: ', size);
  const routes = pointsText(w, at, end);
  return routes < 0 ? w.cut : routesText(w, routes, end, length, family, subfamily);
};
/** Points of attachment, which are reserved now. Returns where they end, -1 when something was missing. */
function pointsText(w: Line, from: number, end: number): number {
  if (end - from < 1) return -1;
  const count = w.u8(from);
  let at = from + 1;
  if (count === 0) w.str(', no SNPA');
  else say(w, '\n\t    ', count, ' SNPA');
  for (let i = 0; i < count && !w.cut; i++) {
    if (end - at < 1) return -1;
    const size = w.u8(at);
    say(w, '\n\t      ', size, ' bytes');
    at += 1 + size;
    if (end < at || !w.has(at - size, size)) return -1;
  }
  return at;
}
/** The addresses of one or several next hops. */
function nextHopsText(w: Line, from: number, size: number, family: number, subfamily: number): void {
  const withRd = subfamily >= 128 && subfamily <= 130 && family < 4;
  let at = from;
  for (let left = size; left > 0 && !w.cut; ) {
    if (at > from) w.str(', ');
    const address = family === 2 ? 16 : family === 3 ? Math.max(1, left - (withRd ? RD : 0)) : 4;
    const step = address + (withRd ? RD : 0);
    if (left < step) {
      w.str('invalid len');
      return;
    }
    if (!w.need(at, step)) return;
    if (withRd) say(w, 'RD: ', distinguisher(w, at), ', ');
    nextHopText(w, at + (withRd ? RD : 0), address, family, withRd);
    at += step;
    left -= step;
  }
}
function nextHopText(w: Line, at: number, size: number, family: number, withRd: boolean): void {
  if (family === 2) w.ipv6At(at);
  else if (family !== 3) w.ipv4At(at);
  else {
    w.str(nsap(w.frame.bytes.subarray(at, at + size)));
    if (!withRd) return;
    // Addresses of the Internet inside those of OSI (RFC 986, RFC 1888).
    if (w.u32(at) === 0x4700_0601) say(w, ' = ', dotted(w, at + 4));
    else if (w.u24(at) === 0x35_0000 && w.need(at + 3, 16)) {
      w.str(' = ');
      w.ipv6At(at + 3);
    }
  }
}
