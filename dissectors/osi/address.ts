/** Addresses of ISO's network layer, as Wireshark writes them. */
import type { FieldSpec } from '../../src/bytes/field.ts';
import { bytesKind, type Kind } from '../../src/bytes/kind.ts';
import type { Text } from '../../src/bytes/text.ts';

/** Of an address with all its parts (RFC 1237 section 3.1), and of the area in its front. */
const NSAP = { size: 20, area: 13 } as const;
const SYSTEM_ID_SIZE = 6;
/** The authorities whose areas have parts of their own: ISO's data country codes, and GOSIP (RFC 1237 section 3.1). */
const AUTHORITIES: ReadonlySet<number> = new Set([0x39, 0x47]);
/** What is written between the bytes of such an area: before each of them, and behind the last. */
const AREA_MARKS = ['[', '|', ':', '][', '|', ':', ':', '|', ':', '][', ':', '|', ':', ']'];
const GROUP = 4;

/** `49.0001`, or a group of four bytes before the others: `49000100.000000000221`. */
function grouped(w: Text, bytes: Uint8Array, from: number, to: number): void {
  const group = to - from === 3 ? 1 : GROUP;
  w.hexBytes(bytes, from, Math.min(from + group, to));
  if (to - from <= group) return;
  w.char(0x2e);
  w.hexBytes(bytes, from + group, to);
}
function area(w: Text, bytes: Uint8Array, from: number): void {
  if (!AUTHORITIES.has(bytes[from]!)) {
    grouped(w, bytes, from, from + NSAP.area);
    return;
  }
  for (let i = 0; i < NSAP.area; i++) {
    w.str(AREA_MARKS[i]!);
    w.hex2(bytes[from + i]!);
  }
  w.str(AREA_MARKS[NSAP.area]!);
}
/** `0000.0000.0001`, with `.00` of the circuit, and `-00` of the fragment. */
function system(w: Text, bytes: Uint8Array, from: number, to: number): void {
  for (let at = from; at < to; at++) {
    const i = at - from;
    if (i > SYSTEM_ID_SIZE) w.char(0x2d);
    else if (i > 0 && i % 2 === 0) w.char(0x2e);
    w.hex2(bytes[at]!);
  }
}
/** The ID of a system, in seven bytes with the circuit's, in eight with the number of a fragment. */
export const systemIdKind: Kind = {
  ...bytesKind,
  name: 'system id',
  write(w, bytes, from, to) {
    const size = to - from;
    if (size >= SYSTEM_ID_SIZE && size <= SYSTEM_ID_SIZE + 2) system(w, bytes, from, to);
    else grouped(w, bytes, from, to);
  },
};
/** A system's ID in so many bytes. */
export const systemId = (size: 6 | 7 | 8, label: string): FieldSpec => ({ kind: { ...systemIdKind, size }, label });
/** An address of a network service (ISO 8348), or the title of a network entity. */
export const nsapKind: Kind = {
  ...bytesKind,
  name: 'nsap',
  write(w, bytes, from, to) {
    if (to - from !== NSAP.size) {
      grouped(w, bytes, from, to);
      return;
    }
    const id = from + NSAP.area;
    area(w, bytes, from);
    system(w, bytes, id, id + SYSTEM_ID_SIZE);
    w.char(0x5b);
    w.hex2(bytes[to - 1]!);
    w.char(0x5d);
  },
  parse: (text) => bytesKind.parse(text.replaceAll(/[[\]|]/g, '')),
};
