import { literal } from '../../src/bytes/text.ts';
import type { Line } from '../../src/dissect/line.ts';
import { hex, paddedText, say } from '../say.ts';
import { unknownData } from '../unknown-data.ts';
import { AUTHENTICATIONS } from './names.ts';
import { IN_RECORD } from './value.ts';

const SIMPLE = 1;
const GENERIC = 3;
const MD5 = 54;
const MD5_SIZE = 16;
const RAW = literal('\n\t\t  ');

/** How the sender proves itself (RFC 5304, RFC 5310). */
export function authenticationText(w: Line, at: number, length: number): boolean {
  if (length < 1) return true;
  const type = w.u8(at);
  say(w, IN_RECORD, AUTHENTICATIONS[type] ?? `unknown Authentication type 0x${hex(type, 2)}`, ': ');
  const size = length - 1;
  if (type === SIMPLE) paddedText(w, at + 1, size);
  else if (type === MD5) {
    digestText(w, at + 1, size);
    // Nobody told the key.
    w.str(size === MD5_SIZE ? ' (unchecked)' : ', (invalid subTLV)  (unchecked)');
  } else if (type !== GENERIC) unknownData(w, at + 1, size, RAW);
  else if (size >= 2) {
    say(w, w.u16(at + 1), ', password: ');
    digestText(w, at + 3, size - 2);
  }
  return true;
}
function digestText(w: Line, at: number, size: number): void {
  for (let i = 0; i < size && !w.cut; i++) say(w, hex(w.u8(at + i), 2));
}
