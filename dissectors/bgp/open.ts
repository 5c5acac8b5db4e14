/** tcpdump's text of open messages and their capabilities. */
import { literal } from '../../src/bytes/text.ts';
import type { Line } from '../../src/dissect/line.ts';
import { dotted, hex, nameOf, say } from '../say.ts';
import { unknownData } from '../unknown-data.ts';
import { familyText } from './family.ts';
import { CAPABILITIES, OPTIONS } from './names.ts';

const SIZE = 29;
const INDENT = literal('\n\t\t');

export function openText(w: Line, at: number, length: number): void {
  if (!w.has(at, SIZE) || length < SIZE) {
    w.trunc();
    return;
  }
  say(
    w,
    '\n\t  Version ',
    w.u8(at + 19),
    ', my AS ',
    w.u16(at + 20),
    ', Holdtime ',
    w.u16(at + 22),
    's, ID ',
    dotted(w, at + 24),
  );
  const size = w.u8(at + 28);
  say(w, '\n\t  Optional parameters, length: ', size);
  const from = at + SIZE;
  for (let i = 0; i < size && !w.cut; ) {
    if (!w.has(from + i, 2) || length - SIZE < i + 2) {
      w.trunc();
      return;
    }
    const [type, optionSize] = [w.u8(from + i), w.u8(from + i + 1)];
    if (i + 2 + optionSize > size) {
      say(w, '\n\t     Option ', type, ', length: ', optionSize, ', goes past the end of the options');
      return;
    }
    say(w, '\n\t    Option ', nameOf(OPTIONS, type, 'Unknown'), ' (', type, '), length: ', optionSize);
    if (type === 2) capabilitiesText(w, from + i + 2, optionSize);
    else say(w, '\n\t      no decoder for option ', type);
    i += 2 + optionSize;
  }
}
function capabilitiesText(w: Line, from: number, size: number): void {
  for (let at = from; at < from + size && !w.cut; ) {
    if (!w.has(at, 2)) {
      w.trunc();
      return;
    }
    const [type, length] = [w.u8(at), w.u8(at + 1)];
    say(w, '\n\t      ', nameOf(CAPABILITIES, type, 'Unknown'), ' (', type, '), length: ', length);
    if (!w.has(at + 2, length)) {
      w.trunc();
      return;
    }
    if (!capabilityText(w, type, at + 2, length)) return;
    if (w.verbose > 1 && length > 0) unknownData(w, at + 2, length, INDENT);
    at += 2 + length;
  }
}
const DIRECTIONS: Readonly<Record<number, string>> = { 1: 'Receive', 2: 'Send', 3: 'Both' };
/** False when the rest is not looked at. */
function capabilityText(w: Line, type: number, at: number, length: number): boolean {
  const least = LEAST[type] ?? 0;
  if (length < least) {
    say(w, ' (too short, < ', least, ')');
    return false;
  }
  const text = TEXTS[type];
  if (text !== undefined) text(w, at, length);
  else {
    say(w, '\n\t\tno decoder for Capability ', type);
    if (w.verbose === 1) unknownData(w, at, length, INDENT);
  }
  return true;
}
const LEAST: Readonly<Record<number, number>> = { 1: 4, 64: 2, 65: 4 };
/** Quadruples of family, subfamily and an octet of which `text` tells. */
function familiesText(
  w: Line,
  before: string,
  at: number,
  length: number,
  text: (value: number) => string | number,
): void {
  for (let i = 0; length - i >= 4 && !w.cut; i += 4) {
    w.str(before);
    familyText(w, w.u16(at + i), w.u8(at + i + 2));
    say(w, ', ', text(w.u8(at + i + 3)));
  }
}
const nothing = (): void => {};
const TEXTS: Readonly<Record<number, (w: Line, at: number, length: number) => void>> = {
  1(w, at) {
    w.str('\n\t\t');
    familyText(w, w.u16(at), w.u8(at + 3));
  },
  2: nothing,
  8: (w, at, length) => familiesText(w, '\n\t\t', at, length, (count) => `Count: ${count}`),
  64(w, at, length) {
    const flags = (w.u8(at) & 0x80) === 0 ? 'none' : 'R';
    say(w, '\n\t\tRestart Flags: [', flags, '], Restart Time ', w.u16(at) & 0xfff, 's');
    const kept = (value: number) => `Forwarding state preserved: ${(value & 0x80) === 0 ? 'no' : 'yes'}`;
    familiesText(w, '\n\t\t  ', at + 2, length - 2, kept);
  },
  65: (w, at) => say(w, '\n\t\t 4 Byte AS ', w.u32(at)),
  69(w, at, length) {
    if (length === 0) {
      w.str(' (bogus)');
      return;
    }
    const direction = (value: number) => `Send/Receive: ${DIRECTIONS[value] ?? `Bogus (0x${hex(value, 2)})`}`;
    familiesText(w, '\n\t\t', at, length, direction);
    if (length % 4 !== 0) w.invalid();
  },
  71: nothing,
  128: nothing,
};
