import type { Frame } from '../../src/dissect/frame.ts';
import type { Line } from '../../src/dissect/line.ts';
import { payloadsText } from './chain-text.ts';
import { sideOf } from './cookies.ts';
import { EXCHANGES, PAYLOADS } from './names.ts';
import { nameOf } from './writing.ts';

const HEADER = 28;
const ENCRYPTED = 0x01;

/** tcpdump's text of a message of `length` bytes at `at`. */
export function isakmpText(w: Line, frame: Frame, d: number, at: number, length: number): void {
  w.label = 'isakmp';
  if (!w.has(at, HEADER)) {
    w.trunc();
    return;
  }
  w.str('isakmp');
  const version = w.u8(at + 17);
  if (w.verbose > 0) {
    w.str(` ${version >> 4}.${version & 15} msgid `);
    w.hexAt(at + 20, 4);
  }
  if (w.verbose > 1) {
    w.str(' cookie ');
    w.hexAt(at, 8);
    w.str('->');
    w.hexAt(at + 8, 8);
  }
  w.char(0x3a);
  const major = version >> 4;
  if (major !== 1 && major !== 2) return;
  const phase = w.u32(at + 20) === 0 ? 1 : 2;
  const flags = w.u8(at + 19);
  const exchange = nameOf(EXCHANGES, w.u8(at + 18));
  if (major === 1) {
    w.str(phase === 1 ? ' phase 1 ' : ' phase 2/others ');
    w.str(`${sideOf(w, frame, d, at)} ${exchange}`);
    flagsText(w, flags, [1, 'E'], [2, 'C']);
  } else {
    w.str(phase === 1 ? ' parent_sa ' : ' child_sa  ');
    w.str(exchange);
    flagsText(w, flags, [8, 'I'], [16, 'V'], [32, 'R']);
  }
  if (w.verbose === 0) return;
  w.char(0x3a);
  const first = w.u8(at + 16);
  if ((flags & ENCRYPTED) !== 0) w.str(` [encrypted ${nameOf(PAYLOADS, first)}]`);
  else payloadsText(w, first, at + HEADER, { proto: 0, depth: 0, isSecond: major === 2 });
  const said = w.u32(at + 24);
  if (said !== length) w.str(` (len mismatch: isakmp ${said}/ip ${length})`);
}
function flagsText(w: Line, flags: number, ...names: readonly (readonly [mask: number, letter: string])[]): void {
  if (flags === 0) return;
  w.char(0x5b);
  for (const [mask, letter] of names) if ((flags & mask) !== 0) w.str(letter);
  w.char(0x5d);
}
