import type { Frame } from '../../src/dissect/frame.ts';
import type { Line } from '../../src/dissect/line.ts';

export const READ = 1;
export const WRITE = 2;
export const DATA = 3;
export const ACK = 4;
export const ERROR = 5;
export const OACK = 6;
const OPCODES = { [READ]: 'RRQ', [WRITE]: 'WRQ', [DATA]: 'DATA', [ACK]: 'ACK', [ERROR]: 'ERROR', [OACK]: 'OACK' };
/** By number; the words are those of the constants in C. */
const ERRORS = {
  ...'EUNDEF ENOTFOUND EACCESS ENOSPACE EBADOP EBADID EEXISTS ENOUSER'.split(' '),
};
const QUOTE = 0x22;
const SPACE = 0x20;

export function tftpText(w: Line, frame: Frame, d: number): void {
  const at = frame.from[d]!;
  const end = frame.claim[d]!;
  w.label = 'tftp';
  w.str(`TFTP, length ${end - at}`);
  if (end - at < 2) {
    w.trunc();
    return;
  }
  const opcode = w.u16(at);
  w.str(', ');
  w.named(OPCODES, opcode, 'tftp-#%u');
  if (OPCODES[opcode as keyof typeof OPCODES] === undefined) return;
  if (!bodyText(w, opcode, at + 2, end)) w.trunc();
}
/** False when there is less of it than there has to be. */
function bodyText(w: Line, opcode: number, from: number, end: number): boolean {
  let at = from;
  if (opcode === DATA || opcode === ACK || opcode === ERROR) {
    if (end - at < 2) return false;
    if (opcode !== ERROR) {
      w.str(' block ');
      w.dec(w.u16(at));
      return true;
    }
    w.char(SPACE);
    w.named(ERRORS, w.u16(at), 'tftp-err-#%u "');
    return end - at > 2 && quoted(w, at + 2, end) > 0;
  }
  if (opcode !== OACK) {
    if (at === end) return false;
    at = quoted(w, at, end);
    if (at === 0 || at === end) return false;
    w.char(SPACE);
    at = terminated(w, at, end);
  }
  while (at !== 0 && at < end && !w.cut) {
    if (w.u8(at) !== 0) w.char(SPACE);
    at = terminated(w, at, end);
  }
  return at !== 0;
}
function quoted(w: Line, at: number, end: number): number {
  w.str(' "');
  const next = terminated(w, at, end);
  w.char(QUOTE);
  return next;
}
/** A text that a zero octet ends. Returns the place behind that, 0 when there is none. */
function terminated(w: Line, from: number, end: number): number {
  for (let at = from; at < Math.min(end, w.limit); at++) {
    const byte = w.u8(at);
    if (byte === 0) return at + 1;
    w.printableChar(byte);
  }
  return 0;
}
