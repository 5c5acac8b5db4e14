/** tcpdump's text of the advertisements of OSPF version 3. */
import { literal } from '../../src/bytes/text.ts';
import type { Line } from '../../src/dissect/line.ts';
import { dotted, flagNames, hex, nameOf, say } from '../say.ts';
import { unknownData } from '../unknown-data.ts';
import { graceText } from './grace.ts';
import { LSAS6, OPTIONS6, SCOPES } from './names.ts';
import { trafficText } from './traffic.ts';

const HEAD = 20;
const INDENT = literal('\n\t      ');

/** The type of an advertisement, and its name, which stands at `at`. */
export function typeText(w: Line, type: number, at: number): void {
  const kind = type & 0x1fff;
  say(w, '\n\t    ', nameOf(LSAS6, kind, 'Unknown'), ' LSA (', kind, '), ', nameOf(SCOPES, type & 0x6000, 'Unknown'));
  say(w, ' Scope', type > 0x7fff ? ', transitive' : '', ', LSA-ID ', dotted(w, at));
}
/** False when it does not fit. */
export function head6Text(w: Line, at: number, end: number): boolean {
  if (at + HEAD > end) return false;
  // A length that is too short is printed as the very large number that it becomes.
  const length = w.u16(at + 18) - HEAD;
  const size = length < 0 ? String(2n ** 64n + BigInt(length)) : length;
  say(
    w,
    '\n\t  Advertising Router ',
    dotted(w, at + 8),
    ', seq 0x',
    hex(w.u32(at + 12), 8),
    ', age ',
    w.u16(at),
    's, length ',
    size,
  );
  typeText(w, w.u16(at + 2), at + 4);
  return true;
}
/** Writes what an advertisement says; false when something was missing. */
type BodyText = (w: Line, at: number, end: number) => boolean;

export function advertisement6Text(w: Line, at: number, dataEnd: number): boolean {
  if (!head6Text(w, at, dataEnd)) return false;
  const length = w.u16(at + 18);
  if (length < HEAD || at + length > dataEnd) return w.cut;
  const body = BODIES[w.u16(at + 2)];
  if (body !== undefined) return body(w, at + HEAD, at + length);
  unknownData(w, at + HEAD, length - HEAD, INDENT);
  return w.has(at + HEAD, 0);
}
const PREFIX_OPTIONS = [
  [0x01, 'No Unicast'],
  [0x02, 'Local address'],
  [0x04, 'Deprecated'],
  [0x08, 'Propagate'],
  [0x10, 'Down'],
  [0x20, 'N-bit'],
] as const;
/** Returns its size, -1 when it does not fit. */
function prefixText(w: Line, at: number, left: number): number {
  if (left < 4 || !w.has(at, 4)) return -1;
  const length = w.u8(at);
  const size = Math.ceil(length / 32) * 4;
  if (size > 16) {
    say(w, ' bogus prefixlen /', length);
    return -1;
  }
  if (left - 4 < size || !w.need(at + 4, size)) return -1;
  const address = new Uint8Array(16);
  address.set(w.frame.bytes.subarray(at + 4, at + 4 + size));
  w.str('\n\t\t');
  w.ipv6(address, 0);
  say(w, '/', length);
  const options = w.u8(at + 1);
  if (options !== 0) say(w, ', Options [', flagNames(PREFIX_OPTIONS, options, 'none'), ']');
  say(w, ', metric ', w.u16(at + 2));
  return 4 + size;
}
/** As many as `count` says, or as long as there is something. */
function prefixesText(w: Line, from: number, end: number, count: number | undefined): boolean {
  let at = from;
  for (let i = 0; (count === undefined ? at < end : i < count) && !w.cut; i++) {
    const size = prefixText(w, at, end - at);
    if (size < 0) return false;
    at += size;
  }
  return true;
}
const ROUTER_FLAGS = [
  [0x01, 'ABR'],
  [0x02, 'External'],
  [0x04, 'Virtual-Link Endpoint'],
  [0x08, 'Deprecated'],
  [0x10, 'NSSA Translator'],
] as const;
const LINKS: Readonly<Record<number, string>> = {
  1: 'Neighbor Router-ID ',
  2: 'Neighbor Network-ID ',
  4: 'Virtual Link: Neighbor Router-ID ',
};
const options = (w: Line, at: number): string => `\n\t      Options [${flagNames(OPTIONS6, w.u32(at), 'none')}]`;
const routerText: BodyText = (w, from, end) => {
  if (end - from < 4) return false;
  w.str(options(w, from));
  say(w, ', RLA-Flags [', flagNames(ROUTER_FLAGS, w.u8(from), 'none'), ']');
  for (let at = from + 4; at < end && !w.cut; at += 16) {
    if (end - at < 16 || !w.has(at, 16)) return false;
    const type = w.u8(at);
    if (LINKS[type] === undefined) {
      say(w, '\n\t      Unknown Router Links Type 0x', hex(type, 2));
      return true;
    }
    say(w, '\n\t      ', LINKS[type], dotted(w, at + 12), '\n\t      Neighbor Interface-ID ', dotted(w, at + 8));
    say(w, ', Interface ', dotted(w, at + 4), ', metric ', w.u16(at + 2));
  }
  return true;
};
const networkText: BodyText = (w, from, end) => {
  if (end - from < 4) return false;
  say(w, options(w, from), '\n\t      Connected Routers:');
  for (let at = from + 4; at < end && !w.cut; at += 4) {
    if (end - at < 4) return false;
    say(w, '\n\t\t', dotted(w, at));
  }
  return true;
};
const METRIC = 0xff_ffff;
const EXTERNAL_FLAGS = [
  [0x8000_0000, 'External Type 2'],
  [0x0200_0000, 'Forwarding'],
  [0x0100_0000, 'Tag'],
] as const;
const externalText: BodyText = (w, from, end) => {
  if (end - from < 4) return false;
  const flags = w.u32(from);
  say(w, '\n\t     Flags [', flagNames(EXTERNAL_FLAGS, flags, 'none'), '] metric ', flags & METRIC);
  const size = prefixText(w, from + 4, end - from - 4);
  if (size < 0) return w.cut;
  let at = from + 4 + size;
  if ((flags & 0x0200_0000) !== 0) {
    if (end - at < 16) return false;
    if (!w.need(at, 16)) return true;
    w.str(' forward ');
    w.ipv6At(at);
    at += 16;
  }
  for (const [present, name] of [
    [(flags & 0x0100_0000) !== 0, ' tag '],
    [w.u8(from + 6) !== 0, ' RefLSID: '],
  ] as const) {
    if (!present) continue;
    if (end - at < 4) return w.cut;
    say(w, name, dotted(w, at));
    at += 4;
  }
  return true;
};
const linkText: BodyText = (w, from, end) => {
  if (end - from < 4 || !w.has(from, 4)) return false;
  w.str(options(w, from));
  if (end - from < 24) return false;
  const count = w.u32(from + 20);
  if (!w.need(from + 4, 16)) return true;
  say(w, '\n\t      Priority ', w.u8(from), ', Link-local address ');
  w.ipv6At(from + 4);
  say(w, ', Prefixes ', count, ':');
  return prefixesText(w, from + 24, end, count);
};
const intraText: BodyText = (w, from, end) => {
  // tcpdump counts less than the twelve bytes that it reads.
  if (end - from < 4 || !w.has(from + 8, 4)) return false;
  typeText(w, w.u16(from + 2), from + 4);
  if (end - from < 6) return false;
  const count = w.u16(from);
  say(w, '\n\t      Prefixes ', count, ':');
  return prefixesText(w, from + 12, end + 6, count);
};
const BODIES: Readonly<Record<number, BodyText>> = {
  8193: routerText,
  8194: networkText,
  8195(w, from, end) {
    if (end - from < 4) return false;
    say(w, ', metric ', w.u32(from) & METRIC);
    return prefixesText(w, from + 4, end, undefined);
  },
  16389: externalText,
  8: linkText,
  8201: intraText,
  11: graceText,
  10: trafficText,
};
