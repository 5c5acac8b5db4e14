import { literal } from '../../src/bytes/text.ts';
import type { Frame } from '../../src/dissect/frame.ts';
import type { Line } from '../../src/dissect/line.ts';
import { durationText } from '../duration.ts';
import { hex, nameOf, say } from '../say.ts';
import { unknownData } from '../unknown-data.ts';
import { isRight } from './checksum.ts';
import { HEADER, OPTIONS, TYPE, TYPES } from './header.ts';
import { addressText, MESSAGES, type Reader } from './messages.ts';

const VERSION = 2;

/** tcpdump's text of PIM version 2, and of what a register message carries. */
export function pimText(w: Line, frame: Frame, d: number): void {
  const at = frame.from[d]!;
  const length = frame.claim[d]! - at;
  w.label = 'pim';
  const first = w.u8(at);
  const name = nameOf(TYPES, first & 0x0f, 'Unknown Type');
  if (first >> 4 !== VERSION) say(w, 'PIMv', first >> 4, ', length ', length);
  else if (w.verbose === 0) say(w, 'PIMv2, ', name, ', length ', length);
  else {
    say(w, 'PIMv2, length ', length, '\n\t', name);
    messageText(w, frame, d, first & 0x0f);
  }
}
function messageText(w: Line, frame: Frame, d: number, type: number): void {
  const at = frame.from[d]!;
  const length = frame.claim[d]! - at;
  w.label = 'pimv2';
  if (length < 2) {
    tooShort(w, length, 2);
    return;
  }
  const size = w.u8(at + 1) & 0x0f;
  if (size !== 0) w.str(', RFC2117-encoding');
  if (length < 4) {
    tooShort(w, length, 4);
    return;
  }
  checksumText(w, frame, d, type, length);
  const reader = { at: at + HEADER, end: at + length, size };
  if (type === TYPE.hello) helloText(w, reader);
  else if (type === TYPE.register) registerText(w, frame, d);
  else if (MESSAGES[type] === undefined) say(w, ' [type ', type, ']');
  else if (!MESSAGES[type](w, reader, w.u8(at + 1) >> 4, type)) w.trunc();
}
function tooShort(w: Line, length: number, least: number): void {
  say(w, '[length ', length, ' < ', least, ']');
  w.invalid();
}
function checksumText(w: Line, frame: Frame, d: number, type: number, length: number): void {
  const at = frame.from[d]!;
  const sum = w.u16(at + 2);
  say(w, ', cksum 0x', hex(sum, 4), ' ');
  if (w.cut) return;
  const statusOf = (size: number) =>
    w.has(at, size) ? (isRight(frame, d, size) ? 'correct' : 'incorrect') : 'unverified';
  let status = sum === 0 ? 'unverified' : statusOf(type === TYPE.register ? 8 : length);
  // Some cover the packet in a register message, too.
  if (status === 'incorrect' && type === TYPE.register) status = statusOf(length);
  say(w, '(', status, ')');
}
const INDENT = literal('\n\t    ');

function helloText(w: Line, r: Reader): void {
  while (r.at < r.end && !w.cut) {
    if (r.end - r.at < 4) {
      w.trunc();
      return;
    }
    const type = w.u16(r.at);
    const length = w.u16(r.at + 2);
    say(w, '\n\t  ', nameOf(OPTIONS, type, 'Unknown'), ' Option (', type, '), length ', length, ', Value: ');
    r.at += 4;
    if (r.end - r.at < length || !w.has(r.at, length)) {
      w.trunc();
      return;
    }
    const ending = optionText(w, r, type, length);
    if (ending === 'cut') {
      w.trunc();
      return;
    }
    if (ending === 'invalid') {
      w.invalid();
      return;
    }
    if (w.verbose > 1) unknownData(w, r.at, length, INDENT);
    r.at += length;
  }
}
const SIZES: Readonly<Record<number, number>> = { 1: 2, 2: 4, 18: 4, 19: 4, 20: 4, 21: 4 };
function optionText(w: Line, r: Reader, type: number, length: number): 'fine' | 'cut' | 'invalid' {
  const { at } = r;
  if ((type === 18 || type === 19) && length === 0) {
    w.str('Bi-Directional Capability (Old)');
    return 'fine';
  }
  const size = SIZES[type];
  if (size !== undefined && size !== length) {
    say(w, '[option length ', length, ' != ', size, ']');
    return 'invalid';
  }
  if (type === 1) durationText(w, w.u16(at));
  else if (type === 2) {
    const delay = w.u16(at);
    say(
      w,
      '\n\t    T-bit=',
      delay >> 15,
      ', LAN delay ',
      delay & 0x7fff,
      'ms, Override interval ',
      w.u16(at + 2),
      'ms',
    );
  } else if (type === 18 || type === 19) w.dec(w.u32(at));
  else if (type === 20) say(w, '0x', hex(w.u32(at), 8));
  else if (type === 21) refreshText(w, at);
  else if (type === 24 || type === 65001) return w.verbose > 1 ? addressesText(w, r, length) : 'fine';
  else if (type !== 22 && w.verbose <= 1) unknownData(w, at, length, INDENT);
  return 'fine';
}
function refreshText(w: Line, at: number): void {
  say(w, 'v', w.u8(at));
  if (w.u8(at + 1) !== 0) {
    w.str(', interval ');
    durationText(w, w.u8(at + 1));
  }
  const reserved = w.u16(at + 2);
  if (reserved !== 0) say(w, ' ?0x', hex(reserved, 4), '?');
}
function addressesText(w: Line, r: Reader, length: number): 'fine' | 'cut' {
  const inner = { ...r };
  while (inner.at < r.at + length && !w.cut) {
    w.put(INDENT);
    if (!addressText(w, inner, 'unicast')) return 'cut';
  }
  return 'fine';
}

function registerText(w: Line, frame: Frame, d: number): void {
  const at = frame.from[d]! + HEADER;
  const left = frame.claim[d]! - at;
  if (left < 4 || !w.has(at, 4)) {
    w.trunc();
    return;
  }
  const flags = w.u32(at);
  say(w, ', Flags [ ', flags === 0x8000_0000 ? 'Border' : flags === 0x4000_0000 ? 'Null' : 'none', ' ]\n\t');
  if (left === 4) {
    w.trunc();
    return;
  }
  const packet = at + 4;
  const version = w.u8(packet) >> 4;
  if (w.cut) return;
  if (version === 0) {
    if (!w.need(packet + 12, 4) || !w.need(packet + 16, 4)) return;
    w.str('IP-Null-header ');
    w.ipv4(frame.bytes, packet + 12);
    w.str(' > ');
    w.ipv4(frame.bytes, packet + 16);
  } else if (version !== 4 && version !== 6) say(w, 'IP ver ', version);
  else w.next(frame, d);
}
