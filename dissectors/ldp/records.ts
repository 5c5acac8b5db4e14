/** tcpdump's text of the records of LDP's messages. */
import { literal } from '../../src/bytes/text.ts';
import type { Line } from '../../src/dissect/line.ts';
import { addressText, prefixBytes } from '../bgp/prefix.ts';
import { FAMILIES } from '../names/families.ts';
import { PSEUDOWIRES } from '../names/l2vpn.ts';
import { dotted, flagNames, hex, nameOf, say } from '../say.ts';
import { unknownData } from '../unknown-data.ts';
import { CLASSES, RECORDS } from './names.ts';

const HEAD = 4;
const INDENT = literal('\n\t      ');
const PARAMETER_INDENT = literal('\n\t\t  ');

/** Returns its size with its head, 0 when it does not fit. */
export function recordText(w: Line, at: number, left: number): number {
  if (!w.need(at, HEAD)) return 0;
  const first = w.u16(at);
  const type = first & 0x3fff;
  const length = w.u16(at + 2);
  if (length + HEAD > left) {
    w.str('\n\t\t TLV contents go past end of message');
    return 0;
  }
  say(w, '\n\t    ', nameOf(RECORDS, type, 'Unknown'), ' TLV (0x', hex(type, 4), '), length: ', length);
  const [unknown, forward] = [
    first > 0x7fff ? 'continue processing' : 'ignore',
    (first & 0x4000) !== 0 ? 'do' : "don't",
  ];
  say(w, ', Flags: [', unknown, ' and ', forward, ' forward if unknown]');
  const text = TEXTS[type];
  if (text === undefined) {
    if (w.verbose === 1) unknownData(w, at + HEAD, length, INDENT);
  } else if (enough(w, length, text[0])) text[1](w, at + HEAD, length);
  return length + HEAD;
}
function enough(w: Line, length: number, least: number): boolean {
  if (length >= least) return true;
  say(w, ' [tlv length ', length, ' < ', least, ']');
  w.invalid();
  return false;
}
function addressesText(w: Line, at: number, length: number): void {
  const family = w.u16(at);
  say(w, '\n\t      Address Family: ', nameOf(FAMILIES, family, 'Unknown (%)'), ', addresses');
  const size = family === 1 ? 4 : family === 2 ? 16 : 0;
  if (size === 0) return;
  for (let i = 2; length - i >= size && !w.cut; i += size) {
    if (!w.need(at + i, size)) return;
    w.char(0x20);
    if (size === 4) w.ipv4At(at + i);
    else w.ipv6At(at + i);
  }
}
function sessionText(w: Line, at: number): void {
  const [version, keepalive, flags] = [w.u16(at), w.u16(at + 2), w.u16(at + 6)];
  say(w, '\n\t      Version: ', version, ', Keepalive: ', keepalive, 's, Flags: [Downstream ');
  say(
    w,
    (flags & 0x8000) !== 0 ? 'On Demand' : 'Unsolicited',
    ', Loop Detection ',
    (flags & 0x4000) !== 0 ? 'Enabled' : 'Disabled',
    ']',
  );
}
function helloText(w: Line, at: number): void {
  const [hold, flags] = [w.u16(at), w.u16(at + 2)];
  say(w, '\n\t      Hold Time: ', hold, 's, Flags: [', (flags & 0x8000) !== 0 ? 'Targeted' : 'Link', ' Hello');
  w.str((flags & 0x4000) !== 0 ? ', Request for targeted Hellos]' : ']');
}
function statusText(w: Line, at: number): void {
  const status = w.u32(at);
  say(w, '\n\t      Status: 0x', hex(status & 0x3fff_ffff, 2), ', Flags: [');
  say(
    w,
    status > 0x7fff_ffff ? 'Fatal error' : 'Advisory Notification',
    ' and ',
    (status & 0x4000_0000) !== 0 ? 'do' : "don't",
    ' forward]',
  );
  const cause = w.u32(at + 4);
  if (cause !== 0) say(w, ', causing Message ID: 0x', hex(cause, 8));
}
function toleranceText(w: Line, at: number): void {
  const flags = w.u16(at);
  const unless = (bit: number, word: string) => ((flags & bit) !== 0 ? '' : word);
  say(
    w,
    '\n\t      Flags: [',
    unless(0x8000, 'No '),
    'Reconnect, ',
    unless(8, "Don't "),
    'Save State, ',
    unless(4, 'No '),
  );
  say(w, 'All-Label Protection, ', (flags & 2) !== 0 ? 'Sequence Numbered Label' : 'All Labels', ' Checkpoint, ');
  say(w, unless(1, "Don't "), 'Re-Learn State]');
  const [reconnect, recovery] = [w.u32(at + 4), w.u32(at + 8)];
  if (reconnect !== 0) say(w, ', Reconnect Timeout: ', reconnect, 'ms');
  if (recovery !== 0) say(w, ', Recovery Time: ', recovery, 'ms');
}
function classText(w: Line, at: number, length: number): void {
  const type = w.u8(at);
  say(w, '\n\t      ', nameOf(CLASSES, type, 'Unknown'), ' FEC (0x', hex(type, 2), ')');
  if (type === 2 && enough(w, length - 1, 2)) prefixText(w, at + 1, length - 1);
  else if (type === 0x80 && enough(w, length - 1, 7)) circuitText(w, at + 1, length - 1);
}
function prefixText(w: Line, at: number, length: number): void {
  const family = w.u16(at);
  if (family !== 1 && family !== 2) {
    say(w, ': Address family ', family, ' prefix');
    return;
  }
  const name = family === 1 ? ': IPv4 prefix ' : ': IPv6 prefix ';
  const size = family === 1 ? 4 : 16;
  const bits = length < 3 ? 0 : w.u8(at + 2);
  if (length < 3 || (bits <= size * 8 && length - 3 < Math.ceil(bits / 8))) {
    w.cutHere();
    return;
  }
  if (bits > size * 8) {
    say(w, name, '(invalid length)');
    return;
  }
  const address = prefixBytes(w, at + 3, bits, size);
  w.str(name);
  addressText(w, address);
  say(w, '/', bits);
}
/** RFC 4906: a pseudowire. */
function circuitText(w: Line, at: number, length: number): void {
  const first = w.u16(at);
  const size = w.u8(at + 2);
  if (size !== 0 && !enough(w, length, 11)) return;
  say(w, ': ', nameOf(PSEUDOWIRES, first & 0x7fff, 'Unknown'), first > 0x7fff ? ', control word' : ', no control word');
  say(w, ', group-ID ', w.u32(at + 3));
  if (size !== 0) say(w, ', VC-ID ', w.u32(at + 7));
  say(w, ', VC-info-length: ', size);
  if (size === 0) return;
  if (size < 4) w.str(' (invalid, < 4');
  else if (enough(w, length - 11, size - 4)) parametersText(w, at + 11, size - 4);
}
const PARAMETERS: Readonly<Record<number, string>> = { 1: 'MTU', 3: 'Description', 12: 'VCCV' };
const CHANNELS = [
  [1, 'PWE3 control word'],
  [2, 'MPLS Router Alert Label'],
  [4, 'MPLS inner label TTL = 1'],
] as const;
const VERIFICATIONS = [
  [1, 'ICMP Ping'],
  [2, 'LSP Ping'],
  [4, 'BFD'],
] as const;
function parametersText(w: Line, from: number, length: number): void {
  let at = from;
  for (let left = length; left > 2 && !w.cut; ) {
    const type = w.u8(at);
    const size = w.u8(at + 1);
    if (size < 2 || left < size) return;
    say(w, '\n\t\tInterface Parameter: ', nameOf(PARAMETERS, type, 'Unknown'), ' (0x', hex(type, 2), '), len ', size);
    if (type === 1) say(w, ': ', w.u16(at + 2));
    else if (type === 3) {
      w.str(': ');
      w.textAt(at + 2, size - 2);
    } else if (type === 12) {
      const [channels, kinds] = [w.u8(at + 2), w.u8(at + 3)];
      say(w, '\n\t\t  Control Channels (0x', hex(channels, 2), ') = [', flagNames(CHANNELS, channels, 'none'), ']');
      say(w, '\n\t\t  CV Types (0x', hex(kinds, 2), ') = [', flagNames(VERIFICATIONS, kinds, 'none'), ']');
    } else unknownData(w, at + 2, size - 2, PARAMETER_INDENT);
    left -= size;
    at += size;
  }
}
/** By type: the least length, and the text. */
const TEXTS: Readonly<Record<number, readonly [least: number, text: (w: Line, at: number, length: number) => void]>> = {
  256: [1, classText],
  257: [2, addressesText],
  512: [4, (w, at) => say(w, '\n\t      Label: ', w.u32(at) & 0xf_ffff)],
  768: [8, statusText],
  1024: [4, helloText],
  1025: [4, (w, at) => say(w, '\n\t      IPv4 Transport Address: ', dotted(w, at))],
  1026: [4, (w, at) => say(w, '\n\t      Sequence Number: ', w.u32(at))],
  1027: [
    16,
    (w, at) => {
      if (!w.need(at, 16)) return;
      w.str('\n\t      IPv6 Transport Address: ');
      w.ipv6At(at);
    },
  ],
  1280: [8, sessionText],
  1283: [12, toleranceText],
  1537: [2, (w, at) => say(w, '\n\t      MTU: ', w.u16(at))],
};
