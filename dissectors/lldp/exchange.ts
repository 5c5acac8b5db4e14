/** tcpdump's text of the data center bridging exchange of before IEEE 802.1Qaz (DCBX 1.01). */
import { literal } from '../../src/bytes/text.ts';
import type { Line } from '../../src/dissect/line.ts';
import { hex, nameOf, say } from '../say.ts';
import { unknownData } from '../unknown-data.ts';
import type { Ending } from './text.ts';

const SUBTYPES: Readonly<Record<number, string>> = {
  1: 'DCB Capability Exchange Protocol Rev 1',
  2: 'DCB Capability Exchange Protocol Rev 1.01',
};
const INDENT = literal('\n\t    ');
const EIGHT = [0, 1, 2, 3, 4, 5, 6, 7];

/** A record that begins at `at` with the organization. */
export function exchangeText(w: Line, at: number, size: number): Ending {
  if (size < 4) return 'fine';
  const subtype = w.u8(at + 3);
  say(w, '\n\t  ', nameOf(SUBTYPES, subtype, 'unknown'), ' Subtype (', subtype, ')');
  return subtype === 1 ? 'dump' : partsText(w, at + 4, at + size);
}
function partsText(w: Line, from: number, end: number): Ending {
  let ending: Ending = 'fine';
  for (let at = from; end - at >= 2 && !w.cut; ) {
    if (!w.has(at, 2)) return ending;
    const type = w.u16(at) >> 9;
    const length = w.u16(at) & 0x1ff;
    ending = 'fine';
    at += 2;
    if (type === 0 || length === 0 || !w.has(at, length) || end - at < length) return ending;
    const text = TEXTS[type];
    if (text === undefined) ending = 'dump';
    else if (length < text[0]) return ending;
    else text[1](w, at, length);
    if (w.verbose > 1 || ending === 'dump') unknownData(w, at, length, INDENT);
    at += length;
  }
  return ending;
}
function versionsText(w: Line, at: number): void {
  say(w, '\n\t      Oper_Version: ', w.u8(at), '\n\t      Max_Version: ', w.u8(at + 1));
}
function featureText(w: Line, name: string, type: number, at: number, length: number): void {
  say(w, '\n\t    Feature - ', name, ' (type 0x', hex(type), ', length ', length, ')');
  versionsText(w, at);
  const info = w.u8(at + 2);
  say(
    w,
    '\n\t      Info block(0x',
    hex(info, 2).toUpperCase(),
    '): Enable bit: ',
    info >> 7,
    ', Willing bit: ',
    (info >> 6) & 1,
  );
  say(w, ', Error Bit: ', (info >> 5) & 1, '\n\t      SubType: ', w.u8(at + 3));
}
function controlText(w: Line, at: number, length: number): void {
  say(w, '\n\t    Control - Protocol Control (type 0x1, length ', length, ')');
  versionsText(w, at);
  say(w, '\n\t      Sequence Number: ', w.u32(at + 2), '\n\t      Acknowledgement Number: ', w.u32(at + 6));
}
function groupText(w: Line, at: number, length: number): void {
  featureText(w, 'Priority Group', 2, at, length);
  w.str('\n\t      Priority Allocation');
  const groups = w.u32(at + 4);
  for (const i of EIGHT) say(w, '\n\t          PgId_', i, ': ', (groups >>> (28 - 4 * i)) & 15);
  w.str('\n\t      Priority Group Allocation');
  for (const i of EIGHT) say(w, '\n\t          Pg percentage[', i, ']: ', w.u8(at + 8 + i));
  say(w, '\n\t      NumTCsSupported: ', w.u8(at + 16));
}
function flowControlText(w: Line, at: number, length: number): void {
  featureText(w, 'Priority Flow Control', 3, at, length);
  const enabled = w.u8(at + 4);
  say(w, '\n\t      PFC Config (0x', hex(enabled, 2).toUpperCase(), ')');
  for (const i of EIGHT) say(w, '\n\t          Priority Bit ', i, ': ', (enabled >> i) & 1 ? 'Enabled' : 'Disabled');
  say(w, '\n\t      NumTCPFCSupported: ', w.u8(at + 5));
}
function applicationText(w: Line, at: number, length: number): void {
  featureText(w, 'Application', 4, at, length);
  for (let next = at + 4; at + length - next >= 6; next += 6) {
    say(w, '\n\t      Application Value\n\t          Application Protocol ID: 0x', hex(w.u16(next), 4));
    const value = w.u24(next + 2);
    const selector = value >> 22;
    const what = selector === 0 ? 'L2 EtherType' : 'Socket Number';
    say(w, '\n\t          SF (0x', hex(selector), ') Application Protocol ID is ', what);
    say(
      w,
      '\n\t          OUI: 0x',
      hex(value & 0x3f_ffff, 6),
      '\n\t          User Priority Map: 0x',
      hex(w.u8(next + 5), 2),
    );
  }
}
/** By type: the least length, and the text. */
const TEXTS: Readonly<Record<number, readonly [least: number, text: (w: Line, at: number, length: number) => void]>> = {
  1: [10, controlText],
  2: [17, groupText],
  3: [6, flowControlText],
  4: [4, applicationText],
};
