import { literal } from '../../src/bytes/text.ts';
import type { Line } from '../../src/dissect/line.ts';
import { nameOf, say } from '../say.ts';
import { unknownData } from '../unknown-data.ts';
import { familyText } from './family.ts';
import { ERRORS, HEAD, MARKER, MESSAGE, MESSAGES, SUBCODES } from './names.ts';
import { openText } from './open.ts';
import { updateText } from './update.ts';

const INDENT = literal('\n\t  ');

/** tcpdump's text of what a segment carries: it looks for messages by their marker. */
export function bgpText(w: Line, from: number): void {
  w.label = 'bgp';
  w.str(': BGP');
  if (w.verbose === 0) return;
  let start = from;
  for (let at = from; at < w.limit; ) {
    if (w.u8(at) !== 0xff) {
      at++;
      continue;
    }
    if (!w.has(at, MARKER)) return;
    if (w.u32(at) + w.u32(at + 4) + w.u32(at + 8) + w.u32(at + 12) !== 4 * 0xffff_ffff) {
      at++;
      continue;
    }
    if (!w.has(at, HEAD)) {
      w.trunc();
      return;
    }
    if (start !== at) w.trunc();
    const length = w.u16(at + MARKER);
    if (length < HEAD) {
      say(w, '\nmessage length ', length, ' < ', HEAD);
      w.invalid();
      return;
    }
    if (!w.has(at, length)) {
      say(w, '\n[|BGP ', nameOf(MESSAGES, w.u8(at + 18), 'Unknown Message Type'), ']');
      return;
    }
    messageText(w, at, length);
    if (w.cut) return;
    at += length;
    start = at;
  }
}
/** A message that was captured whole. */
function messageText(w: Line, at: number, length: number): void {
  const type = w.u8(at + 18);
  say(w, '\n\t', nameOf(MESSAGES, type, 'Unknown'), ' Message (', type, '), length: ', length);
  if (type === MESSAGE.open) openText(w, at, length);
  else if (type === MESSAGE.update) updateText(w, at, length);
  else if (type === MESSAGE.notification) notificationText(w, at, length);
  else if (type === MESSAGE.refresh) refreshText(w, at, length);
  else if (type !== MESSAGE.keepalive) {
    say(w, '\n\t  no Message ', type, ' decoder');
    unknownData(w, at, length, INDENT);
  }
}
const NOTIFICATION = 21;
const CEASE = 6;
function notificationText(w: Line, at: number, length: number): void {
  if (!w.has(at, NOTIFICATION)) {
    w.trunc();
    return;
  }
  if (length < NOTIFICATION) return;
  const error = w.u8(at + 19);
  const subcode = w.u8(at + 20);
  say(w, ', ', nameOf(ERRORS, error, 'Unknown Error'), ' (', error, ')');
  const names = SUBCODES[error];
  if (names === undefined) return;
  say(
    w,
    error === 5 || error === 7 ? ' subcode ' : ', subcode ',
    nameOf(names, subcode, 'Unknown'),
    ' (',
    subcode,
    ')',
  );
  const data = at + NOTIFICATION;
  const size = length - NOTIFICATION;
  if (error === CEASE && subcode === 1 && size >= 7) {
    w.str(', ');
    familyText(w, w.u16(data), w.u8(data + 2));
    say(w, ', Max Prefixes: ', w.u32(data + 3));
  }
  if (error === CEASE && (subcode === 2 || subcode === 4) && size > 0) communicationText(w, data, size);
}
/** RFC 9003: a text for people. */
function communicationText(w: Line, at: number, size: number): void {
  const length = w.u8(at);
  let used = 0;
  if (length > size - 1) w.str(', invalid Shutdown Communication length');
  else if (length === 0) {
    w.str(', empty Shutdown Communication');
    used = 1;
  } else {
    say(w, ', Shutdown Communication (length: ', length, '): "');
    w.textAt(at + 1, length);
    w.char(0x22);
    used = length + 1;
  }
  if (size === used) return;
  say(w, ', Data: (length: ', size - used, ')');
  w.hexDump(at + used, at + size, false, literal('\n\t\t'));
}
const REFRESH = 23;
function refreshText(w: Line, at: number, length: number): void {
  if (!w.has(at, REFRESH)) {
    w.trunc();
    return;
  }
  if (length < REFRESH) return;
  w.str('\n\t  ');
  familyText(w, w.u16(at + 19), w.u8(at + 22));
  if (w.verbose > 1) unknownData(w, at, length, INDENT);
}
