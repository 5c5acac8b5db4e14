import type { Line } from '../../src/dissect/line.ts';
import { hex, say } from '../say.ts';

export const MODES: Readonly<Record<number, string>> = {
  0: 'unspecified',
  1: 'symmetric active',
  2: 'symmetric passive',
  3: 'Client',
  4: 'Server',
  5: 'Broadcast',
  6: 'Control Message',
  7: 'Reserved',
};
/** By the two bits in their place. */
const LEAPS: Readonly<Record<number, string>> = { 0: '', 64: '+1s', 128: '-1s', 192: 'clock unsynchronized' };
/** A message without extensions and signature. */
export const TIME_SIZE = 48;
const CONTROL_SIZE = 12;
const CONTROL = 6;
const REFERENCE = 12;
/** Stratum values of an older control protocol, whose messages have nothing more to say. */
const QUERIES: Readonly<Record<number, string>> = { 62: ' INFO_QUERY', 63: ' INFO_REPLY' };

/** tcpdump's text. */
export function ntpText(w: Line, at: number, length: number): void {
  w.label = 'ntp';
  const first = w.u8(at);
  const mode = first & 7;
  say(w, 'NTPv', (first >> 3) & 7, ', ', MODES[mode]!, ', length ', length);
  if (w.verbose === 0) return;
  say(w, '\n\tLeap indicator: ', LEAPS[first & 0xc0]!, ' (', first & 0xc0, ')');
  if (mode < CONTROL) timeText(w, at, length);
  else if (mode === CONTROL) controlText(w, at, length);
}
function invalid(w: Line, at: number, length: number): void {
  w.invalid();
  if (!w.has(at, length)) w.trunc();
}
const signed8 = (value: number): number => (value << 24) >> 24;

function timeText(w: Line, at: number, length: number): void {
  if (length < TIME_SIZE) {
    invalid(w, at, length);
    return;
  }
  const stratum = w.u8(at + 1);
  say(w, ', Stratum ', stratum, ' (', stratumName(stratum), ')');
  const poll = signed8(w.u8(at + 2));
  say(w, ', poll ', poll);
  if (poll > -32 && poll < 32) say(w, poll >= 0 ? ' (' : ' (1/', 2 ** Math.abs(poll), 's)');
  say(w, ', precision ', signed8(w.u8(at + 3)));
  for (const [name, place] of ROOT) {
    if (!w.need(at + place, 4)) return;
    w.str(name);
    shortText(w, at + place);
  }
  if (!w.need(at + REFERENCE, 4)) return;
  w.str(', Reference-ID: ');
  if (stratum === 0) w.str('(unspec)');
  else if (stratum === 1) w.textAt(at + REFERENCE, 4);
  else if (QUERIES[stratum] === undefined) say(w, '0x', hex(w.u32(at + REFERENCE), 8));
  else {
    w.ipv4At(at + REFERENCE);
    w.str(QUERIES[stratum]);
    return;
  }
  stampsText(w, at);
  if (!w.cut) signatureText(w, at + TIME_SIZE, length - TIME_SIZE);
}
const ROOT = [
  ['\n\tRoot Delay: ', 4],
  [', Root dispersion: ', 8],
] as const;
const STAMPS = [
  ['Reference Timestamp:  ', 16],
  ['Originator Timestamp: ', 24],
  ['Receive Timestamp:    ', 32],
  ['Transmit Timestamp:   ', 40],
] as const;
function stratumName(stratum: number): string {
  if (stratum === 0) return 'unspecified';
  if (stratum === 1) return 'primary reference';
  return stratum <= 15 ? 'secondary reference' : 'reserved';
}
/** Seconds in 16 bits, and a fraction in 16 more. */
function shortText(w: Line, at: number): void {
  w.dec(w.u16(at));
  w.char(0x2e);
  w.decPadded(Math.floor((w.u16(at + 2) / 65536) * 1e6), 6);
}
function stampsText(w: Line, at: number): void {
  for (const [name, place] of STAMPS) {
    if (!w.need(at + place, 8)) return;
    say(w, '\n\t  ', name);
    stampText(w, at + place);
  }
  w.str('\n\t    Originator - Receive Timestamp:  ');
  deltaText(w, at + 24, at + 32);
  w.str('\n\t    Originator - Transmit Timestamp: ');
  deltaText(w, at + 24, at + 40);
}
const nanosecondsOf = (fraction: number): number => Math.floor((fraction / 2 ** 32) * 1e9);
const EPOCH = 2_208_988_800;
/** Seconds since 1900, and the day and time that they mean. */
export function stampText(w: Line, at: number): void {
  const seconds = w.u32(at);
  say(w, seconds, '.', String(nanosecondsOf(w.u32(at + 4))).padStart(9, '0'));
  if (seconds !== 0) say(w, ' (', new Date((seconds - EPOCH) * 1000).toISOString().replace('.000', ''), ')');
}
function deltaText(w: Line, from: number, to: number): void {
  const old = [w.u32(from), w.u32(from + 4)] as const;
  const now = [w.u32(to), w.u32(to + 4)] as const;
  if (old[0] === 0 && old[1] === 0) {
    stampText(w, to);
    return;
  }
  const earlier = now[0] < old[0] || (now[0] === old[0] && now[1] <= old[1]);
  const [a, b] = earlier ? [old, now] : [now, old];
  const borrow = b[1] > a[1];
  const fraction = (a[1] - b[1] + 2 ** 32) % 2 ** 32;
  say(w, earlier ? '-' : '+', a[0] - b[0] - (borrow ? 1 : 0), '.', String(nanosecondsOf(fraction)).padStart(9, '0'));
}
/** The key, and digests of 128 or 160 bits. */
function signatureText(w: Line, at: number, length: number): void {
  const digest = length - 4;
  if (digest !== 0 && digest !== 16 && digest !== 20) {
    if (length > 0) say(w, '\n\t(', length, ' more bytes after the header)');
    return;
  }
  say(w, '\n\tKey id: ', w.u32(at));
  if (digest === 0 || !w.need(at + 4, digest)) return;
  w.str('\n\tAuthentication: ');
  w.hexAt(at + 4, digest);
}
function controlText(w: Line, at: number, length: number): void {
  if (length < CONTROL_SIZE) {
    invalid(w, at, length);
    return;
  }
  const flags = w.u8(at + 1);
  say(w, ', ', (flags & 0x80) !== 0 ? 'Response' : 'Request', ', ', (flags & 0x40) !== 0 ? 'Error' : 'OK');
  say(w, ', ', (flags & 0x20) !== 0 ? 'More' : 'Last', ', OpCode=', flags & 0x1f, '\n');
  say(w, '\tSequence=', w.u16(at + 2));
  const status = w.u16(at + 4);
  say(w, ', Status=', status === 0 ? '0' : `0x${hex(status)}`);
  say(w, ', Assoc.=', w.u16(at + 6));
  say(w, ', Offset=', w.u16(at + 8));
  const count = w.u16(at + 10);
  say(w, ', Count=', count);
  if (w.cut) return;
  if (CONTROL_SIZE + count > length) invalid(w, at, length);
  else if (count !== 0 && w.need(at + CONTROL_SIZE, count)) w.str('\n\tTO-BE-DONE: data not interpreted');
}
