import { literal } from '../../src/bytes/text.ts';
import type { Line } from '../../src/dissect/line.ts';
import { flagNames, hex, nameOf, say } from '../say.ts';
import { LINE, unknownData } from '../unknown-data.ts';
import { oamText } from './oam.ts';

export const KINDS: Readonly<Record<number, string>> = { 1: 'LACP', 2: 'MARKER', 3: 'OAM' };
const LACP = 1;
const OAM = 3;
const INDENT = literal('\n\t  ');

/** tcpdump's text of all slow protocols. */
export function slowText(w: Line, at: number, length: number): void {
  w.label = 'slow';
  const kind = length < 1 ? 0 : w.u8(at);
  const versioned = kind === LACP || kind === 2;
  if (length < (versioned ? 2 : 1)) {
    w.str(w.verbose > 0 ? '\n\t\t packet is too short' : ' (packet is too short)');
    return;
  }
  const name = nameOf(KINDS, kind, 'unknown (%)');
  const version = versioned ? w.u8(at + 1) : 1;
  if (version !== 1) say(w, name, ' version ', version, ' packet not supported');
  else {
    say(w, name, versioned ? 'v1, length ' : ', length ', length);
    if (KINDS[kind] === undefined) unknownData(w, at, length, LINE);
    else if (w.verbose > 0 && kind === OAM) oamText(w, at + 1, length - 1);
    else if (w.verbose > 0) recordsText(w, at + 2, at + length, kind);
  }
}
const RECORDS: Readonly<Record<number, string>> = {
  256: 'Terminator',
  257: 'Actor Information',
  258: 'Partner Information',
  259: 'Collector Information',
  512: 'Terminator',
  513: 'Marker Information',
};
function recordsText(w: Line, from: number, end: number, kind: number): void {
  for (let at = from; at < end && !w.cut; ) {
    if (end - at < 2) {
      tooShortText(w);
      return;
    }
    const type = w.u8(at);
    const length = w.u8(at + 1);
    say(w, '\n\t', nameOf(RECORDS, kind * 256 + type, 'Unknown'), ' TLV (0x', hex(type, 2), '), length ', length);
    if (type === 0) return;
    if (length < 2) {
      w.str('\n\t    ERROR: illegal length - should be >= 2');
      return;
    }
    if (end - at < length) {
      tooShortText(w);
      return;
    }
    if (!w.need(at, length)) return;
    recordText(w, kind * 256 + type, at + 2, length - 2);
    if (w.verbose > 1) unknownData(w, at + 2, length - 2, INDENT);
    at += length;
  }
}
export function tooShortText(w: Line): void {
  w.str('\n\t\t packet is too short');
}
const STATES = [
  [0x01, 'Activity'],
  [0x02, 'Timeout'],
  [0x04, 'Aggregation'],
  [0x08, 'Synchronization'],
  [0x10, 'Collecting'],
  [0x20, 'Distributing'],
  [0x40, 'Default'],
  [0x80, 'Expired'],
] as const;
function partyText(w: Line, at: number): void {
  w.str('\n\t  System ');
  w.macAt(at + 2);
  say(w, ', System Priority ', w.u16(at), ', Key ', w.u16(at + 8), ', Port ', w.u16(at + 12));
  say(w, ', Port Priority ', w.u16(at + 10), '\n\t  State Flags [', flagNames(STATES, w.u8(at + 14), 'none'), ']');
}
function markerText(w: Line, at: number): void {
  w.str('\n\t  Request System ');
  w.macAt(at + 2);
  say(w, ', Request Port ', w.u16(at), ', Request Transaction ID 0x', hex(w.u32(at + 8), 8));
}
/** The size of each record without its head, and its text. */
const TEXTS: Readonly<Record<number, readonly [size: number, text: (w: Line, at: number) => void]>> = {
  257: [18, partyText],
  258: [18, partyText],
  259: [14, (w, at) => say(w, '\n\t  Max Delay ', w.u16(at))],
  513: [14, markerText],
};
function recordText(w: Line, record: number, at: number, length: number): void {
  const known = TEXTS[record];
  if (known === undefined) {
    if (w.verbose === 1) unknownData(w, at, length, INDENT);
  } else if (length !== known[0]) say(w, '\n\t    ERROR: illegal length - should be ', known[0] + 2);
  else known[1](w, at);
}
