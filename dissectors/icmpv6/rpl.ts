/** RPL, the routing protocol of low-power networks (RFC 6550 section 6). */
import { literal } from '../../src/bytes/text.ts';
import type { Line } from '../../src/dissect/line.ts';
import type { MessageText } from './message.ts';

const NAMES: Readonly<Record<number, string>> = {
  0: 'DODAG Information Solicitation',
  1: 'DODAG Information Object',
  2: 'Destination Advertisement Object',
  3: 'Destination Advertisement Object Ack',
};
export const rplText: MessageText = (w, at, length, code) => {
  if ((code & 0x80) !== 0) {
    w.str(', (SEC) [worktodo]');
    return 'length';
  }
  w.str(', (CLR)');
  w.named(NAMES, code, 'RPL message, unknown code %u');
  if (w.verbose === 0) return 'length';
  // tcpdump counts without a sign: a message that is too short for its header counts as very long.
  const body = (length - 4) >>> 0;
  if (code === 1) objectText(w, at + 4, body);
  else if (code === 2) advertisementText(w, at + 4, body);
  else if (code === 3) acknowledgementText(w, at + 4, body);
  return 'length';
};

const MODES: Readonly<Record<number, string>> = {
  0: 'nonstoring',
  1: 'storing',
  2: 'nonstoring-multicast',
  3: 'storing-multicast',
};
const OBJECT_SIZE = 24;
function objectText(w: Line, at: number, length: number): void {
  if (length < OBJECT_SIZE) {
    w.str(' [length ');
    w.dec(length);
    w.str(' < 24]');
    w.invalid();
    return;
  }
  // The two bytes of flags in front of the identifier are not looked at, but it is.
  if (!w.need(at, OBJECT_SIZE)) return;
  const mode = w.u8(at + 4);
  w.str(' [dagid:');
  w.ipv6At(at + 8);
  number(w, ',seq:', w.u8(at + 5));
  number(w, ',instance:', w.u8(at));
  number(w, ',rank:', w.u16(at + 2));
  w.str((mode & 0x80) !== 0 ? ',grounded,mop:' : ',mop:');
  w.named(MODES, (mode >> 3) & 7, 'mop%u');
  number(w, ',prf:', mode & 7);
  w.char(0x5d);
  optionsText(w, at + OBJECT_SIZE, length - OBJECT_SIZE);
}
function number(w: Line, label: string, value: number): void {
  w.str(label);
  w.dec(value);
}
const SHORT_SIZE = 4;
const IDENTIFIER_SIZE = 16;
/** Where the options begin, after an identifier or none; -1 when the message is too short, and that was said. */
function optionsAt(w: Line, at: number, length: number, identified: boolean, tooShort: string): number {
  if (length >= SHORT_SIZE) {
    if (!identified) return at + SHORT_SIZE;
    if (!w.has(at + SHORT_SIZE, IDENTIFIER_SIZE)) {
      w.trunc();
      return -1;
    }
    if (length >= SHORT_SIZE + IDENTIFIER_SIZE) return at + SHORT_SIZE + IDENTIFIER_SIZE;
  }
  w.str(tooShort);
  return -1;
}
function identifierText(w: Line, at: number, identified: boolean): void {
  w.str(' [dagid:');
  if (identified) w.ipv6At(at + SHORT_SIZE);
  else w.str('<elided>');
}
function advertisementText(w: Line, at: number, length: number): void {
  // tcpdump wants the identifier captured even where there is none.
  if (!w.has(at, SHORT_SIZE + IDENTIFIER_SIZE)) {
    w.trunc();
    return;
  }
  const flags = w.u8(at + 1);
  const identified = (flags & 0x40) !== 0;
  const options = optionsAt(w, at, length, identified, ' [|length too short]');
  if (options < 0) return;
  identifierText(w, at, identified);
  number(w, ',seq:', w.u8(at + 3));
  number(w, ',instance:', w.u8(at));
  if ((flags & 0x80) !== 0) w.str(',acK');
  if (identified) w.str(',Dagid');
  w.char(0x2c);
  w.hex2(flags);
  w.char(0x5d);
  optionsText(w, options, length - (options - at));
}
function acknowledgementText(w: Line, at: number, length: number): void {
  if (!w.has(at, SHORT_SIZE)) {
    w.trunc();
    return;
  }
  const identified = (w.u8(at + 1) & 0x80) !== 0;
  const options = optionsAt(w, at, length, identified, ' [|dao-length too short]');
  if (options < 0) return;
  identifierText(w, at, identified);
  number(w, ',seq:', w.u8(at + 2));
  number(w, ',instance:', w.u8(at));
  number(w, ',status:', w.u8(at + 3));
  w.char(0x5d);
  optionsText(w, options, length - (options - at));
}
const OPTIONS: Readonly<Record<number, string>> = {
  1: 'padN',
  2: 'metrics',
  3: 'routinginfo',
  4: 'config',
  5: 'rpltarget',
  6: 'transitinfo',
  8: 'destprefix',
  9: 'rpltargetdesc',
};
const SPACE = literal(' ');
function optionsText(w: Line, from: number, length: number): void {
  if (w.verbose < 2) return;
  const end = from + length;
  for (let at = from; at !== end; ) {
    const type = w.u8(at);
    if (w.cut) return;
    if (type === 0) {
      w.str(' opt:pad1');
      at++;
      continue;
    }
    if (end - at < 2) {
      w.trunc();
      return;
    }
    const size = w.u8(at + 1) + 2;
    if (w.cut) return;
    w.str(' opt:');
    w.named(OPTIONS, type, 'subopt:%u');
    number(w, ' len:', size);
    w.char(0x20);
    if (!w.has(at, size) || size > end - at) {
      w.trunc();
      return;
    }
    if (w.verbose > 2) w.hexDump(at + 2, at + size, false, SPACE);
    at += size;
  }
}
