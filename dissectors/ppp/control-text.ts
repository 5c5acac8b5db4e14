import { literal } from '../../src/bytes/text.ts';
import type { Line } from '../../src/dissect/line.ts';
import { OUIS } from '../names/ouis.ts';
import { PPP_NAMES } from './numbers.ts';
import { optionsText } from './options-text.ts';

/** RFC 1661 section 5 and its successors, by the names that tcpdump's users know. */
const CODES: Readonly<Record<number, string>> = {
  0: 'Vendor-Extension',
  1: 'Conf-Request',
  2: 'Conf-Ack',
  3: 'Conf-Nack',
  4: 'Conf-Reject',
  5: 'Term-Request',
  6: 'Term-Ack',
  7: 'Code-Reject',
  8: 'Prot-Reject',
  9: 'Echo-Request',
  10: 'Echo-Reply',
  11: 'Disc-Req',
  12: 'Ident',
  13: 'Time-Rem',
  14: 'Reset-Req',
  15: 'Reset-Ack',
};
const HEADER = 4;
const INDENT = literal('\n\t');
const DEEPER = literal('\n\t  ');
const DEEPEST = literal('\n\t    ');

/** tcpdump's text of what sets up a link and the protocols on it. `length` is all that PPP carries. */
export function controlText(w: Line, number: number, at: number, length: number): void {
  const name = PPP_NAMES[number]!;
  w.str(name);
  w.str(', ');
  if (length < HEADER || !w.has(at, 2)) {
    w.str(`[|${name}]`);
    return;
  }
  const code = w.u8(at);
  w.named(CODES, code, 'Unknown Opcode');
  w.str(' (0x');
  w.hex2(code);
  w.str('), id ');
  w.dec(w.u8(at + 1));
  w.str(', length ');
  w.dec(length + 2);
  if (w.verbose === 0) return;
  const claimed = w.u16(at + 2);
  w.str('\n\tencoded length ');
  w.dec(claimed);
  if (claimed < HEADER) w.str(' (< 4))');
  else if (claimed > length) w.str(` (> packet length ${length}))`);
  else {
    w.str(` (=Option(s) length ${claimed - HEADER})`);
    if (claimed > HEADER) bodyText(w, number, code, at, claimed);
  }
}
function dump(w: Line, indent: typeof INDENT, at: number, count: number): void {
  w.hexDump(at, Math.min(at + count, w.limit), false, indent);
}
function bodyText(w: Line, number: number, code: number, at: number, length: number): void {
  const body = at + HEADER;
  if (w.verbose > 1) dump(w, INDENT, at - 2, 6);
  if (code === 0) {
    if (length >= 11) {
      magicText(w, body);
      const oui = w.u24(body + 4);
      w.str(` Vendor: ${OUIS[oui] ?? 'Unknown'} (${oui})`);
    }
  } else if (code <= 4) optionsText(w, number, body, length);
  else if (code === 8) {
    if (length >= 6) rejectedText(w, body, length);
  } else if (code >= 9 && code <= 11) {
    if (length >= 8) echoText(w, number, body, length);
  } else if (code === 12) {
    if (length >= 8) identText(w, body, length);
  } else if (code === 13) {
    if (length >= 12) {
      magicText(w, body);
      w.str(`, Seconds-Remaining ${w.u32(body + 4)}s`);
    }
  } else if (code > 13 && w.verbose < 2) dump(w, DEEPER, at - 2, length + 2);
}
function magicText(w: Line, at: number): void {
  const magic = w.u32(at);
  w.str('\n\t  Magic-Num 0x');
  w.hexPadded(magic, 8);
}
function rejectedText(w: Line, at: number, length: number): void {
  const number = w.u16(at);
  w.str(`\n\t  Rejected ${PPP_NAMES[number] ?? 'unknown'} Protocol (0x${number.toString(16).padStart(4, '0')})`);
  if (length <= 6) return;
  w.str('\n\t  Rejected Packet');
  dump(w, DEEPEST, at + 2, length - 2);
}
function echoText(w: Line, number: number, at: number, length: number): void {
  magicText(w, at);
  if (length <= 8) return;
  w.str('\n\t  -----trailing data-----');
  if (w.has(at + 4, length - 8)) dump(w, DEEPER, at + 4, length - 8);
  else w.str(`[|${PPP_NAMES[number]!}]`);
}
function identText(w: Line, at: number, length: number): void {
  magicText(w, at);
  if (length <= 8) return;
  w.str('\n\t  Message\n\t    ');
  const end = at + length;
  const limit = Math.min(end, w.limit);
  w.textAt(at + 4, limit - at - 4);
  if (limit < end) w.str('[|LCP]');
}
