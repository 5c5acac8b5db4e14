/** tcpdump's text of the advertisements of OSPF version 2. */
import { literal } from '../../src/bytes/text.ts';
import type { Line } from '../../src/dissect/line.ts';
import { dotted, flagNames, hex, nameOf, say } from '../say.ts';
import { unknownData } from '../unknown-data.ts';
import { graceText } from './grace.ts';
import { LSAS, OPAQUES, OPTIONS } from './names.ts';
import { trafficText } from './traffic.ts';

const HEAD = 20;
const INDENT = literal('\n\t    ');
const VALUE_INDENT = literal('\n\t      ');

/** The head of an advertisement. False when its length cannot be. */
export function headText(w: Line, at: number): boolean {
  const length = w.u16(at + 18);
  if (w.cut) return false;
  if (length < HEAD) {
    say(w, '\n\t    Bogus length ', length, ' < header (', HEAD, ')');
    return false;
  }
  const age = w.u16(at);
  say(
    w,
    '\n\t  Advertising Router ',
    dotted(w, at + 8),
    ', seq 0x',
    hex(w.u32(at + 12), 8),
    ', age ',
    age,
    's, length ',
    length - HEAD,
  );
  const type = w.u8(at + 3);
  say(w, '\n\t    ', nameOf(LSAS, type, 'unknown'), ' LSA (', type, ')');
  const opaque = w.u8(at + 4);
  if (type < 9 || type > 11) say(w, ', LSA-ID: ', dotted(w, at + 4));
  else say(w, ', Opaque-Type ', nameOf(OPAQUES, opaque, 'unknown'), ' LSA (', opaque, '), Opaque-ID ', w.u24(at + 5));
  say(w, '\n\t    Options: [', flagNames(OPTIONS, w.u8(at + 2), 'none'), ']');
  return true;
}
/** How an advertisement ended: with its last word, early, or with too little to go on with the next. */
type Ending = 'whole' | 'early' | 'cut';
type BodyText = (w: Line, at: number, end: number, opaque: number) => Ending;

/** An advertisement. Returns where the next one is, -1 when there is too little to tell. */
export function lsaText(w: Line, at: number): number {
  if (!headText(w, at)) return -1;
  const end = at + w.u16(at + 18);
  const body = BODIES[w.u8(at + 3)];
  const ending = body === undefined ? 'whole' : body(w, at + HEAD, end, w.u8(at + 4));
  if (ending === 'whole' && w.verbose > 1 && !w.cut) unknownData(w, at + HEAD, end - at - HEAD, INDENT);
  return ending === 'cut' || w.cut ? -1 : end;
}
const ROUTER_FLAGS = [
  [0x01, 'ABR'],
  [0x02, 'ASBR'],
  [0x04, 'Virtual'],
  [0x08, 'Wildcard'],
  [0x10, 'Nt'],
  [0x80, 'Host'],
] as const;
const TOPOLOGIES: Readonly<Record<number, string>> = { 0: 'default', 1: 'multicast', 2: 'management' };
/** What the two addresses of a link mean. */
const LINKS: Readonly<Record<number, readonly [string, string]>> = {
  1: ['Neighbor Router-ID: ', ', Interface Address: '],
  2: ['Neighbor Network-ID: ', ', Interface Address: '],
  3: ['Stub Network: ', ', Mask: '],
  4: ['Virtual Link: Neighbor Router-ID: ', ', Interface Address: '],
};
const routerText: BodyText = (w, from) => {
  say(w, '\n\t    Router LSA Options: [', flagNames(ROUTER_FLAGS, w.u8(from), 'none'), ']');
  const count = w.u16(from + 2);
  let at = from + 4;
  if (!w.has(at, 12)) return 'cut';
  for (let i = count; i > 0 && !w.cut; i--) {
    if (!w.has(at, 12)) return 'cut';
    const type = w.u8(at + 8);
    const words = LINKS[type];
    if (words === undefined) {
      say(w, '\n\t      Unknown Router Link Type (', type, ')');
      return 'early';
    }
    say(w, '\n\t      ', words[0], dotted(w, at), words[1], dotted(w, at + 4));
    const others = w.u8(at + 9);
    for (let j = 0; j <= others && !w.cut; j++) {
      const place = at + 8 + j * 4;
      const topology = w.u8(place);
      const metric = w.u16(place + 2);
      const id = j === 0 ? 0 : topology;
      say(w, '\n\t\ttopology ', nameOf(TOPOLOGIES, id, 'Unknown'), ' (', id, '), metric ', metric);
    }
    at += 12 + others * 4;
  }
  return 'whole';
};
const networkText: BodyText = (w, from, end) => {
  say(w, '\n\t    Mask ', dotted(w, from), '\n\t    Connected Routers:');
  for (let at = from + 4; at < end && !w.cut; at += 4) say(w, '\n\t      ', dotted(w, at));
  return 'whole';
};
function metricsText(w: Line, from: number, end: number): Ending {
  if (!w.has(from, 4)) return 'cut';
  for (let at = from; at < end && !w.cut; at += 4) {
    const value = w.u32(at);
    const topology = (value >>> 24) & 0x7f;
    say(w, '\n\t\ttopology ', nameOf(TOPOLOGIES, topology, 'Unknown'), ' (', topology, ') metric ', value & 0xff_ffff);
  }
  return 'whole';
}
const externalText: BodyText = (w, from, end) => {
  if (!w.has(from, 4)) return 'cut';
  say(w, '\n\t    Mask ', dotted(w, from));
  if (!w.has(from + 4, 4)) return 'cut';
  for (let at = from + 4; at < end && !w.cut; at += 12) {
    const value = w.u32(at);
    const topology = (value >>> 24) & 0x7f;
    const name = nameOf(TOPOLOGIES, topology, 'Unknown');
    say(w, '\n\t\ttopology ', name, ' (', topology, '), type ', value > 0x7fff_ffff ? 2 : 1, ', metric');
    const metric = value & 0xff_ffff;
    if (metric === 0xff_ffff) w.str(' infinite');
    else say(w, ' ', metric);
    if (w.u32(at + 4) !== 0) say(w, ', forward ', dotted(w, at + 4));
    if (w.u32(at + 8) !== 0) say(w, ', tag ', dotted(w, at + 8));
  }
  return 'whole';
};
const groupText: BodyText = (w, from, end) => {
  for (let at = from; at < end && !w.cut; at += 8) {
    const vertex = w.u32(at);
    if (vertex === 1) say(w, '\n\t    Router Router-ID ', dotted(w, at + 4));
    else if (vertex === 2) say(w, '\n\t    Network Designated Router ', dotted(w, at + 4));
    else say(w, '\n\t    unknown VertexType (', vertex, ')');
  }
  return 'whole';
};
const CAPABILITIES = [
  ...([1, 2, 4, 8] as const).map((bit) => [bit, 'Reserved'] as const),
  [16, 'graceful restart capable'],
  [32, 'graceful restart helper'],
  [64, 'Stub router support'],
  [128, 'Traffic engineering'],
  [256, 'p2p over LAN'],
  [512, 'path computation server'],
] as const;
/** RFC 7770. */
function informationText(w: Line, from: number, end: number): Ending {
  for (let at = from; at < end && !w.cut; ) {
    if (!w.has(at, 4)) return 'cut';
    const left = end - at - 4;
    if (left < 0) {
      say(w, '\n\t    Remaining LS length ', left + 4, ' < 4');
      return 'early';
    }
    const type = w.u16(at);
    const length = w.u16(at + 2);
    say(
      w,
      '\n\t    ',
      type === 1 ? 'Router Capabilities' : 'unknown',
      ' TLV (',
      type,
      '), length: ',
      length,
      ', value: ',
    );
    if (length > left) {
      say(w, '\n\t    Bogus length ', length, ' > remaining LS length ', left);
      return 'early';
    }
    if (!w.has(at + 4, length)) return 'cut';
    if (type === 1 && length !== 4) {
      say(w, '\n\t    Bogus length ', length, ' != 4');
      return 'early';
    }
    if (type === 1) say(w, 'Capabilities: ', flagNames(CAPABILITIES, w.u32(at + 4), 'Unknown'));
    else if (w.verbose === 1) unknownData(w, at + 4, length, VALUE_INDENT);
    at += 4 + length;
  }
  return 'whole';
}
const opaqueText: BodyText = (w, from, end, opaque) => {
  if (opaque === 4) return informationText(w, from, end);
  if (opaque === 3) return graceText(w, from, end) ? 'whole' : 'early';
  if (opaque === 1) return trafficText(w, from, end) ? 'whole' : 'early';
  if (w.verbose === 1) unknownData(w, from, end - from, INDENT);
  return 'whole';
};
const BODIES: Readonly<Record<number, BodyText>> = {
  1: routerText,
  2: networkText,
  3(w, from, end) {
    if (!w.has(from, 4)) return 'cut';
    say(w, '\n\t    Mask ', dotted(w, from));
    return metricsText(w, from + 4, end);
  },
  // Where the mask would be: tcpdump leaves it out.
  4: (w, from, end) => metricsText(w, from + 4, end),
  5: externalText,
  6: groupText,
  7: externalText,
  9: opaqueText,
  10: opaqueText,
  11: opaqueText,
};
