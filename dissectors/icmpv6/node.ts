/** Node information queries (RFC 4620), and the older "who are you" of some systems. */
import type { Line } from '../../src/dissect/line.ts';
import type { Ending, MessageText } from './message.ts';

const HEAD_SIZE = 16;
const NOOP = 0;
const SUPPORTED = 1;
const NAME = 2;
const ADDRESSES = 3;

const query: MessageText = (w, at, _length, code) => {
  const size = w.limit - at;
  if (size === 12) {
    w.str(' who-are-you request');
    return 'length';
  }
  w.str(' node information query');
  if (size < HEAD_SIZE) return cut(w);
  w.str(' (');
  const type = w.u16(at + 4);
  queryTypeText(w, type, w.u16(at + 6));
  if (type === NOOP || type === SUPPORTED) invalidUnless(w, size === HEAD_SIZE, ', invalid len');
  else if (size === HEAD_SIZE) w.str(', 03 draft');
  else subjectText(w, code, at + HEAD_SIZE, size - HEAD_SIZE);
  w.char(0x29);
  return 'length';
};
const reply: MessageText = (w, at, length, code) => {
  const size = w.limit - at;
  if (length > size || size < HEAD_SIZE) return cut(w);
  w.str(' node information reply (');
  if (code === 0) {
    if (w.verbose > 0) w.str('success');
    answerText(w, at, size);
  } else if (code <= 2) {
    w.str(code === 1 ? 'refused' : 'unknown');
    invalidUnless(w, size === HEAD_SIZE, ', invalid length');
  }
  w.char(0x29);
  return 'length';
};
/** tcpdump goes on to the length all the same. */
function cut(w: Line): Ending {
  w.trunc();
  return 'length';
}
export const NODE: Readonly<Record<number, MessageText>> = { 139: query, 140: reply };

function invalidUnless(w: Line, good: boolean, text: string): void {
  if (!good && w.verbose > 0) w.str(text);
}
/** Which addresses are wanted (RFC 4620 section 6.3), in the order that tcpdump writes them. */
const WANTED = [
  [0x40, 'a'],
  [0x20, 'G'],
  [0x10, 'S'],
  [0x08, 'L'],
  [0x04, 'C'],
  [0x02, 'A'],
] as const;
const GIVEN = [...WANTED, [0x01, 'T']] as const;
function flagsText(w: Line, names: typeof WANTED | typeof GIVEN, flags: number): void {
  if (flags === 0) return;
  w.str(' [');
  w.flags(names, flags, '', '');
  w.char(0x5d);
}
const COMPRESSED = [[0x01, 'C']] as const;
function supportedText(w: Line, flags: number): void {
  w.str('supported qtypes');
  if (flags === 0) return;
  w.str(' [');
  w.flags(COMPRESSED, flags, '');
  w.char(0x5d);
}
function queryTypeText(w: Line, type: number, flags: number): void {
  if (type === NOOP) w.str('noop');
  else if (type === SUPPORTED) supportedText(w, flags);
  else if (type === NAME) w.str('DNS name');
  else if (type === ADDRESSES) {
    w.str('node addresses');
    flagsText(w, WANTED, flags);
  } else w.str('unknown');
}
function subjectText(w: Line, code: number, at: number, size: number): void {
  if (code === 0 || code === 2) {
    const wanted = code === 0 ? 16 : 4;
    if (size < wanted) return;
    if (size > wanted) {
      invalidUnless(w, false, ', invalid subject len');
      return;
    }
    w.str(', subject=');
    if (code === 0) w.ipv6At(at);
    else w.ipv4At(at);
  } else if (code === 1) {
    w.str(', subject=DNS name');
    nodeNameText(w, at);
  } else w.str(', unknown subject');
}
function answerText(w: Line, at: number, size: number): void {
  const type = w.u16(at + 4);
  const flags = w.u16(at + 6);
  if (w.verbose > 0) w.str(', ');
  if (type === NOOP) {
    w.str('noop');
    invalidUnless(w, size === HEAD_SIZE, ', invalid length');
  } else if (type === SUPPORTED) supportedText(w, flags);
  else if (type === NAME) {
    w.str('DNS name');
    nodeNameText(w, at + HEAD_SIZE + 4);
    if ((flags & 1) === 0) return;
    const lifetime = w.u32(at + HEAD_SIZE);
    w.str(' [TTL=');
    w.dec(lifetime);
    w.char(0x5d);
  } else if (type === ADDRESSES) {
    w.str('node addresses');
    addressesText(w, at + HEAD_SIZE);
    flagsText(w, GIVEN, flags);
  } else w.str('unknown');
}
/** Each with how long it will still be used. */
function addressesText(w: Line, from: number): void {
  for (let at = from; at + 20 <= w.limit; at += 20) {
    w.char(0x20);
    w.ipv6At(at + 4);
    w.char(0x28);
    w.dec(w.u32(at));
    w.char(0x29);
  }
}
/** A name up to the end of the message: a counted string as an old draft had it, or labels. */
function nodeNameText(w: Line, from: number): void {
  const end = w.limit;
  const length = w.u8(from);
  if (w.cut) return;
  if (length !== end - from - 1) {
    labelsText(w, from, end);
    return;
  }
  if (w.verbose > 0) w.str(', 03 draft');
  w.str(', "');
  w.textAt(from + 1, length);
  w.char(0x22);
}
function labelsText(w: Line, from: number, end: number): void {
  w.str(', "');
  for (let at = from; at < end; ) {
    const length = w.u8(at);
    at++;
    if (length === 0) {
      if (at === end) w.char(0x2e);
      // A second zero at the end: the name goes on elsewhere.
      else if (at + 1 !== end || w.u8(at) !== 0) w.str('???');
      break;
    }
    if (length > end - at) {
      w.str('???');
      break;
    }
    w.textAt(at, length);
    at += length;
    if (at + 1 < end && w.u8(at) !== 0) w.char(0x2e);
  }
  w.char(0x22);
}
