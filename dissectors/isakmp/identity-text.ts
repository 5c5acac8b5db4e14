import type { Line } from '../../src/dissect/line.ts';
import { IDENTITIES } from './names.ts';
import { bodyText, cutPayload, nameOf, type PayloadText } from './writing.ts';

const HEADER = 8;
/** The least size of the identities that are addresses, in bytes. */
const SIZES: Readonly<Record<number, number>> = { 1: 4, 4: 8, 5: 16, 6: 32, 7: 8, 8: 32 };
const FQDN = 2;
const USER_FQDN = 3;

/** RFC 2407 section 4.6.2. */
export const identityText: PayloadText = (w, at, size, _context, type) => {
  w.str('id:');
  if (!w.has(at, HEADER)) return cutPayload(w, type);
  const kind = w.u8(at + 4);
  w.str(` idtype=${nameOf(IDENTITIES, kind)} protoid=${w.u8(at + 5)} port=${w.u16(at + 6)}`);
  const length = Math.max(0, size - HEADER);
  if (length === 0) return at + size;
  const data = at + HEADER;
  if (!w.has(data, length)) return cutPayload(w, type);
  w.str(` len=${length}`);
  const least = SIZES[kind];
  if (kind === FQDN || kind === USER_FQDN) {
    w.char(0x20);
    w.textAt(data, length);
  } else if (least === undefined) return bodyText(w, data, length) ? at + size : cutPayload(w, type);
  else if (length < least) w.str(` [bad: < ${least}]`);
  else addressText(w, kind, data);
  return at + size;
};
function addressText(w: Line, kind: number, at: number): void {
  w.char(0x20);
  const isSix = kind === 5 || kind === 6 || kind === 8;
  const write = (place: number): void => (isSix ? w.ipv6At(place) : w.ipv4At(place));
  write(at);
  if (kind === 4) {
    w.char(0x2f);
    write(at + 4);
  } else if (kind === 6) {
    w.str('/0x');
    w.hexAt(at + 16, 16);
  } else if (kind > 6) {
    w.char(0x2d);
    write(at + (isSix ? 16 : 4));
  }
}
