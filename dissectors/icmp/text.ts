import { fold16, shouldBe16, sum16 } from '../../src/bytes/checksum.ts';
import { literal } from '../../src/bytes/text.ts';
import type { Frame } from '../../src/dissect/frame.ts';
import type { Line } from '../../src/dissect/line.ts';
import { wrongVersionText } from '../ip/version.ts';
import { isFragment } from '../udp.ts';
import { extensionText, LEGACY_EXTENSION } from './extension-text.ts';

const ICMP = 1;
/** Where the quoted packet begins. */
export const QUOTE = 8;
export const isQuote = (type: number): boolean => (type >= 3 && type <= 5) || isMultipart(type);
/** Messages that may carry extensions behind the quoted packet (RFC 4884 section 4). */
export const isMultipart = (type: number): boolean => type === 3 || type === 11 || type === 12;

/** Messages of which the type is all that tcpdump tells. */
const PLAIN: Readonly<Record<number, string>> = {
  4: 'source quench',
  10: 'router solicitation',
  15: 'information request',
  16: 'information reply',
  17: 'address mask request',
};
/** Why a destination is unreachable, by code, around its address. */
const UNREACHABLE: Readonly<Record<number, readonly [before: string, after: string]>> = {
  0: ['net ', ' unreachable'],
  1: ['host ', ' unreachable'],
  5: ['', ' unreachable - source route failed'],
  6: ['net ', ' unreachable - unknown'],
  7: ['host ', ' unreachable - unknown'],
  8: ['', ' unreachable - source host isolated'],
  9: ['net ', ' unreachable - admin prohibited'],
  10: ['host ', ' unreachable - admin prohibited'],
  11: ['net ', ' unreachable - tos prohibited'],
  12: ['host ', ' unreachable - tos prohibited'],
  13: ['host ', ' unreachable - admin prohibited filter'],
  14: ['host ', ' unreachable - host precedence violation'],
  15: ['host ', ' unreachable - precedence cutoff'],
};
const REDIRECT: Readonly<Record<number, readonly [before: string, between: string]>> = {
  0: ['redirect ', ' to net '],
  1: ['redirect ', ' to host '],
  2: ['redirect-tos ', ' to net '],
  3: ['redirect-tos ', ' to host '],
};
/** tcpdump keeps no more of a message's description. */
const LONGEST = 163;
const PROTO = QUOTE + 9;
const DESTINATION = QUOTE + 16;

/** tcpdump's text of ICMP, and with `-v` of the packet that an error quotes. */
export function icmpText(w: Line, frame: Frame, d: number): void {
  if (wrongVersionText(w, frame, d, 4, ICMP)) return;
  const at = frame.from[d]!;
  const length = frame.claim[d]! - at;
  w.label = 'icmp';
  const type = w.u8(at);
  const code = w.u8(at + 1);
  if (w.cut) return;
  if (!isDescribed(w, at, type, code)) {
    w.trunc();
    return;
  }
  if (w.cut) return;
  w.put(NAME);
  const start = w.at;
  const describe = DESCRIPTIONS[type];
  if (describe !== undefined) describe(w, at, code, type);
  else w.named(PLAIN, type, 'type-#%u');
  w.at = Math.min(w.at, start + LONGEST);
  w.str(', length ');
  w.dec(length);
  if (w.verbose === 0 || w.cut) return;
  if (!isFragment(frame, d) && w.has(at, length)) checksumText(w, at, length);
  if (isQuote(type)) quoteText(w, frame, d);
  if (isMultipart(type) && length > LEGACY_EXTENSION && !w.cut) extensionText(w, at, length);
}
const NAME = literal('ICMP ');

/** How many bytes a description needs, by type: without them the line ends. */
const NEEDED: Readonly<Record<number, number>> = { 0: 8, 3: DESTINATION + 4, 5: DESTINATION + 4, 8: 8, 13: 8, 18: 12 };
/** The same for the types of which only the description is left out. */
const WANTED: Readonly<Record<number, number>> = { 9: 8, 11: DESTINATION + 4, 14: 20 };

/** Is there what the description needs? */
function isDescribed(w: Line, at: number, type: number, code: number): boolean {
  if (type === 3 && code === 3) {
    if (!w.has(at, PROTO + 1)) return false;
    w.need(portsAt(w, at), 4);
  } else if (type === 12 && code === 0) w.need(at, 5);
  w.need(at, NEEDED[type] ?? 2);
  if (!w.has(at, WANTED[type] ?? 2)) return false;
  return type !== 9 || w.u8(at + 5) !== 2 || w.has(at, 8 + w.u8(at + 4) * 8);
}
/** Where the ports are, if the quoted packet has any. */
const portsAt = (w: Line, at: number): number => at + QUOTE + (w.u8(at + QUOTE) & 0x0f) * 4;

type Describe = (w: Line, at: number, code: number, type: number) => void;
const DESCRIPTIONS: Readonly<Record<number, Describe>> = {
  0: echoText,
  3: unreachableText,
  5: redirectText,
  8: echoText,
  9: routersText,
  11: exceededText,
  12: problemText,
  13: timesText,
  14: timesText,
  18: maskText,
};
function echoText(w: Line, at: number, _code: number, type: number): void {
  number(w, type === 0 ? 'echo reply, id ' : 'echo request, id ', w.u16(at + 4));
  number(w, ', seq ', w.u16(at + 6));
}
function exceededText(w: Line, _at: number, code: number): void {
  if (code > 1) number(w, 'time exceeded-#', code);
  else w.str(code === 0 ? 'time exceeded in-transit' : 'ip reassembly time exceeded');
}
function problemText(w: Line, at: number, code: number): void {
  if (code > 0) number(w, 'parameter problem - code ', code);
  else number(w, 'parameter problem - octet ', w.u8(at + 4));
}
function maskText(w: Line, at: number): void {
  w.str('address mask is 0x');
  w.hexPadded(w.u32(at + 8), 8);
}
function number(w: Line, before: string, value: number): void {
  w.str(before);
  w.dec(value);
}
function unreachableText(w: Line, at: number, code: number): void {
  const reason = UNREACHABLE[code];
  if (reason !== undefined) w.str(reason[0]);
  w.ipv4At(at + DESTINATION);
  if (reason !== undefined) w.str(reason[1]);
  else if (code === 2) {
    number(w, ' protocol ', w.u8(at + PROTO));
    w.str(' unreachable');
  } else if (code === 3) {
    const proto = w.u8(at + PROTO);
    const port = w.u16(portsAt(w, at) + 2);
    if (proto !== 6 && proto !== 17) number(w, ' protocol ', proto);
    number(w, proto === 6 ? ' tcp port ' : proto === 17 ? ' udp port ' : ' port ', port);
    w.str(' unreachable');
  } else if (code === 4) {
    w.str(' unreachable - need to frag');
    const mtu = w.u16(at + 6);
    if (mtu === 0) return;
    number(w, ' (mtu ', mtu);
    w.char(0x29);
  } else number(w, ' unreachable - #', code);
}
function redirectText(w: Line, at: number, code: number): void {
  const known = REDIRECT[code];
  if (known !== undefined) w.str(known[0]);
  else {
    number(w, 'redirect-#', code);
    w.char(0x20);
  }
  w.ipv4At(at + DESTINATION);
  w.str(known?.[1] ?? ' to ');
  w.ipv4At(at + 4);
}
/** RFC 1256 section 3. */
function routersText(w: Line, at: number): void {
  w.str('router advertisement lifetime ');
  const lifetime = w.u16(at + 6);
  if (lifetime >= 3600) {
    w.dec(Math.floor(lifetime / 3600));
    w.char(0x3a);
  }
  if (lifetime >= 60) {
    const minutes = Math.floor(lifetime / 60) % 60;
    w.decPadded(minutes, lifetime >= 3600 ? 2 : 1);
    w.char(0x3a);
  }
  w.decPadded(lifetime % 60, lifetime >= 60 ? 2 : 1);
  const count = w.u8(at + 4);
  number(w, ' ', count);
  w.char(0x3a);
  const size = w.u8(at + 5);
  if (size !== 2) {
    number(w, ' [size ', size);
    w.char(0x5d);
    return;
  }
  for (let i = 0; i < count; i++) {
    w.str(' {');
    w.ipv4At(at + 8 + i * 8);
    number(w, ' ', w.u32(at + 12 + i * 8));
    w.char(0x7d);
  }
}
function timesText(w: Line, at: number, _code: number, type: number): void {
  number(w, type === 13 ? 'time stamp query id ' : 'time stamp reply id ', w.u16(at + 4));
  number(w, ' seq ', w.u16(at + 6));
  if (type === 13) return;
  clockText(w, ': org ', w.u32(at + 8));
  clockText(w, ', recv ', w.u32(at + 12));
  clockText(w, ', xmit ', w.u32(at + 16));
}
/** Milliseconds since midnight. */
function clockText(w: Line, before: string, time: number): void {
  w.str(before);
  const seconds = Math.floor(time / 1000);
  w.decPadded(Math.floor(seconds / 3600), 2);
  w.char(0x3a);
  w.digits2(Math.floor(seconds / 60) % 60);
  w.char(0x3a);
  w.digits2(seconds % 60);
  w.char(0x2e);
  w.decPadded(time % 1000, 3);
}
function checksumText(w: Line, at: number, length: number): void {
  const sum = fold16(sum16(w.frame.bytes, at, at + length));
  if (sum === 0) return;
  const found = w.u16(at + 2);
  w.str(' (wrong icmp cksum ');
  w.hex(found);
  w.str(' (->');
  w.hex(shouldBe16(found, sum));
  w.str(')!)');
}
/** The quoted packet claims the length that it had, whatever is left of it. */
function quoteText(w: Line, frame: Frame, d: number): void {
  const from = frame.from[d]! + QUOTE;
  w.str('\n\t');
  const length = w.u16(from + 2);
  if (w.cut) return;
  const outer = w.limit;
  w.limit = Math.min(outer, from + length);
  frame.claim[d + 1] = from + length;
  // tcpdump reads the length a second time, inside the length.
  if (w.need(from + 2, 2) && !w.next(frame, d)) {
    w.label = 'ip';
    w.need(from, 1);
  }
  w.limit = outer;
  w.label = 'icmp';
}
