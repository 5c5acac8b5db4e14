import { literal } from '../../src/bytes/text.ts';
import type { Frame } from '../../src/dissect/frame.ts';
import type { Line } from '../../src/dissect/line.ts';
import { BSD_FAMILIES } from '../names/families.ts';
import { hex, nameOf, paddedText, say } from '../say.ts';
import { LINE, unknownData } from '../unknown-data.ts';

export const COMMANDS: Readonly<Record<number, string>> = {
  1: 'Request',
  2: 'Response',
  3: 'Trace on',
  4: 'Trace off',
  5: 'Poll',
  6: 'Poll Entry',
};
/** The size of a route. */
export const ENTRY = 20;
/** An address family that means authentication (RFC 2453 section 4.1). */
export const AUTHENTICATION = 0xffff;
const HEADER = 4;
const INET = 2;
const SHORT = literal('\n\t  ');

/** tcpdump's text. */
export function ripText(w: Line, frame: Frame, d: number): void {
  const at = frame.from[d]!;
  const length = frame.claim[d]! - at;
  w.label = 'rip';
  const captured = Math.min(w.limit - at, length);
  if (captured < HEADER) {
    w.trunc();
    return;
  }
  const version = w.u8(at + 1);
  say(w, w.verbose > 0 ? '\n\t' : '', 'RIPv', version);
  if (version === 0) {
    unknownData(w, at, length, LINE);
    return;
  }
  const command = w.u8(at);
  say(w, ', ', nameOf(COMMANDS, command, 'unknown command (%)'), ', length: ', length);
  if (w.verbose === 0) return;
  if (command === 1 || command === 2) routesText(w, at + HEADER, captured - HEADER, version, length);
  else if (w.verbose === 1 && (command < 4 || command > 6)) unknownData(w, at, length, LINE);
  if (w.verbose > 1) unknownData(w, at, length, LINE);
}
function routesText(w: Line, from: number, length: number, version: number, whole: number): void {
  if (version > 2) {
    w.str(', unknown version');
    return;
  }
  say(w, ', routes: ', Math.floor(whole / ENTRY), version === 1 ? '' : ' or less');
  const end = from + length;
  for (let at = from; at < end; ) {
    const size = version === 1 ? oldEntryText(w, at, end - at) : entryText(w, at, end - at);
    if (size === 0) w.trunc();
    if (size === 0 || w.cut) return;
    if (end - at < size) {
      say(w, ' [remaining entries length ', end - at, ' < ', size, ']');
      w.invalid();
      return;
    }
    at += size;
  }
}
/** These return the size of what they wrote, 0 when there was too little. */
function oldEntryText(w: Line, at: number, left: number): number {
  if (left < ENTRY) return 0;
  const family = w.u16(at);
  if (family !== INET && family !== 0) {
    say(w, '\n\t AFI ', nameOf(BSD_FAMILIES, family, 'Unknown (%)'), ', ');
    unknownData(w, at + HEADER, ENTRY - HEADER, SHORT);
  } else if (w.u16(at + 2) !== 0 || w.u32(at + 8) !== 0 || w.u32(at + 12) !== 0) unknownData(w, at, ENTRY, SHORT);
  else {
    w.str(family === 0 ? '\n\t  AFI 0, ' : '\n\t  ');
    w.ipv4At(at + 4);
    say(w, ', metric: ', w.u32(at + 16));
  }
  return ENTRY;
}
function entryText(w: Line, at: number, left: number): number {
  if (left < HEADER) return 0;
  const family = w.u16(at);
  const type = w.u16(at + 2);
  if (family === AUTHENTICATION) return authText(w, at + HEADER, left - HEADER, type);
  if (family !== INET && family !== 0) {
    say(w, '\n\t  AFI ', nameOf(BSD_FAMILIES, family, 'Unknown (%)'));
    unknownData(w, at + HEADER, ENTRY - HEADER, SHORT);
    return ENTRY;
  }
  if (left < ENTRY) return 0;
  say(w, '\n\t  AFI ', family === 0 ? '0' : 'IPv4', ', ');
  const column = w.at;
  w.ipv4At(at + 4);
  alignRight(w, column, 15);
  say(w, '/', String(prefixLength(w.u32(at + 8))).padEnd(2), ', tag 0x', hex(type, 4));
  say(w, ', metric: ', w.u32(at + 16), ', next-hop: ');
  if (w.u32(at + 12) === 0) w.str('self');
  else w.ipv4At(at + 12);
  return ENTRY;
}
/** Moves what was written from `column` on to the right, until it is `width` wide. */
export function alignRight(w: Line, column: number, width: number): void {
  const missing = width - (w.at - column);
  if (missing <= 0) return;
  w.str(' '.repeat(missing));
  w.bytes.copyWithin(column + missing, column, w.at - missing);
  w.bytes.fill(0x20, column, column + missing);
}
/** -1 for a mask that is none. */
export function prefixLength(mask: number): number {
  const length = Math.clz32(~mask);
  return (length === 0 ? 0 : -(2 ** (32 - length)) >>> 0) === mask >>> 0 ? length : -1;
}
function authText(w: Line, at: number, left: number, type: number): number {
  if (type === 2) {
    w.str('\n\t  Simple Text Authentication data: ');
    paddedText(w, at, 16);
    return ENTRY;
  }
  if (type === 3) {
    if (!w.has(at, 16) || left < 16) return 0;
    say(w, '\n\t  Auth header: Packet Len ', w.u16(at), ', Key-ID ', w.u8(at + 2), ', Auth Data Len ', w.u8(at + 3));
    say(w, ', SeqNo ', w.u32(at + 4), ', MBZ ', w.u32(at + 8), ', MBZ ', w.u32(at + 12));
    return ENTRY;
  }
  if (type === 1) w.str('\n\t  Auth trailer:');
  else say(w, '\n\t  Unknown (', type, ') Authentication data:');
  unknownData(w, at, left, SHORT);
  return HEADER + left;
}
