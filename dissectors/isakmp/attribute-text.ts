import type { Line } from '../../src/dissect/line.ts';
import type { Attributes } from './names.ts';
import { hexText, STOP } from './writing.ts';

const SHORT = 0x8000;

/** The attributes of a transform up to `end` (RFC 2408 section 3.3); returns where they end, or STOP. */
export function attributesText(w: Line, from: number, end: number, known?: Attributes): number {
  let at = from;
  while (at < Math.min(end, w.limit) && !w.cut) {
    const type = w.u16(at);
    const isShort = (w.u8(at) & 0x80) !== 0;
    const size = isShort ? 4 : 4 + w.u16(at + 2);
    if (at + size > end) {
      w.str('[|attr]');
      return end + 1;
    }
    w.str('(type=');
    const attribute = known?.[type & ~SHORT];
    w.str(attribute?.name ?? `#${type & ~SHORT}`);
    w.char(0x20);
    if (!isShort) w.str(`len=${size - 4} `);
    w.str('value=');
    const name = isShort ? attribute?.values?.[w.u16(at + 2)] : undefined;
    if (name !== undefined) w.str(name);
    const isThere = name !== undefined || (isShort ? hexText(w, at + 2, 2) : hexText(w, at + 4, size - 4));
    w.char(0x29);
    if (!isThere) return STOP;
    at += size;
  }
  return at;
}
