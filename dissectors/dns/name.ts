import { type Kind, type Matcher, read8, read16 } from '../../src/bytes/kind.ts';
import type { Text } from '../../src/bytes/text.ts';
import { printable, roomFor, writePrintable } from '../../src/bytes/utf8.ts';

/** The two highest bits of a length octet say what it is (RFC 1035 section 4.1.4, RFC 6891 section 5). */
export const LABEL_TYPE = 0xc0;
export const POINTER = 0xc0;
export const EXTENDED = 0x40;
/** The one extended label type that was ever defined (RFC 2673 section 3.1); obsolete, but still met. */
export const BIT_STRING = 0x41;

/** The octets that a bit-string label's count, at `at`, and its bits take. */
export const bitStringSize = (bytes: Uint8Array, at: number): number => 1 + ((bitCount(bytes, at) + 7) >> 3);
/** A count of 0 means 256. */
export const bitCount = (bytes: Uint8Array, at: number): number => read8(bytes, at) || 256;

/** Nobody can know how long such a label is, nor where the name that has it ends. */
export const UNKNOWN_LABEL = -2;
/**
 * Where a name ends that lies at `at`: behind its zero octet, or behind the pointer that stands for the rest of it,
 * whose second octet may lie outside. Negative when it does not end before `end`, or has an {@link UNKNOWN_LABEL}.
 */
export function skipName(bytes: Uint8Array, at: number, end: number): number {
  for (let next = at; next < end; ) {
    const head = read8(bytes, next++);
    if (head === 0) return next;
    const type = head & LABEL_TYPE;
    if (type === POINTER) return next + 1;
    if (type === 0) next += head;
    else if (type !== EXTENDED) return -1;
    else if (head !== BIT_STRING) return UNKNOWN_LABEL;
    else if (next < end) next += bitStringSize(bytes, next);
  }
  return -1;
}

/** RFC 1035 section 3.1: with its length octets and the root's. */
const MAX_OCTETS = 255;
/** The labels of the name last gathered, with dots between. Bit strings take the most room: 11 characters for 3 octets. */
const gathered = new Uint8Array(1024);

const CUT = -1;
const LOOPS = -2;
const TOO_LONG = -3;
const UNKNOWN = -4;
/** What stands for a name that cannot be read. */
const PROBLEMS = {
  [CUT]: '<Name is cut>',
  [LOOPS]: '<Name contains a pointer that loops>',
  [TOO_LONG]: '<Name too long>',
  [UNKNOWN]: '<Unknown extended label>',
} as const;
type Problem = keyof typeof PROBLEMS;
const ROOT = '<Root>';

/**
 * Fills {@link gathered} with a name and returns its length in characters, or what is wrong with it.
 *
 * A pointer stands for a *prior* occurrence (RFC 1035 section 4.1.4). So each must lead to before the place where the
 * reading went on after the last one, and what it leads to must end before that place: that alone ends every loop, and
 * 255 octets are the most that is ever read.
 */
function gather(bytes: Uint8Array, from: number, to: number, base: number): number | Problem {
  let start = from;
  let end = to;
  let length = 0;
  let octets = 1;
  for (let at = from; ; ) {
    if (at >= end) return CUT;
    const head = read8(bytes, at);
    if (head === 0) return length;
    const type = head & LABEL_TYPE;
    if (type === POINTER) {
      if (at + 2 > end) return CUT;
      // A pointer says nothing, so it counts only against pointers to nothing but pointers.
      octets++;
      at = base + (read16(bytes, at) & 0x3fff);
      if (at >= start) return LOOPS;
      end = start;
      start = at;
    } else {
      if (type !== 0 && head !== BIT_STRING) return UNKNOWN;
      const size = type === 0 ? head : at + 1 < end ? bitStringSize(bytes, at + 1) : 1;
      octets += 1 + size;
      at += 1 + size;
      if (at > end) return CUT;
      if (octets > MAX_OCTETS) return TOO_LONG;
      if (length > 0) gathered[length++] = 0x2e;
      length = type === 0 ? gatherLabel(bytes, at - size, at, length) : gatherBits(bytes, at - size, length);
    }
    if (octets > MAX_OCTETS) return TOO_LONG;
  }
}
function gatherLabel(bytes: Uint8Array, from: number, to: number, length: number): number {
  for (let i = from; i < to; i++) gathered[length + i - from] = read8(bytes, i);
  return length + to - from;
}
const HEX = Buffer.from('0123456789abcdef');
/** `\[x12345/20]` (RFC 2673 section 3.2). */
function gatherBits(bytes: Uint8Array, at: number, length: number): number {
  let end = gatherText('\\[x', length);
  const behind = at + bitStringSize(bytes, at);
  for (let i = at + 1; i < behind; i++) {
    gathered[end++] = HEX[read8(bytes, i) >> 4]!;
    gathered[end++] = HEX[read8(bytes, i) & 15]!;
  }
  return gatherText(`/${bitCount(bytes, at)}]`, end);
}
function gatherText(text: string, length: number): number {
  for (let i = 0; i < text.length; i++) gathered[length + i] = text.charCodeAt(i);
  return length + text.length;
}

const shown = new Uint8Array(roomFor(gathered.length));
function write(w: Text, bytes: Uint8Array, from: number, to: number, base: number): void {
  const length = gather(bytes, from, to, base);
  if (length <= 0) {
    w.str(length === 0 ? ROOT : PROBLEMS[length as Problem]);
    return;
  }
  writePrintable(w, gathered, 0, length);
}
/** Letters count as they are: `www.Example.com` is another text than `www.example.com`, as in Wireshark. */
function parse(text: string): Matcher {
  const wanted = new TextEncoder().encode(text);
  return (bytes, from, to, base) => {
    const length = gather(bytes, from, to, base);
    if (length <= 0) return text === (length === 0 ? ROOT : PROBLEMS[length as Problem]);
    if (printable(gathered, 0, length, shown, 0) !== wanted.length) return false;
    for (let i = 0; i < wanted.length; i++) if (shown[i] !== wanted[i]) return false;
    return true;
  };
}
/** A domain name; `base` is the start of the message, which compression points into (RFC 1035 section 4.1.4). */
export const nameKind: Kind = { name: 'name', size: 0, write, parse };
