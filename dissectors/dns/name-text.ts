import { read8, read16 } from '../../src/bytes/kind.ts';
import type { Line } from '../../src/dissect/line.ts';
import { BIT_STRING, bitCount, bitStringSize, EXTENDED, LABEL_TYPE, POINTER } from './name.ts';

/** "The text ends here": what printing returns in place of the position behind what it printed. */
export const CUT = -1;

/** Of a longer name tcpdump prints the first so many characters and goes on reading in silence. */
const MAX_CHARACTERS = 255;
/**
 * Steps (labels, pointers, digits of bit strings) that names of one message may still take. Every name may lead through
 * the whole message, so without a bound the work grows with its square. The longest names allowed, one in each question
 * of a message as long as it can be, take 21⅓ steps an octet.
 */
let stepsLeft = 0;
const STEPS_PER_OCTET = 22;
const TOO_LONG = '<DOMAIN NAME TOO LONG>';
export function beginMessage(length: number): void {
  stepsLeft = length * STEPS_PER_OCTET;
}

/**
 * Prints a name the way tcpdump does, each label with a dot behind it; `base` is where the message starts.
 * Returns the position behind it, which may lie beyond what was captured, or {@link CUT}.
 */
export function nameText(w: Line, from: number, base: number): number {
  const { bytes } = w.frame;
  const { limit } = w;
  let at = from;
  // A pointer must lead to before the place that the one before it led to, the first to before the name.
  let ceiling = from < base ? Number.POSITIVE_INFINITY : from - base;
  let after = CUT;
  let followed = false;
  let length = 0;
  for (; ; stepsLeft--) {
    if (at >= limit) return CUT;
    const head = read8(bytes, at);
    const type = head & LABEL_TYPE;
    if (type === POINTER) {
      // tcpdump takes a first octet at the end of the capture for the end of the name, here and below.
      if (!followed) after = at + 2;
      if (at + 1 >= limit) {
        if (at === from) return CUT;
        break;
      }
      followed = true;
      const offset = read16(bytes, at) & 0x3fff;
      if (offset >= ceiling) return complain(w, '<BAD PTR>');
      ceiling = offset;
      at = base + offset;
      if (stepsLeft < 0) return complain(w, TOO_LONG);
      continue;
    }
    const size = type === 0 ? head : unusualSize(w, at);
    if (size === CUT) return CUT;
    const next = at + 1 + size;
    if (!followed) after = next;
    if (head === 0 || at + 1 >= limit) break;
    if (stepsLeft < 0) return complain(w, TOO_LONG);
    if (type === 0) {
      const shown = Math.min(next, at + 1 + Math.max(0, MAX_CHARACTERS - length));
      labelText(w, bytes, at + 1, Math.min(shown, limit));
      if (shown > limit) return CUT;
      length += size;
    } else if (!bitStringText(w, at + 1)) return CUT;
    if (length <= MAX_CHARACTERS) w.char(0x2e);
    length++;
    at = next;
  }
  if (at === from && read8(bytes, at) === 0) w.char(0x2e);
  else if (length > MAX_CHARACTERS) w.str(TOO_LONG);
  return after;
}
/** {@link Line.printable} for text that hardly ever has anything to escape. */
function labelText(w: Line, bytes: Uint8Array, from: number, to: number): void {
  w.room((to - from) * 4);
  const out = w.bytes;
  for (let i = from; i < to; i++) {
    const byte = read8(bytes, i);
    if (byte > 0x1f && byte < 0x7f) out[w.at++] = byte;
    else w.printableChar(byte);
  }
}
function complain(w: Line, what: string): number {
  w.str(what);
  return CUT;
}
/** Of what is neither an ordinary label nor a pointer. */
function unusualSize(w: Line, at: number): number {
  const { bytes } = w.frame;
  const head = read8(bytes, at);
  if ((head & LABEL_TYPE) !== EXTENDED) return complain(w, '<BAD LABEL TYPE>');
  if (head === BIT_STRING) return w.has(at + 1, 1) ? bitStringSize(bytes, at + 1) : CUT;
  w.str('<ELT ');
  w.dec(head & ~LABEL_TYPE);
  w.char(0x3e);
  return CUT;
}
/** `\[x12345/20]` (RFC 2673 section 3.2); false where the capture ends. */
function bitStringText(w: Line, at: number): boolean {
  const count = bitCount(w.frame.bytes, at);
  const whole = count >> 3;
  const rest = count & 7;
  stepsLeft -= 2 * whole;
  w.str('\\[x');
  w.hexAt(at + 1, whole);
  if (rest > 0) {
    const last = w.u8(at + 1 + whole) & (0xff << (8 - rest));
    if (rest > 4) w.hex2(last);
    else w.hex(last >> 4);
  }
  w.char(0x2f);
  w.dec(count);
  w.char(0x5d);
  return !w.cut;
}
