import { literal } from '../../src/bytes/text.ts';
import type { Line } from '../../src/dissect/line.ts';
import { dotted, flagNames, hex, nameOf, say } from '../say.ts';
import { unknownData } from '../unknown-data.ts';
import { advertisement6Text, head6Text, typeText } from './advertisement6.ts';
import { OPTIONS6, SIGNALING6, TYPE, TYPES } from './names.ts';

const HEAD = 16;

/** tcpdump's text of what rides on IPv6. */
export function ospf6Text(w: Line, at: number, length: number): void {
  w.label = 'ospf3';
  const type = w.u8(at + 1);
  say(w, 'OSPFv', w.u8(at), ', ', nameOf(TYPES, type, 'unknown packet type (%)'), ', length ', length);
  if (w.verbose === 0 || TYPES[type] === undefined) return;
  const own = w.u16(at + 2);
  if (own > length) {
    say(w, ' [len ', own, ']');
    return;
  }
  say(w, '\n\tRouter-ID ', dotted(w, at + 4));
  if (w.u32(at + 8) === 0) w.str(', Backbone Area');
  else say(w, ', Area ', dotted(w, at + 8));
  const instance = w.u8(at + 14);
  if (instance !== 0) say(w, ', Instance ', instance);
  if (w.u8(at) !== 3 || w.cut) return;
  if (!BODIES[type]!(w, at + HEAD, at + own) || !trailerText(w, at, own, length - own, type)) w.trunc();
}
/** Writes what a packet says; false when something was missing. */
type BodyText = (w: Line, at: number, end: number) => boolean;
const DESCRIPTION_FLAGS = [
  [4, 'Init'],
  [2, 'More'],
  [1, 'Master'],
  [16, 'IPv6 MTU'],
] as const;
const headsText: BodyText = (w, from, end) => {
  for (let at = from; at < end && !w.cut; at += 20) if (!head6Text(w, at, end)) return false;
  return true;
};
const BODIES: Readonly<Record<number, BodyText>> = {
  [TYPE.hello](w, at, end) {
    say(w, '\n\tOptions [', flagNames(OPTIONS6, w.u32(at + 4), 'none'), ']');
    const [hello, dead] = [w.u16(at + 8), w.u16(at + 10)];
    say(
      w,
      '\n\t  Hello Timer ',
      hello,
      's, Dead Timer ',
      dead,
      's, Interface-ID ',
      dotted(w, at),
      ', Priority ',
      w.u8(at + 4),
    );
    if (w.u32(at + 12) !== 0) say(w, '\n\t  Designated Router ', dotted(w, at + 12));
    if (w.u32(at + 16) !== 0) say(w, ', Backup Designated Router ', dotted(w, at + 16));
    if (w.verbose < 2) return true;
    w.str('\n\t  Neighbor List:');
    for (let next = at + 20; next < end && !w.cut; next += 4) say(w, '\n\t    ', dotted(w, next));
    return true;
  },
  [TYPE.description](w, at, end) {
    say(w, '\n\tOptions [', flagNames(OPTIONS6, w.u32(at), 'none'), ']');
    say(w, ', DD Flags [', flagNames(DESCRIPTION_FLAGS, w.u8(at + 7), 'none'), ']');
    say(w, ', MTU ', w.u16(at + 4), ', DD-Sequence 0x', hex(w.u32(at + 8), 8));
    return w.verbose < 2 || headsText(w, at + 12, end);
  },
  [TYPE.request](w, from, end) {
    for (let at = from; w.verbose > 1 && at < end && !w.cut; at += 12) {
      if (!w.has(at, 12)) return false;
      say(w, '\n\t  Advertising Router ', dotted(w, at + 8));
      typeText(w, w.u16(at + 2), at + 4);
    }
    return true;
  },
  [TYPE.update](w, from, end) {
    if (w.verbose < 2) return true;
    let left = w.u32(from) | 0;
    for (let at = from + 4; at < end && left-- !== 0 && !w.cut; at += w.u16(at + 18))
      if (!advertisement6Text(w, at, end)) return false;
    return true;
  },
  [TYPE.ack]: (w, from, end) => w.verbose < 2 || headsText(w, from, end),
};
/** Link-local signaling (RFC 5613), then the authentication trailer (RFC 7166). */
function trailerText(w: Line, at: number, own: number, length: number, type: number): boolean {
  const place = type === TYPE.hello ? 4 : type === TYPE.description ? 0 : -1;
  let size = 0;
  if (place >= 0 && (w.u32(at + HEAD + place) & SIGNALING6) !== 0) {
    size = signalingText(w, at + own, length);
    if (size < 0) return false;
  }
  return w.cut || authText(w, at + own + size, length - size);
}
/** Returns its size, -1 when something was missing. */
function signalingText(w: Line, at: number, length: number): number {
  if (length === 0) return 0;
  if (length < 4) return -1;
  say(w, '\n\tLLS Checksum 0x', hex(w.u16(at), 4));
  const size = w.u16(at + 2);
  say(w, ', Data Length ', size);
  return size < 4 || size > length || !w.has(at + 4, size - 4) ? -1 : size;
}
const AUTH_HEAD = 16;
const AUTH_INDENT = literal('\n\tAuthentication Data ');
function authText(w: Line, at: number, length: number): boolean {
  if (length === 0) return true;
  if (length < AUTH_HEAD) return false;
  const type = w.u16(at);
  say(w, '\n\tAuthentication Type ', type === 1 ? 'HMAC' : `unknown (0x${hex(type, 4)})`);
  const size = w.u16(at + 2);
  say(w, ', Length ', size);
  if (size < AUTH_HEAD || size > length) return w.cut;
  say(w, ', SAID ', w.u16(at + 6));
  say(w, ', CSN 0x', hex(w.u32(at + 8), 8));
  say(w, ':', hex(w.u32(at + 12), 8));
  if (!w.has(at + AUTH_HEAD, size - AUTH_HEAD)) return w.cut;
  if (w.verbose > 1) unknownData(w, at + AUTH_HEAD, size - AUTH_HEAD, AUTH_INDENT);
  return true;
}
