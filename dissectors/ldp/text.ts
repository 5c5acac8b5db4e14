import { literal } from '../../src/bytes/text.ts';
import type { Line } from '../../src/dissect/line.ts';
import { dotted, hex, nameOf, say } from '../say.ts';
import { unknownData } from '../unknown-data.ts';
import { MESSAGES } from './names.ts';
import { recordText } from './records.ts';

const HEAD = 10;
const MESSAGE_HEAD = 8;
const INDENT = literal('\n\t  ');
/** Messages whose records tcpdump knows. */
const READ: ReadonlySet<number> = new Set([1, 256, 512, 513, 768, 769, 1024, 1026]);

/** tcpdump's text: of the first unit only, unless more is asked for. */
export function ldpText(w: Line, from: number, length: number): void {
  w.label = 'ldp';
  let left = length;
  for (let at = from; left > HEAD + MESSAGE_HEAD && !w.cut; ) {
    const size = unitText(w, at);
    if (size === 0) return;
    if (left < size) {
      say(w, ' [remaining length ', left, ' < ', size, ']');
      w.invalid();
      return;
    }
    left -= size;
    at += size;
  }
}
/** Returns its size, 0 when the rest is not looked at. */
function unitText(w: Line, at: number): number {
  if (!w.need(at, HEAD)) return 0;
  const start = w.verbose > 0 ? '\n\t' : '';
  const version = w.u16(at);
  const length = w.u16(at + 2);
  if (version !== 1) say(w, start, 'LDP version ', version, ' packet not supported');
  else if (length < 6) say(w, start, 'LDP, pdu-length: ', length, ' (too short, < 6)');
  else {
    say(w, start, 'LDP, Label-Space-ID: ', dotted(w, at + 4), ':', w.u16(at + 8), ', pdu-length: ', length);
    if (w.verbose > 0 && messagesText(w, at + HEAD, length - 6)) return length + 4;
  }
  return 0;
}
function messagesText(w: Line, from: number, length: number): boolean {
  let at = from;
  // tcpdump counts in sixteen bits, also below zero.
  for (let left = length; left > 0 && !w.cut; ) {
    if (!w.need(at, MESSAGE_HEAD)) return false;
    const first = w.u16(at);
    const type = first & 0x7fff;
    const size = w.u16(at + 2);
    say(w, '\n\t  ', nameOf(MESSAGES, type, 'Unknown'), ' Message (0x', hex(type, 4), '), length: ', size);
    if (size < 4) {
      w.str(' (too short, < 4)');
      return false;
    }
    const unknown = first > 0x7fff ? 'continue processing' : 'ignore';
    say(w, ', Message ID: 0x', hex(w.u32(at + 4), 8), ', Flags: [', unknown, ' if unknown]');
    if (!w.need(at, size)) return false;
    const body = at + MESSAGE_HEAD;
    if (READ.has(type)) recordsText(w, body, size - 4);
    else if (w.verbose === 1) unknownData(w, body, size - 4, INDENT);
    if (w.verbose > 1) unknownData(w, body, size, INDENT);
    at += size + 4;
    left = (left - size - 4) & 0xffff;
  }
  return !w.cut;
}
function recordsText(w: Line, from: number, length: number): void {
  let at = from;
  for (let left = length; left >= 4 && !w.cut; ) {
    const size = recordText(w, at, left);
    if (size === 0) return;
    left -= size;
    at += size;
  }
}
