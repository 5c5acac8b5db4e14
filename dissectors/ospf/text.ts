import type { Line } from '../../src/dissect/line.ts';
import { dotted, flagNames, hex, nameOf, paddedText, say } from '../say.ts';
import { headText, lsaText } from './advertisement.ts';
import { AUTHENTICATION, LSAS, OPAQUES, OPTIONS, SIGNALING, TYPE, TYPES } from './names.ts';

const HEAD = 24;
const MD5 = 2;
/** The digest behind the packet, which the length in it does not count. */
const MD5_SIZE = 16;

/** tcpdump's text of what rides on IPv4. */
export function ospfText(w: Line, at: number, claimed: number): void {
  w.label = 'ospf2';
  const outer = w.limit;
  let length = claimed;
  if (w.u16(at + 14) === MD5) {
    length = (length - MD5_SIZE) >>> 0;
    w.limit -= MD5_SIZE;
  }
  const type = w.u8(at + 1);
  say(w, 'OSPFv', w.u8(at), ', ', nameOf(TYPES, type, 'unknown LS-type %'), ', length ', length);
  if (w.verbose > 0 && TYPES[type] !== undefined && !w.cut) packetText(w, at, length, type);
  w.limit = outer;
}
function packetText(w: Line, at: number, length: number, type: number): void {
  const own = w.u16(at + 2);
  if (length !== own) say(w, ' [len ', own, ']');
  say(w, '\n\tRouter-ID ', dotted(w, at + 4));
  if (w.u32(at + 8) === 0) w.str(', Backbone Area');
  else say(w, ', Area ', dotted(w, at + 8));
  if (!w.need(at + 16, 8)) return;
  const auth = w.u16(at + 14);
  say(w, ', Authentication Type: ', nameOf(AUTHENTICATION, auth, 'unknown'), ' (', auth, ')');
  if (auth > MD5) return;
  if (auth === 1) {
    w.str('\n\tSimple text password: ');
    paddedText(w, at + 16, 8);
  } else if (auth === MD5) {
    say(w, '\n\tKey-ID: ', w.u8(at + 18), ', Auth-Length: ', w.u8(at + 19));
    say(w, ', Crypto Sequence Number: 0x', hex(w.u32(at + 20), 8));
  }
  const version = w.u8(at);
  if (version !== 2) {
    say(w, ' ospf [version ', version, ']');
    return;
  }
  BODIES[type]!(w, at + HEAD, at + Math.min(length, own));
  if (length > own && !w.cut) signalingText(w, at, length, own, type, auth);
}
type BodyText = (w: Line, at: number, end: number) => void;
const BODIES: Readonly<Record<number, BodyText>> = {
  [TYPE.hello]: helloText,
  [TYPE.description]: descriptionText,
  [TYPE.request]: requestText,
  [TYPE.update]: updateText,
  // It does not look for the end: the line ends as cut.
  [TYPE.ack](w, from) {
    for (let at = from; headText(w, at) && !w.cut; ) at += 20;
  },
};
function helloText(w: Line, at: number, end: number): void {
  say(w, '\n\tOptions [', flagNames(OPTIONS, w.u8(at + 6), 'none'), ']');
  const timers = [w.u16(at + 4), w.u32(at + 8)] as const;
  say(
    w,
    '\n\t  Hello Timer ',
    timers[0],
    's, Dead Timer ',
    timers[1],
    's, Mask ',
    dotted(w, at),
    ', Priority ',
    w.u8(at + 7),
  );
  if (w.u32(at + 12) !== 0) say(w, '\n\t  Designated Router ', dotted(w, at + 12));
  if (w.u32(at + 16) !== 0) say(w, ', Backup Designated Router ', dotted(w, at + 16));
  if (at + 20 < end) w.str('\n\t  Neighbor List:');
  for (let next = at + 20; next < end && !w.cut; next += 4) say(w, '\n\t    ', dotted(w, next));
}
const DESCRIPTION_FLAGS = [
  [4, 'Init'],
  [2, 'More'],
  [1, 'Master'],
  [8, 'OOBResync'],
] as const;
function descriptionText(w: Line, at: number, end: number): void {
  say(w, '\n\tOptions [', flagNames(OPTIONS, w.u8(at + 2), 'none'), ']');
  say(w, ', DD Flags [', flagNames(DESCRIPTION_FLAGS, w.u8(at + 3), 'none'), ']');
  const mtu = w.u16(at);
  if (mtu !== 0) say(w, ', MTU: ', mtu);
  say(w, ', Sequence: 0x', hex(w.u32(at + 4), 8));
  for (let next = at + 8; next < end && !w.cut && headText(w, next); ) next += 20;
}
function requestText(w: Line, from: number, end: number): void {
  for (let at = from; at < end; at += 12) {
    if (!w.need(at, 12)) return;
    const type = w.u32(at);
    say(w, '\n\t  Advertising Router: ', dotted(w, at + 8), ', ', nameOf(LSAS, type, 'unknown'), ' LSA (', type, ')');
    const opaque = w.u8(at + 4);
    if (type < 9 || type > 11) say(w, ', LSA-ID: ', dotted(w, at + 4));
    else {
      say(w, ', Opaque-Type: ', nameOf(OPAQUES, opaque, 'unknown'), ' LSA (', opaque, ')');
      say(w, ', Opaque-ID: ', w.u24(at + 5));
    }
  }
}
function updateText(w: Line, at: number): void {
  const count = w.u32(at);
  say(w, ', ', count, count === 1 ? ' LSA' : ' LSAs');
  let next = at + 4;
  for (let i = 1; i <= count && !w.cut; i++) {
    say(w, '\n\t  LSA #', i);
    const end = lsaText(w, next);
    if (end < 0) w.cutHere();
    next = end;
  }
}
const SIGNALS: Readonly<Record<number, string>> = { 1: 'Extended Options', 2: 'MD5 Authentication' };
const EXTENDED = [
  [1, 'LSDB resync'],
  [2, 'Restart'],
] as const;
/** RFC 5613. */
function signalingText(w: Line, at: number, length: number, own: number, type: number, auth: number): void {
  const place = type === TYPE.hello ? 6 : type === TYPE.description ? 2 : -1;
  if (place < 0 || (w.u8(at + HEAD + place) & SIGNALING) === 0) return;
  const start = own + (auth === MD5 ? w.u8(at + 19) : 0);
  if (start >= length) {
    w.str('\n\t[LLS truncated]');
    return;
  }
  say(w, '\n\t  LLS: checksum: 0x', hex(w.u16(at + start), 4));
  say(w, ', length: ', w.u16(at + start + 2));
  for (let next = at + start + 4; next < at + length && !w.cut; ) next += 4 + signalText(w, next);
}
function signalText(w: Line, at: number): number {
  const type = w.u16(at);
  say(w, '\n\t    ', nameOf(SIGNALS, type, 'Unknown TLV'), ' (', type, ')');
  const length = w.u16(at + 2);
  say(w, ', length: ', length);
  const right = type === 1 ? 4 : type === 2 ? 20 : length;
  if (length !== right) say(w, ' [should be ', right, ']');
  const value = type === 1 || type === 2 ? w.u32(at + 4) : 0;
  if (type === 1) say(w, '\n\t      Options: 0x', hex(value, 8), ' [', flagNames(EXTENDED, value, '?'), ']');
  else if (type === 2) say(w, '\n\t      Sequence number: 0x', hex(value, 8));
  return right;
}
