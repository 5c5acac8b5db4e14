import { literal } from '../../src/bytes/text.ts';
import type { Line } from '../../src/dissect/line.ts';
import { prefixOctets } from './kinds.ts';
import { type Format, MESSAGES, NODE_TYPES, OPTIONS, OVERLOADS } from './options.ts';

const PAD = 0;
const END = 255;
const MESSAGE_TYPE = 53;
const REQUESTED = 55;
const QUOTE = 0x22;
const COMMA = 0x2c;

/** tcpdump's text of the options from `from` to the end of the packet. */
export function optionsText(w: Line, from: number): void {
  for (let at = from; w.has(at, 1) && !w.cut; ) {
    const code = w.u8(at);
    const isMark = code === PAD || code === END;
    at++;
    if (isMark && w.verbose < 3) {
      if (code === END) return;
      continue;
    }
    const length = isMark ? 0 : w.u8(at++);
    w.str('\n\t    ');
    w.str(OPTIONS[code]?.name ?? 'Unknown');
    w.str(' (');
    w.dec(code);
    w.str('), length ');
    w.dec(length);
    if (length > 0) w.str(': ');
    if (code === PAD) at = padText(w, at);
    if (w.cut) return;
    if (!w.has(at, length)) {
      w.trunc();
      return;
    }
    bodyText(w, code, at, length);
    at += length;
  }
}
function padText(w: Line, from: number): number {
  let at = from;
  while (w.has(at, 1) && w.u8(at) === PAD) at++;
  if (at > from) {
    w.str(', occurs ');
    w.dec(at - from + 1);
  }
  return at;
}
/** An option's value, all of which was captured. */
function bodyText(w: Line, code: number, at: number, length: number): void {
  if (code === MESSAGE_TYPE && length === 1) w.named(MESSAGES, w.u8(at), 'Unknown (%u)');
  else if (code === REQUESTED) requestedText(w, at, length);
  else {
    const end = at + length;
    const rest = end - (SPECIALS[code]?.(w, at, end) ?? runText(w, formatOf(code, length), at, end));
    if (rest === 0) return;
    w.str('\n\t  trailing data length ');
    w.dec(rest);
  }
}
/** What nobody knows is shown by its length. */
function formatOf(code: number, length: number): Format {
  const known = OPTIONS[code]?.format;
  if (known !== undefined) return known;
  if (length % 2 !== 0) return 'bytes';
  return length % 4 !== 0 ? 'short' : 'number';
}
function requestedText(w: Line, at: number, length: number): void {
  for (let i = 0; i < length; i++) {
    const code = w.u8(at + i);
    w.str(i % 4 === 0 ? '\n\t      ' : ', ');
    w.str(OPTIONS[code]?.name ?? 'Unknown');
    w.str(' (');
    w.dec(code);
    w.char(0x29);
  }
}

const SIZES: Readonly<Partial<Record<Format, number>>> = { address: 4, pair: 8, signed: 4, number: 4, short: 2 };
/** Values one after the other; returns where those that were whole end. */
function runText(w: Line, format: Format, from: number, end: number): number {
  if (format === 'text') return quotedText(w, from, end);
  const size = SIZES[format] ?? 1;
  let at = from;
  for (; at + size <= end; at += size) {
    if (at > from) w.char(format === 'bytes' || format === 'none' ? 0x2e : COMMA);
    valueText(w, format, at);
  }
  return at;
}
function valueText(w: Line, format: Format, at: number): void {
  if (format === 'address') w.ipv4At(at);
  else if (format === 'number') w.dec(w.u32(at));
  else if (format === 'signed') w.signed(w.u32(at) | 0);
  else if (format === 'short') w.dec(w.u16(at));
  else if (format === 'switch') switchText(w, w.u8(at));
  else if (format === 'pair') {
    w.char(0x28);
    w.ipv4At(at);
    w.char(0x3a);
    w.ipv4At(at + 4);
    w.char(0x29);
  } else w.dec(w.u8(at));
}
function switchText(w: Line, value: number): void {
  if (value < 2) w.str(value === 0 ? 'N' : 'Y');
  else {
    w.dec(value);
    w.char(0x3f);
  }
}
function quotedText(w: Line, from: number, end: number): number {
  w.char(QUOTE);
  w.textAt(from, end - from);
  w.char(QUOTE);
  return end;
}

/** An option that is no run of values; returns where what it shows ends. */
type Special = (w: Line, from: number, end: number) => number;

const tooShort = (w: Line, least: number): void => {
  w.str('[ERROR: length < ');
  w.dec(least);
  w.str(' bytes]');
};
const oneOf =
  (names: Readonly<Record<number, string>>): Special =>
  (w, from, end) => {
    if (from === end) {
      tooShort(w, 1);
      return end;
    }
    w.named(names, w.u8(from), '#%u');
    return from + 1;
  };

const clientName: Special = (w, from, end) => {
  if (end - from < 3) {
    tooShort(w, 3);
    return end;
  }
  const flags = w.u8(from);
  if (flags > 0x0f) {
    w.str('[ERROR: MBZ nibble 0x');
    w.hex(flags >> 4);
    w.str(' != 0] ');
  }
  if ((flags & 0x0f) !== 0) {
    w.char(0x5b);
    for (const [bit, letter] of ['S', 'O', 'E', 'N'].entries()) if ((flags >> bit) & 1) w.str(letter);
    w.str('] ');
  }
  if (w.u16(from + 1) !== 0) {
    w.dec(w.u8(from + 1));
    w.char(0x2f);
    w.dec(w.u8(from + 2));
    w.char(0x20);
  }
  return quotedText(w, from + 3, end);
};

const HARDWARE = { 1: 'ether', 6: 'ieee802', 7: 'arcnet', 15: 'frelay', 23: 'strip', 24: 'ieee1394' };
const clientId: Special = (w, from, end) => {
  if (from === end) {
    tooShort(w, 1);
    return end;
  }
  const type = w.u8(from);
  if (type === 0) return quotedText(w, from + 1, end);
  w.named(HARDWARE, type, 'hardware-type %u,');
  w.char(0x20);
  for (let at = from + 1; at < end; at++) {
    if (at > from + 1) w.char(0x3a);
    w.hex2(w.u8(at));
  }
  return end;
};

const SUBOPTIONS: Readonly<Record<number, string>> = { 1: 'Circuit-ID', 2: 'Remote-ID', 6: 'Subscriber-ID' };
const SUBOPTION_INDENT = literal('\n\t\t');
const agentInformation: Special = (w, from, end) => {
  let at = from;
  while (at + 2 <= end) {
    const code = w.u8(at);
    const size = w.u8(at + 1);
    at += 2;
    w.str('\n\t      ');
    w.str(SUBOPTIONS[code] ?? 'Unknown');
    w.str(' SubOption ');
    w.dec(code);
    w.str(', length ');
    w.dec(size);
    w.str(': ');
    if (at + size > end) {
      w.str('length goes past end of option');
      return end;
    }
    if (SUBOPTIONS[code] !== undefined) w.textAt(at, size);
    else w.hexDump(at, at + size, false, SUBOPTION_INDENT);
    at += size;
  }
  return at;
};

const routes: Special = (w, from, end) => {
  if (end - from < 5) {
    tooShort(w, 5);
    return end;
  }
  for (let at = from; at < end; ) {
    if (at > from) w.char(COMMA);
    const width = w.u8(at++);
    const octets = prefixOctets(width);
    if (width > 32) {
      w.str('[ERROR: Mask width (');
      w.dec(width);
      w.str(') > 32]');
      return end;
    }
    if (end - at < octets + 4) {
      w.str('[ERROR: Remaining length (');
      w.dec(end - at);
      w.str(') < ');
      w.dec(octets + 4);
      w.str(' bytes]');
      return end;
    }
    w.char(0x28);
    if (width === 0) w.str('default');
    else prefixText(w, at, octets, width);
    w.char(0x3a);
    w.ipv4At(at + octets);
    w.char(0x29);
    at += octets + 4;
  }
  return end;
};
function prefixText(w: Line, at: number, octets: number, width: number): void {
  for (let i = 0; i < 4; i++) {
    if (i > 0) w.char(0x2e);
    w.dec(i < octets ? w.u8(at + i) : 0);
  }
  w.char(0x2f);
  w.dec(width);
}

const userClass: Special = (w, from, end) => {
  if (end - from < 2) {
    tooShort(w, 2);
    return end;
  }
  for (let at = from, count = 1; at < end; count++) {
    const size = w.u8(at++);
    w.str('\n\t      instance#');
    w.dec(count);
    w.str(': ');
    if (size === 0 || end - at < size) {
      w.str(size === 0 ? '[ERROR: suboption length must be non-zero]' : '[ERROR: invalid option]');
      return end;
    }
    at = quotedText(w, at, at + size);
    w.str(', length ');
    w.dec(size);
  }
  return end;
};

const SPECIALS: Readonly<Record<number, Special>> = {
  46: oneOf(NODE_TYPES),
  52: oneOf(OVERLOADS),
  61: clientId,
  77: userClass,
  81: clientName,
  82: agentInformation,
  121: routes,
  249: routes,
};
