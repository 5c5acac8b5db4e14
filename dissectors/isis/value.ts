import { literal } from '../../src/bytes/text.ts';
import type { Line } from '../../src/dissect/line.ts';
import { isoChecksum } from '../osi/checksum.ts';
import { hex, say } from '../say.ts';

export const IN_UNIT = literal('\n\t  ');
export const IN_RECORD = '\n\t      ';
/** `0000.0000.0001`, with `.00` of the circuit in seven bytes, and `-00` of the fragment in eight. */
export function systemId(w: Line, at: number, size: 6 | 7 | 8): string {
  const id = [0, 2, 4].map((i) => hex(w.u16(at + i), 4)).join('.');
  const circuit = size > 6 ? `.${hex(w.u8(at + 6), 2)}` : '';
  return id + circuit + (size === 8 ? `-${hex(w.u8(at + 7), 2)}` : '');
}
/** What is to be said of the checksum at `offset` from `from`, which covers `length` bytes. Zero is none. */
export function checksumText(w: Line, from: number, offset: number, length: number, sum: number): void {
  const there = w.has(from + offset, 2) && length >= offset && w.has(from, length);
  if (sum === 0 || !there) {
    w.str(' (unverified)');
    return;
  }
  const right = isoChecksum((i) => w.u8(from + i), offset, length);
  if (right === sum) w.str(' (correct)');
  else say(w, ' (incorrect should be 0x', hex(right, 4), ')');
}
