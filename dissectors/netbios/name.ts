import type { FieldOptions, FieldSpec } from '../../src/bytes/field.ts';
import { type Kind, read8, read16 } from '../../src/bytes/kind.ts';
import type { Text } from '../../src/bytes/text.ts';
import { asShown } from '../as-shown.ts';
import { LABEL_TYPE, POINTER } from '../dns/name.ts';

const SPACE = 0x20;
/** Each of a name's octets is two letters, A to P (RFC 1001 section 14.1). */
const LETTERS = 32;
const LETTER_A = 0x41;
/** The last of a name's sixteen octets says what the name is for. */
const SUFFIX = 15;
const decoded = new Uint8Array(SUFFIX + 1);

/** Fills {@link decoded}; false when there are no letters of a name in the label at `at`. */
function decode(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 1 + LETTERS > end || read8(bytes, at) !== LETTERS) return false;
  for (let i = 0; i <= SUFFIX; i++) {
    const high = read8(bytes, at + 1 + 2 * i) - LETTER_A;
    const low = read8(bytes, at + 2 + 2 * i) - LETTER_A;
    if (high < 0 || high > 15 || low < 0 || low > 15) return false;
    decoded[i] = high * 16 + low;
  }
  return true;
}
/** Sixteen octets as `WORKGROUP<1d>`. */
function writeOctets(w: Text, bytes: Uint8Array, at: number): void {
  let end = at + SUFFIX;
  while (end > at && read8(bytes, end - 1) === SPACE) end--;
  w.printable(bytes, at, end);
  w.char(0x3c);
  w.hex2(read8(bytes, at + SUFFIX));
  w.char(0x3e);
}
/** The labels behind the name: its scope. */
function writeScope(w: Text, bytes: Uint8Array, from: number, end: number): void {
  for (let at = from; at < end; ) {
    const size = read8(bytes, at);
    if (size === 0 || (size & LABEL_TYPE) !== 0 || at + 1 + size > end) return;
    w.char(0x2e);
    w.printable(bytes, at + 1, at + 1 + size);
    at += 1 + size;
  }
}
function writeEncoded(w: Text, bytes: Uint8Array, from: number, to: number, base: number): void {
  const isPointer = to - from === 2 && (read8(bytes, from) & LABEL_TYPE) === POINTER;
  // A pointer leads to a name that was said before.
  const at = isPointer ? base + (read16(bytes, from) & 0x3fff) : from;
  const end = isPointer ? from : to;
  if (!decode(bytes, at, end)) {
    w.str('<Illegal name>');
    return;
  }
  writeOctets(w, decoded, 0);
  writeScope(w, bytes, at + 1 + LETTERS, end);
}

// Names have no case and little variety in how they are written.
const encodedKind = asShown('netbios name', 0, writeEncoded);
const plainKind = asShown('netbios octets', SUFFIX + 1, (w, bytes, from) => writeOctets(w, bytes, from));
const of =
  (kind: Kind) =>
  (label: string, options: FieldOptions = {}): FieldSpec => ({ kind, label, ...options });
/** A name in the letters that domain names allow (RFC 1002 section 4.1). */
export const encodedName = of(encodedKind);
/** A name's sixteen octets as they are (RFC 1002 section 4.2.18). */
export const plainName = of(plainKind);
