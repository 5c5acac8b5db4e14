import type { Line } from '../../src/dissect/line.ts';
import { AVPS, MESSAGES } from './names.ts';

const HEADER = 6;
const MANDATORY = 0x8000;
const HIDDEN = 0x4000;
const LENGTH = 0x03ff;

/** One attribute with its value. Returns its size; 0: it does not fit, and nothing more can be read. */
export function avpText(w: Line, at: number, room: number): number {
  w.char(0x20);
  const first = w.u16(at);
  const size = first & LENGTH;
  if (w.cut) return 0;
  if (size < HEADER || size > room || !w.has(at, size)) {
    w.trunc();
    return 0;
  }
  if ((first & MANDATORY) !== 0) w.char(0x2a);
  if ((first & HIDDEN) !== 0) w.char(0x3f);
  const vendor = w.u16(at + 2);
  const type = w.u16(at + 4);
  const length = size - HEADER;
  if (vendor !== 0) {
    w.str(`VENDOR${vendor.toString(16).padStart(4, '0')}:ATTR${type.toString(16).padStart(4, '0')}(`);
    w.hexAt(at + HEADER, length);
  } else {
    w.named(AVPS, type, 'AVP-#%u');
    w.char(0x28);
    if ((first & HIDDEN) !== 0) w.str('???');
    else valueText(w, type, at + HEADER, length);
  }
  w.char(0x29);
  return size;
}
function valueText(w: Line, type: number, at: number, length: number): void {
  const value = VALUES[type];
  if (value === undefined) return;
  if (length < value.least) w.str('AVP too short');
  else value.text(w, at, length);
}
interface Value {
  readonly least: number;
  readonly text: (w: Line, at: number, length: number) => void;
}
const text: Value = { least: 0, text: (w, at, length) => w.textAt(at, length) };
const octets: Value = { least: 0, text: (w, at, length) => w.hexAt(at, length) };
const octetsOf = (count: number): Value => ({ least: count, text: (w, at) => w.hexAt(at, count) });
const number16: Value = { least: 2, text: (w, at) => w.dec(w.u16(at)) };
const number32: Value = { least: 4, text: (w, at) => w.dec(w.u32(at)) };
/** Two bits, each with a letter. */
const letters = (high: string, low: string): Value => ({
  least: 4,
  text(w, at) {
    const bits = w.u32(at);
    if ((bits & 2) !== 0) w.str(high);
    if ((bits & 1) !== 0) w.str(low);
  },
});
const framing = letters('A', 'S');
const bearer = letters('A', 'D');
const names = (table: Readonly<Record<number, string>>, unknown: string): Value => ({
  least: 2,
  text: (w, at) => w.named(table, w.u16(at), unknown),
});
const AUTHENTICATION = { 0: 'Reserved', 1: 'Textual', 2: 'CHAP', 3: 'PAP', 4: 'No Auth', 5: 'MS-CHAPv1' };
const DIRECTIONS = { 0: 'global error', 1: 'at peer', 2: 'at local' };

function resultText(w: Line, at: number, length: number): void {
  w.dec(w.u16(at));
  if (length === 2) return;
  if (length < 4) {
    w.str(' AVP too short');
    return;
  }
  w.char(0x2f);
  w.dec(w.u16(at + 2));
  if (length > 4) messageText(w, at + 4, length - 4);
}
function messageText(w: Line, at: number, length: number): void {
  w.char(0x20);
  w.textAt(at, length);
}
function causeText(w: Line, at: number, length: number): void {
  w.dec(w.u16(at));
  w.str(', ');
  w.hex2(w.u8(at + 2));
  if (length > 3) messageText(w, at + 3, length - 3);
}
/** Numbers behind two reserved bytes, as many as there are. */
const counters = (labels: readonly string[], hex: boolean): Value => ({
  least: 2,
  text(w, at, length) {
    for (const [i, label] of labels.entries()) {
      if (length < 6 + i * 4) {
        w.str('AVP too short');
        return;
      }
      const value = w.u32(at + 2 + i * 4);
      w.str(`${label}=${hex ? value.toString(16).padStart(8, '0') : value} `);
    }
  },
});
function disconnectText(w: Line, at: number, length: number): void {
  w.hexPadded(w.u16(at), 4);
  w.str(', ');
  w.hexPadded(w.u16(at + 2), 4);
  w.char(0x20);
  w.named(DIRECTIONS, w.u8(at + 4), 'Direction-#%u');
  if (length > 5) messageText(w, at + 5, length - 5);
}
/** RFC 2661 section 4.4; the others have no value that is shown. */
const VALUES: Readonly<Record<number, Value>> = {
  0: names(MESSAGES, 'MSGTYPE-#%u'),
  1: { least: 2, text: resultText },
  2: { least: 2, text: (w, at) => w.str(`${w.u8(at)}.${w.u8(at + 1)}`) },
  3: framing,
  4: bearer,
  5: octetsOf(8),
  6: number16,
  7: text,
  8: text,
  9: number16,
  10: number16,
  11: octets,
  12: { least: 3, text: causeText },
  13: octetsOf(16),
  14: number16,
  15: number32,
  16: number32,
  17: number32,
  18: bearer,
  19: framing,
  20: { least: 0, text: (w) => w.str('obsolete') },
  21: text,
  22: text,
  23: text,
  24: number32,
  25: number32,
  26: octets,
  27: octets,
  28: octets,
  29: names(AUTHENTICATION, 'AuthType-#%u'),
  30: text,
  31: octets,
  32: { least: 2, text: (w, at) => w.dec(w.u8(at + 1)) },
  33: octets,
  34: counters(['CRCErr', 'FrameErr', 'HardOver', 'BufOver', 'Timeout', 'AlignErr'], false),
  35: counters(['send', 'recv'], true),
  36: octets,
  37: text,
  38: number32,
  46: { least: 5, text: disconnectText },
};
