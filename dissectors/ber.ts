/** The Basic Encoding Rules of ASN.1 (X.690): a tag, a length and a value. */
import { read8 } from '../src/bytes/kind.ts';

export interface Ber {
  /** Class and form in the upper three bits, the number of the tag in the lower five. */
  readonly tag: number;
  /** Where the value lies. */
  readonly from: number;
  readonly to: number;
}
/** The element at `at`; undefined where it does not fit before `end`, or its tag has more than one byte. */
export function berAt(bytes: Uint8Array, at: number, end: number): Ber | undefined {
  if (at + 2 > end) return undefined;
  const tag = read8(bytes, at);
  const first = read8(bytes, at + 1);
  const octets = first < 0x80 ? 0 : first & 0x7f;
  const from = at + 2 + octets;
  if ((tag & 0x1f) === 0x1f || octets > 4 || from > end) return undefined;
  let length = first < 0x80 ? first : 0;
  for (let i = 0; i < octets; i++) length = length * 256 + read8(bytes, at + 2 + i);
  return from + length > end ? undefined : { tag, from, to: from + length };
}
/** The elements of a constructed one. */
export function* bersIn(bytes: Uint8Array, from: number, end: number): Generator<Ber> {
  for (let at = from; ; ) {
    const element = berAt(bytes, at, end);
    if (element === undefined) return;
    yield element;
    at = element.to;
  }
}
/** `1.3.6.1.2.1`: an object identifier. */
export function objectIdentifier(bytes: Uint8Array, from: number, to: number): string {
  const arcs: number[] = [];
  let arc = 0;
  for (let at = from; at < to; at++) {
    const byte = read8(bytes, at);
    arc = (arc * 128 + (byte & 0x7f)) % 2 ** 32;
    if (byte > 0x7f) continue;
    // The first number has two arcs (X.690 section 8.19.4).
    if (arcs.length === 0) {
      const root = Math.min(2, Math.floor(arc / 40));
      arcs.push(root, arc - root * 40);
    } else arcs.push(arc);
    arc = 0;
  }
  return arcs.join('.');
}
