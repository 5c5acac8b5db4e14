import { literal } from '../../src/bytes/text.ts';
import type { Line } from '../../src/dissect/line.ts';
import { dotted, flagNames, hex, say } from '../say.ts';
import { unknownData } from '../unknown-data.ts';

const CAPABILITIES = [
  [0x01, 'Router'],
  [0x02, 'Transparent Bridge'],
  [0x04, 'Source Route Bridge'],
  [0x08, 'L2 Switch'],
  [0x10, 'L3 capable'],
  [0x20, 'IGMP snooping'],
  [0x40, 'L1 capable'],
] as const;
type Text = (w: Line, at: number, length: number) => void;
/** A name, the text if tcpdump has any, and the lengths that can be. */
type Known = readonly [name: string, text?: Text, least?: number, most?: number];

const quotedText: Text = (w, at, length) => {
  w.char(0x27);
  w.textAt(at, length);
  w.char(0x27);
};
const numberText: Text = (w, at) => w.dec(w.u16(at));
const octetText: Text = (w, at) => say(w, '0x', hex(w.u8(at), 2));
/** Milliwatts as watts with two decimals, a half of the last one to the even. */
const powerText: Text = (w, at, length) => {
  const value = length === 1 ? w.u8(at) : length === 2 ? w.u16(at) : w.u24(at);
  const down = Math.floor(value / 10);
  const isHalf = value % 125 === 0 && value % 10 === 5;
  say(w, (isHalf ? (down + (down & 1)) / 100 : value / 1000).toFixed(2), 'W');
};
const voiceText: Text = (w, at, length) => {
  if (length === 2) say(w, 'unknown 0x', hex(w.u16(at), 4));
  else say(w, 'app ', w.u8(at), ', vlan ', w.u16(at + 1));
};
/** Lines of the wire become lines of ours. */
const versionText: Text = (w, at, length) => {
  w.str('\n\t  ');
  for (let i = 0; i < length && !w.cut; i++) {
    const code = w.u8(at + i);
    if (code === 0x0a) w.str('\n\t  ');
    else w.printableChar(code);
  }
};
const placeText: Text = (w, at, length) => {
  octetText(w, at, 1);
  if (length === 1) return;
  w.char(0x2f);
  w.textAt(at + 1, length - 1);
};
const prefixesText: Text = (w, at, length) => {
  if (length % 5 !== 0) {
    say(w, ' [length ', length, ' is not a multiple of 5]');
    w.need(at, length);
    return;
  }
  say(w, ' IPv4 Prefixes (', length / 5, '):');
  for (let i = 0; i < length && !w.cut; i += 5) say(w, ' ', dotted(w, at + i), '/', w.u8(at + i + 4));
};
export const RECORDS: Readonly<Record<number, Known>> = {
  1: ['Device-ID', quotedText],
  2: ['Address', addressesText],
  3: ['Port-ID', quotedText],
  4: [
    'Capability',
    (w, at) => say(w, '(0x', hex(w.u32(at), 8), '): ', flagNames(CAPABILITIES, w.u32(at), 'none')),
    4,
    4,
  ],
  5: ['Version String', versionText],
  6: ['Platform', quotedText],
  7: ['Prefixes', prefixesText],
  8: ['Protocol-Hello option'],
  9: ['VTP Management Domain', quotedText],
  10: ['Native VLAN ID', numberText, 2, 2],
  11: ['Duplex', (w, at) => w.str(w.u8(at) === 0 ? 'half' : 'full'), 1, 1],
  14: ['ATA-186 VoIP VLAN assignment', voiceText, 3, 3],
  15: ['ATA-186 VoIP VLAN request', voiceText, 2, 3],
  16: ['power consumption', powerText, 1, 3],
  17: ['MTU', (w, at) => say(w, w.u32(at), ' bytes'), 4, 4],
  18: ['AVVID trust bitmap', octetText, 1, 1],
  19: ['AVVID untrusted ports CoS', octetText, 1, 1],
  20: ['System Name', quotedText],
  21: ['System Object ID (not decoded)'],
  22: ['Management Addresses', addressesText, 4],
  23: ['Physical Location', placeText, 1],
};
const LAST = 23;
const HEAD = 4;
const DEVICE = 1;
const INDENT = literal('\n\t  ');

/** tcpdump's text. */
export function cdpText(w: Line, at: number, length: number): void {
  w.label = 'cdp';
  if (length < HEAD) {
    say(w, ' (packet length ', length, ' < ', HEAD, ')');
    invalid(w, at, length);
    return;
  }
  say(w, 'CDPv', w.u8(at), ', ttl: ', w.u8(at + 1), 's');
  const sum = w.u16(at + 2);
  if (w.verbose > 0) say(w, ', checksum: 0x', hex(sum, 4), ' (unverified), length ', length);
  if (recordsText(w, at + HEAD, at + length) && w.verbose === 0) say(w, ', length ', length);
}
function invalid(w: Line, at: number, length: number): void {
  w.invalid();
  w.need(at, length);
}
const plural = (count: number): string => (count === 1 ? '' : 's');
/** False when it ended early. */
function recordsText(w: Line, from: number, end: number): boolean {
  for (let at = from; at < end && !w.cut; ) {
    const wrong = headText(w, at, end - at);
    if (wrong !== '') {
      w.str(wrong);
      invalid(w, at, end - at);
      return false;
    }
    const length = w.u16(at + 2);
    recordText(w, w.u16(at), at + HEAD, length - HEAD);
    at += length;
  }
  return true;
}
/** Says what is wrong with a record before it is read. */
function headText(w: Line, at: number, left: number): string {
  if (left < HEAD) return ` (remaining packet length ${left} < ${HEAD})`;
  const type = w.u16(at);
  const length = w.u16(at + 2);
  const name = RECORDS[type]?.[0] ?? 'unknown field type';
  if (length < HEAD)
    return w.verbose > 0
      ? `\n\t${name} (0x${hex(type, 2)}), TLV length: ${length} byte${plural(length)} (too short)`
      : `, ${name} TLV length ${length} too short`;
  return length > left ? ` (TLV length ${length} > ${left})` : '';
}
function recordText(w: Line, type: number, at: number, length: number): void {
  const [name, text, least = 0, most = Number.POSITIVE_INFINITY] = RECORDS[type] ?? ['unknown field type'];
  const wanted = w.verbose > 0 || type === DEVICE;
  if (w.verbose > 0)
    say(w, '\n\t', name, ' (0x', hex(type, 2), '), value length: ', length, ' byte', plural(length), ': ');
  else if (type === DEVICE) w.str(', Device-ID ');
  const fits = length >= least && length <= most;
  if (type <= LAST && fits && wanted && (text !== undefined || RECORDS[type] !== undefined)) {
    if (text === undefined) w.need(at, length);
    else text(w, at, length);
    return;
  }
  if (type <= LAST && !fits) w.str(' (malformed TLV)');
  // What has no name, but could have one, is passed over when it is wanted.
  else if (type <= LAST && wanted) {
    w.need(at, length);
    return;
  }
  if (w.need(at, length)) unknownData(w, at, length, INDENT);
}
const IP_NLPID = 0xcc;
/** Addresses with the protocol that they are of: a network layer's identifier, or an LLC header. */
function addressesText(w: Line, from: number, length: number): void {
  if (length < 4) {
    missingText(w, from, length, 'num');
    return;
  }
  let at = from + 4;
  let left = length - 4;
  for (let count = w.u32(from); count > 0 && !w.cut; ) {
    if (left < 2) {
      missingText(w, at, left, 'PT+PL');
      return;
    }
    const kind = w.u8(at);
    const size = w.u8(at + 1);
    at += 2;
    left -= 2;
    if (left < size + 2) {
      missingText(w, at, left, 'P+AL');
      return;
    }
    const address = at + size + 2;
    const addressSize = w.u16(at + size);
    left -= size + 2;
    const family = familyOf(w, kind, size, at, addressSize);
    if (family === 0) bytesText(w, kind, size, at, addressSize);
    if (left < addressSize) {
      missingText(w, address, left, 'A');
      return;
    }
    if (family === 0) for (let i = 0; i < addressSize && !w.cut; i++) say(w, ' ', hex(w.u8(address + i), 2));
    else if (w.need(address, addressSize)) {
      say(w, 'IPv', family, ' (', count, ') ');
      if (family === 4) w.ipv4At(address);
      else w.ipv6At(address);
    }
    at = address + addressSize;
    left -= addressSize;
    if (--count > 0) w.char(0x20);
  }
  if (left > 0) say(w, ' (', left, ' bytes of stray data)');
}
function familyOf(w: Line, kind: number, size: number, at: number, addressSize: number): 0 | 4 | 6 {
  if (kind === 1 && size === 1 && addressSize === 4 && w.u8(at) === IP_NLPID) return 4;
  const isV6 = kind === 2 && size === 8 && addressSize === 16 && w.u32(at) === 0xaaaa_0300 && w.u32(at + 4) === 0x86dd;
  return isV6 ? 6 : 0;
}
function bytesText(w: Line, kind: number, size: number, at: number, addressSize: number): void {
  say(w, 'pt=0x', hex(kind, 2), ', pl=', size, ', pb=');
  for (let i = 0; i < size && !w.cut; i++) say(w, ' ', hex(w.u8(at + i), 2));
  say(w, ', al=', addressSize, ', a=');
}
function missingText(w: Line, at: number, left: number, what: string): void {
  say(w, ' (not enough space for ', what, ')');
  w.need(at, left);
}
