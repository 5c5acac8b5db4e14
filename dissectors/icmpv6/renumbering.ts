/** Router renumbering (RFC 2894). */
import type { Line } from '../../src/dissect/line.ts';
import type { MessageText } from './message.ts';

const CODES: Readonly<Record<number, string>> = { 0: 'command', 1: 'result', 255: 'sequence number reset' };
const COMMAND = 0;
const HEAD_SIZE = 16;

export const renumberingText: MessageText = (w, at, _length, code) => {
  if (w.has(at + 12, 4)) {
    w.str(', ');
    w.named(CODES, code, 'code-#%u');
    w.str(', seq=');
    w.dec(w.u32(at + 4));
    if (w.verbose > 0) headText(w, at);
    if (code !== COMMAND || operationText(w, at + HEAD_SIZE)) return 'length';
  }
  // tcpdump goes on to the length all the same.
  w.trunc();
  return 'length';
};

const FLAGS = [
  [0x80, 'T'],
  [0x40, 'R'],
  [0x20, 'A'],
  [0x10, 'S'],
  [0x08, 'P'],
] as const;
function headText(w: Line, at: number): void {
  w.char(0x5b);
  const flags = w.u8(at + 9);
  if (flags !== 0) {
    w.flags(FLAGS, flags, '', '');
    w.char(0x2c);
  }
  w.str('seg=');
  w.dec(w.u8(at + 8));
  w.str(',maxdelay=');
  w.dec(w.u16(at + 10));
  const reserved = w.u32(at + 12);
  if (reserved !== 0) {
    w.str('rsvd=0x');
    w.hex(reserved);
  }
  w.char(0x5d);
}
const OPERATIONS: Readonly<Record<number, string>> = { 1: 'add', 2: 'change', 3: 'setglobal' };
const MATCH_SIZE = 24;
const USE_SIZE = 32;
/** The prefix that is looked for, and those that it is replaced by. False when they are bad or cut. */
function operationText(w: Line, at: number): boolean {
  if (!w.has(at + 8, 16)) return false;
  w.str(w.verbose > 1 ? '\n\tmatch(' : ' match(');
  w.named(OPERATIONS, w.u8(at), '#%u');
  if (w.verbose > 0) {
    number(w, ',ord=', w.u8(at + 2));
    number(w, ',min=', w.u8(at + 4));
    number(w, ',max=', w.u8(at + 5));
  }
  w.char(0x2c);
  w.ipv6At(at + 8);
  number(w, '/', w.u8(at + 3));
  w.char(0x29);
  // The length counts in units of 8 bytes, of which a replacement takes four.
  const rest = w.u8(at + 1) - 3;
  if (rest % 4 !== 0) return false;
  for (let i = 0; i < rest / 4; i++) {
    const use = at + MATCH_SIZE + i * USE_SIZE;
    if (!w.has(use + 16, 16)) return false;
    useText(w, use);
  }
  return true;
}
function number(w: Line, label: string, value: number): void {
  w.str(label);
  w.dec(value);
}
/** Which lifetimes go down with time. */
const DECREMENT = [
  [0x80, 'V'],
  [0x40, 'P'],
] as const;
function useText(w: Line, at: number): void {
  w.str(w.verbose > 1 ? '\n\tuse(' : ' use(');
  const flags = w.u8(at + 12);
  if (flags !== 0) {
    w.flags(DECREMENT, flags, '', '');
    w.char(0x2c);
  }
  if (w.verbose > 0) {
    w.str('mask=0x');
    w.hex(w.u8(at + 2));
    w.str(',raflags=0x');
    w.hex(w.u8(at + 3));
    w.char(0x2c);
    lifetimeText(w, 'vltime=', w.u32(at + 4));
    lifetimeText(w, 'pltime=', w.u32(at + 8));
  }
  w.ipv6At(at + 16);
  number(w, '/', w.u8(at));
  number(w, '/', w.u8(at + 1));
  w.char(0x29);
}
function lifetimeText(w: Line, label: string, seconds: number): void {
  w.str(label);
  if (seconds === 0xffff_ffff) w.str('infty');
  else w.dec(seconds);
  w.char(0x2c);
}
