/** tcpdump's text of the lightweight resolver. */
import type { Line } from '../../src/dissect/line.ts';
import { classText, typeText } from '../dns/record-text.ts';
import { durationText } from '../duration.ts';

export const ADDRESSES_BY_NAME = 0x0001_0001;
export const NAME_BY_ADDRESS = 0x0001_0002;
export const RECORDS_BY_NAME = 0x0001_0003;
export const OPCODES: Readonly<Record<number, string>> = {
  0: 'noop',
  [ADDRESSES_BY_NAME]: 'getaddrsbyname',
  [NAME_BY_ADDRESS]: 'getnamebyaddr',
  [RECORDS_BY_NAME]: 'getrdatabyname',
};
const HEADER = 28;
const IN = 1;
/** What a part's printing returns in place of the position behind it. */
const CUT = -1;
const INVALID = -2;
const UNSUPPORTED = -3;

export function lookupText(w: Line, at: number, length: number): void {
  if (!w.need(at, HEADER)) return;
  w.str(' lwres');
  const claimed = w.u32(at);
  const version = w.u16(at + 4);
  if (w.verbose > 0 || version !== 0) {
    w.str(' v');
    w.dec(version);
  }
  const end = version === 0 ? operationText(w, at) : at + claimed;
  if (end === CUT) return;
  if (end === INVALID) {
    w.invalid();
    return;
  }
  if (claimed !== length) {
    w.str(' [len: ');
    w.dec(claimed);
    w.str(' != ');
    w.dec(length);
    w.char(0x5d);
  }
  if (end !== UNSUPPORTED && end - at < claimed) w.str('[extra]');
}
function hexText(w: Line, label: string, value: number): void {
  w.str(label);
  w.hex(value);
}
function operationText(w: Line, at: number): number {
  const flags = w.u16(at + 6);
  const opcode = w.u32(at + 12);
  const isResponse = (flags & 1) !== 0;
  w.char(0x20);
  w.named(OPCODES, opcode, '#0x%x');
  if (!isResponse) w.char(0x3f);
  if ((flags & ~1) !== 0) {
    hexText(w, '[0x', flags);
    w.char(0x5d);
  }
  if (w.verbose > 1) {
    hexText(w, ' (serial:0x', w.u32(at + 8));
    hexText(w, ' result:0x', w.u32(at + 16));
    w.str(' recvlen:');
    w.dec(w.u32(at + 20));
    if (w.verbose > 2) {
      hexText(w, ' authtype:0x', w.u16(at + 24));
      w.str(' authlen:');
      w.dec(w.u16(at + 26));
    }
    w.char(0x29);
  }
  const body = at + HEADER;
  if (opcode === 0) return body;
  const bodyText = (isResponse ? RESPONSES : REQUESTS)[opcode];
  if (bodyText === undefined) return UNSUPPORTED;
  const end = bodyText(w, body);
  return w.cut ? CUT : end;
}
/** The flags at `at`, and whether the fixed part of the body is there. */
function begins(w: Line, at: number, size: number): boolean {
  if (!w.need(at, size)) return false;
  if (w.verbose > 2) hexText(w, ' flags:0x', w.u32(at));
  return true;
}

type BodyText = (w: Line, at: number) => number;
const REQUESTS: Readonly<Record<number, BodyText>> = {
  [ADDRESSES_BY_NAME](w, at) {
    if (!begins(w, at, 10)) return CUT;
    const types = w.u32(at + 4);
    w.str(['', ' IPv4', ' IPv6', ' IPv4/6'][types & 3]!);
    if (types > 3) {
      hexText(w, '[0x', types);
      w.char(0x5d);
    }
    return nameText(w, at + 10, w.u16(at + 8));
  },
  [NAME_BY_ADDRESS]: (w, at) => (begins(w, at, 4) ? addressText(w, at + 4) : CUT),
  [RECORDS_BY_NAME](w, at) {
    if (!begins(w, at, 10)) return CUT;
    kindText(w, at);
    return nameText(w, at + 10, w.u16(at + 8));
  },
};
const RESPONSES: Readonly<Record<number, BodyText>> = {
  [ADDRESSES_BY_NAME](w, at) {
    if (!begins(w, at, 10)) return CUT;
    const aliases = w.u16(at + 4);
    const addresses = w.u16(at + 6);
    countsText(w, aliases, addresses);
    let next = nameText(w, at + 10, w.u16(at + 8));
    next = times(w, aliases, next, countedNameText);
    return times(w, addresses, next, addressText);
  },
  [NAME_BY_ADDRESS](w, at) {
    if (!begins(w, at, 8)) return CUT;
    const aliases = w.u16(at + 4);
    w.char(0x20);
    w.dec(aliases);
    return times(w, aliases, nameText(w, at + 8, w.u16(at + 6)), countedNameText);
  },
  [RECORDS_BY_NAME](w, at) {
    if (!begins(w, at, 16)) return CUT;
    kindText(w, at);
    w.str(' TTL ');
    durationText(w, w.u32(at + 8));
    const records = w.u16(at + 12);
    const signatures = w.u16(at + 14);
    countsText(w, records, signatures);
    const next = times(w, records, countedNameText(w, at + 16), dataText);
    return times(w, signatures, next, dataText);
  },
};
function countsText(w: Line, first: number, second: number): void {
  w.char(0x20);
  w.dec(first);
  w.char(0x2f);
  w.dec(second);
}
/** Type and class of the records looked for. */
function kindText(w: Line, at: number): void {
  typeText(w, w.u16(at + 6));
  const number = w.u16(at + 4);
  if (number !== IN) classText(w, number, ' Class%u');
}
function times(w: Line, count: number, at: number, part: BodyText): number {
  let next = at;
  for (let left = count; left > 0 && next >= 0 && !w.cut; left--) next = part(w, next);
  return next;
}
function nameText(w: Line, at: number, length: number): number {
  w.char(0x20);
  w.textAt(at, length);
  if (w.u8(at + length) !== 0) w.str(' (not NUL-terminated!)');
  return at + length + 1;
}
const countedNameText = (w: Line, at: number): number => nameText(w, at + 2, w.u16(at));
function dataText(w: Line, at: number): number {
  const length = w.u16(at);
  w.hexAt(at + 2, length);
  return at + 2 + length;
}
function addressText(w: Line, at: number): number {
  const length = w.u16(at + 4);
  const from = at + 6;
  if (!w.need(from, length)) return CUT;
  const family = w.u32(at);
  if ((family === 1 && length < 4) || (family === 2 && length < 16)) return INVALID;
  w.char(0x20);
  if (family === 1) {
    w.ipv4At(from);
    return from + 4;
  }
  if (family === 2) {
    w.ipv6At(from);
    return from + 16;
  }
  w.dec(family);
  w.char(0x2f);
  w.hexAt(from, length);
  return from + length;
}
