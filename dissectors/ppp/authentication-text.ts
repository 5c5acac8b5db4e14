import type { Line } from '../../src/dissect/line.ts';

const CHAP: Readonly<Record<number, string>> = { 1: 'Challenge', 2: 'Response', 3: 'Success', 4: 'Fail' };
const PAP: Readonly<Record<number, string>> = { 1: 'Auth-Req', 2: 'Auth-ACK', 3: 'Auth-NACK' };
const HEADER = 4;

/** `CHAP, Challenge (0x01), id 1`; returns the length that the packet tells, or -1 when it is too short to tell. */
function headText(w: Line, name: string, codes: Readonly<Record<number, string>>, at: number, length: number): number {
  const lower = name.toLowerCase();
  if (length < 1) w.str(`[|${lower}]`);
  else if (length < HEADER) {
    const code = w.u8(at);
    w.str(`[|${lower} 0x${code.toString(16).padStart(2, '0')}]`);
  }
  if (length < HEADER) return -1;
  const code = w.u8(at);
  w.str(`${name}, ${codes[code] ?? 'unknown'} (0x`);
  w.hex2(code);
  w.char(0x29);
  const id = w.u8(at + 1);
  w.str(', id ');
  w.dec(id);
  return w.u16(at + 2);
}
function named(w: Line, name: string, at: number, size: number): void {
  w.str(name);
  w.textAt(at, size);
}
/** RFC 1994, of which all that came later have the frame. A length too short counts as far too long. */
export function chapText(w: Line, at: number, length: number): void {
  const claimed = headText(w, 'CHAP', CHAP, at, length);
  if (claimed < 0 || w.cut) return;
  const code = w.u8(at);
  if (code === 3 || code === 4) named(w, ', Msg ', at + HEADER, (claimed - HEADER) >>> 0);
  if ((code !== 1 && code !== 2) || length < 5) return;
  const size = w.u8(at + HEADER);
  if (length - 5 < size) return;
  w.str(', Value ');
  w.hexAt(at + 5, size);
  named(w, ', Name ', at + 5 + size, (claimed - 5 - size) >>> 0);
}
/** RFC 1334: names and passwords that anybody may read. */
export function papText(w: Line, at: number, length: number): void {
  const claimed = headText(w, 'PAP', PAP, at, length);
  if (claimed < 0 || w.cut) return;
  if (claimed > length) w.str(`, length ${claimed} > packet size`);
  else if (claimed < HEADER) w.str(`, length ${claimed} < PAP header length`);
  else {
    const code = w.u8(at);
    if (code === 1) requestText(w, at, claimed);
    else if (code === 2 || code === 3) {
      if (claimed < 5) w.str('[|pap]');
      else countedText(w, ', Msg ', at + HEADER, at + claimed);
    }
  }
}
function requestText(w: Line, at: number, length: number): void {
  if (length < 6) {
    w.str('[|pap]');
    return;
  }
  const end = at + length;
  const password = countedText(w, ', Peer ', at + HEADER, end);
  if (password >= 0) countedText(w, ', Name ', password, end);
}
/** Text with its length in front. Returns where it ends; -1 when it does not fit. */
function countedText(w: Line, name: string, at: number, end: number): number {
  if (at + 1 > end) return -1;
  const size = w.u8(at);
  if (at + 1 + size > end) return -1;
  named(w, name, at + 1, size);
  return at + 1 + size;
}
/** RFC 1990, as far as tcpdump reads it: the short header. */
export function multilinkText(w: Line, at: number, length: number): void {
  if (!w.link) w.str('MLPPP, ');
  if (length < 2 || !w.has(at, 2)) {
    w.str('[|mlppp]');
    return;
  }
  const word = w.u16(at);
  w.str('seq 0x');
  w.hexPadded(word & 0xfff, 3);
  w.str(', Flags [');
  w.flags(FLAGS, word >> 8, 'none');
  w.str('], length ');
  w.dec(length);
}
const FLAGS = [
  [0x80, 'begin'],
  [0x40, 'end'],
] as const;
