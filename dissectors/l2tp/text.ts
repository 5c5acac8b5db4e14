import type { Frame } from '../../src/dissect/frame.ts';
import type { Line } from '../../src/dissect/line.ts';
import { avpText } from './avp-text.ts';

const FLAG = { control: 0x8000, length: 0x4000, sequence: 0x0800, offset: 0x0200, priority: 0x0100 };
const LETTERS = [
  [FLAG.control, 'T'],
  [FLAG.length, 'L'],
  [FLAG.sequence, 'S'],
  [FLAG.offset, 'O'],
  [FLAG.priority, 'P'],
] as const;

/** tcpdump's text of version 2, which is all that it reads. */
export function l2tpText(w: Line, frame: Frame, d: number): void {
  const from = frame.from[d]!;
  w.label = 'l2tp';
  const flags = w.u16(from);
  if (w.cut) return;
  const version = flags & 0xf;
  if (version !== 2) {
    w.str(version === 1 ? ' l2f:' : ' Unknown Version, neither L2F(1) nor L2TP(2)');
    return;
  }
  w.str(' l2tp:[');
  w.flags(LETTERS, flags, '', '');
  w.char(0x5d);
  let at = from + 2;
  const claimed = (flags & FLAG.length) !== 0 ? w.u16(at) : 0;
  if ((flags & FLAG.length) !== 0) at += 2;
  numberText(w, '(', w.u16(at));
  numberText(w, '/', w.u16(at + 2));
  w.char(0x29);
  at += 4;
  if ((flags & FLAG.sequence) !== 0) {
    numberText(w, 'Ns=', w.u16(at));
    numberText(w, ',Nr=', w.u16(at + 2));
    at += 4;
  }
  if ((flags & FLAG.offset) !== 0) {
    const size = w.u16(at);
    if (!w.cut && !w.has(at + 2, size)) {
      w.trunc();
      return;
    }
    at += 2 + size;
  }
  if (!w.cut) bodyText(w, frame, d, flags, claimed, at);
}
function numberText(w: Line, before: string, value: number): void {
  w.str(before);
  w.dec(value);
}
function bodyText(w: Line, frame: Frame, d: number, flags: number, claimed: number, at: number): void {
  const from = frame.from[d]!;
  let length = frame.claim[d]! - from;
  if ((flags & FLAG.length) !== 0) {
    if (length < claimed) {
      w.str(` Length ${claimed} larger than packet`);
      return;
    }
    length = claimed;
  }
  const left = length - (at - from);
  if (left < 0) w.str(` Length ${length} smaller than header length`);
  else if ((flags & FLAG.control) === 0) {
    w.str(' {');
    if (!w.next(frame, d)) {
      w.label = 'ppp';
      w.trunc();
    }
    w.char(0x7d);
  } else if ((flags & FLAG.length) === 0) w.str(' No length');
  else if (left === 0) w.str(' ZLB');
  else avpsText(w, at, left);
}
function avpsText(w: Line, from: number, length: number): void {
  const end = from + length;
  for (let at = from; at < end && !w.cut; ) {
    const size = avpText(w, at, end - at);
    if (size === 0) return;
    at += size;
  }
}
