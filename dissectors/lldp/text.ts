import { literal } from '../../src/bytes/text.ts';
import type { Line } from '../../src/dissect/line.ts';
import { FAMILIES } from '../names/families.ts';
import { OUIS } from '../names/ouis.ts';
import { flagNames, hex, nameOf, paddedText, say } from '../say.ts';
import { unknownData } from '../unknown-data.ts';
import { bridgeText } from './bridge.ts';
import { ethernetText } from './ethernet.ts';
import { exchangeText } from './exchange.ts';
import { mediaText } from './media.ts';
import { CAPABILITIES, CHASSIS, NUMBERINGS, PORTS, RECORDS } from './names.ts';

/** What is left to do after a record: nothing, a dump of it, or to end as cut. */
export type Ending = 'fine' | 'dump' | 'cut';
const INDENT = literal('\n\t  ');

/** tcpdump's text. */
export function lldpText(w: Line, from: number, length: number): void {
  w.label = 'lldp';
  say(w, 'LLDP, length ', length);
  const end = from + length;
  for (let at = from; end - at >= 2 && !w.cut; ) {
    if (!w.has(at, 2)) {
      w.trunc();
      return;
    }
    const type = w.u16(at) >> 9;
    const size = w.u16(at) & 0x1ff;
    if (w.verbose > 0) say(w, '\n\t', nameOf(RECORDS, type, 'Unknown'), ' TLV (', type, '), length ', size);
    if (type === 0 || size === 0) return;
    at += 2;
    const ending = w.has(at, size) && end - at >= size ? recordText(w, type, at, size) : 'cut';
    if (ending === 'cut') {
      w.trunc();
      return;
    }
    if (w.verbose > 1 || (w.verbose > 0 && ending === 'dump')) unknownData(w, at, size, INDENT);
    at += size;
  }
}
type RecordText = (w: Line, at: number, size: number) => Ending;
function recordText(w: Line, type: number, at: number, size: number): Ending {
  if (type === 5) {
    // Also without -v.
    w.str(': ');
    paddedText(w, at, size);
    return 'fine';
  }
  const text = TEXTS[type];
  if (text === undefined) return 'dump';
  return w.verbose > 0 ? text(w, at, size) : 'fine';
}
const paragraph =
  (before: string): RecordText =>
  (w, at, size) => {
    w.str(before);
    paddedText(w, at, size);
    return 'fine';
  };
/** `address` is the kind of a network address; the one before it is that of a MAC address. */
const identity =
  (names: Readonly<Record<number, string>>, address: number): RecordText =>
  (w, at, size) => {
    if (size < 2) return 'cut';
    const kind = w.u8(at);
    say(w, '\n\t  Subtype ', nameOf(names, kind, 'Unknown'), ' (', kind, '): ');
    if (kind === address) return addressText(w, '', at + 1, size - 1) ? 'fine' : 'cut';
    if (names[kind] === undefined) return 'dump';
    if (kind !== address - 1) paddedText(w, at + 1, size - 1);
    else if (size < 7) return 'cut';
    else w.macAt(at + 1);
    return 'fine';
  };
const ADDRESSES: Readonly<Record<number, number>> = { 1: 4, 2: 16, 6: 6 };
/** An address with its family in front. False, and nothing written, when it is too short. */
function addressText(w: Line, before: string, at: number, size: number): boolean {
  if (size < 1) return false;
  const family = w.u8(at);
  const length = ADDRESSES[family];
  if (length !== undefined && size - 1 < length) return false;
  say(
    w,
    before,
    'AFI ',
    nameOf(FAMILIES, family, 'Unknown'),
    ' (',
    family,
    length === undefined ? '), no AF printer !' : '): ',
  );
  if (length === 4) w.ipv4At(at + 1);
  else if (length === 16) w.ipv6At(at + 1);
  else if (length === 6) w.macAt(at + 1);
  return true;
}
const capabilityText: RecordText = (w, at, size) => {
  if (size < 4) return 'cut';
  for (const [name, place] of CAPABILITY_ROWS) {
    const value = w.u16(at + place);
    say(w, '\n\t  ', name, ' Capabilities [', flagNames(CAPABILITIES, value, 'none'), '] (0x', hex(value, 4), ')');
  }
  return 'fine';
};
const CAPABILITY_ROWS = [
  ['System ', 0],
  ['Enabled', 2],
] as const;
const managementText: RecordText = (w, at, size) => {
  const length = w.u8(at);
  let left = size - 1;
  if (left < length) return 'cut';
  if (!addressText(w, `\n\t  Management Address length ${length}, `, at + 1, length)) return 'cut';
  left -= length;
  if (left < 5) return 'cut';
  const rest = at + 1 + length;
  const kind = w.u8(rest);
  say(w, '\n\t  ', nameOf(NUMBERINGS, kind, 'Unknown'), ' Interface Numbering (', kind, '): ', w.u32(rest + 1));
  left -= 5;
  if (left === 0) return 'fine';
  const objectLength = w.u8(rest + 5);
  if (left < 1 + objectLength) return 'cut';
  if (objectLength > 0) {
    say(w, '\n\t  OID length ', objectLength);
    paddedText(w, rest + 6, objectLength);
  }
  return 'fine';
};
const organizationText: RecordText = (w, at, size) => {
  if (size < 3) return 'cut';
  const oui = w.u24(at);
  say(w, ': OUI ', nameOf(OUIS, oui, 'Unknown'), ' (0x', hex(oui, 6), ')');
  return (ORGANIZATIONS[oui] ?? (() => 'dump'))(w, at, size);
};
const assignedText: RecordText = (w, at, size) => {
  if (size < 8) return 'fine';
  const subtype = w.u8(at + 3);
  say(w, '\n\t  ', subtype === 1 ? 'MUD-URL' : 'unknown', ' Subtype (', subtype, ')');
  if (subtype !== 1) return 'dump';
  w.str('\n\t  MUD-URL=');
  w.textAt(at + 4, size - 4);
  return 'fine';
};
const ORGANIZATIONS: Readonly<Record<number, RecordText>> = {
  32962: bridgeText,
  4623: ethernetText,
  94: assignedText,
  4795: mediaText,
  6945: exchangeText,
};
const TEXTS: Readonly<Record<number, RecordText>> = {
  1: identity(CHASSIS, 5),
  2: identity(PORTS, 4),
  3(w, at, size) {
    if (size < 2) return 'cut';
    say(w, ': TTL ', w.u16(at), 's');
    return 'fine';
  },
  4: paragraph(': '),
  6: paragraph('\n\t  '),
  7: capabilityText,
  8: managementText,
  127: organizationText,
};
