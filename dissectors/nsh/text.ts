import type { Frame } from '../../src/dissect/frame.ts';
import type { Line } from '../../src/dissect/line.ts';
import { nothingOf } from '../announced.ts';
import { innerEthernetText } from '../inner-ethernet.ts';

const HEADERS = 8;
const METADATA: Readonly<Record<number, string>> = { 0: 'reserved', 1: '1', 2: '2', 15: 'experimental' };
const PROTOCOLS: Readonly<Record<number, string>> = {
  1: 'IPv4',
  2: 'IPv6',
  3: 'Ethernet',
  4: 'NSH',
  5: 'MPLS',
  254: 'Experiment 1',
  255: 'Experiment 2',
};

/** tcpdump's text of the service path and of what travels it. */
export function nshText(w: Line, frame: Frame, d: number): void {
  const at = frame.from[d]!;
  const room = frame.claim[d]! - at;
  w.label = 'nsh';
  if (room < HEADERS) {
    w.str(` (packet length ${room} < 8)`);
    w.invalid();
    return;
  }
  const base = w.u32(at);
  w.str('NSH, ');
  if (w.verbose > 1) w.str(`ver ${base >>> 30}, `);
  if (base >>> 30 !== 0) return;
  const words = (base >>> 16) & 0x3f;
  baseText(w, base, words);
  if (room < words * 4) {
    w.str(` (too many headers for packet length ${room})`);
    w.invalid();
    return;
  }
  const path = w.u24(at + 4);
  w.str('service-path-id 0x');
  w.hexPadded(path, 6);
  const index = w.u8(at + 7);
  w.str(`, service-index 0x${index.toString(16)}`);
  if (words < 2) w.str(' (less than two headers)');
  if (words < 2 || !contextText(w, (base >>> 8) & 0xf, at + HEADERS, words - 2)) {
    w.invalid();
    return;
  }
  if (w.cut) return;
  w.str(w.verbose > 0 ? '\n    ' : ': ');
  payloadText(w, frame, d, base & 0xff, at + words * 4);
}
function baseText(w: Line, base: number, words: number): void {
  w.str(`flags [${(base & 0x2000_0000) !== 0 ? 'O' : 'none'}], `);
  if (w.verbose > 2) {
    w.str(`TTL ${(base >>> 22) & 0x3f}, length ${words}, md type `);
    w.named(METADATA, (base >>> 8) & 0xf, 'unknown (0x%02x)');
    w.str(', ');
  }
  if (w.verbose > 1) {
    w.str('next-protocol ');
    w.named(PROTOCOLS, base & 0xff, 'unknown (0x%02x)');
    w.str(', ');
  }
}
/** False when the metadata contradict themselves. */
function contextText(w: Line, type: number, at: number, words: number): boolean {
  if (w.verbose > 2 && type === 1) {
    if (words !== 4) {
      w.str(' (invalid length for the MD type)');
      return false;
    }
    for (let i = 0; i < words; i++) {
      const value = w.u32(at + i * 4);
      w.str(`\n        Context[0${i}]: 0x${value.toString(16).padStart(8, '0')}`);
    }
  } else if (w.verbose > 2 && type === 2) return variableText(w, at, words);
  else if (!w.has(at, words * 4)) w.cutHere();
  return true;
}
function variableText(w: Line, from: number, words: number): boolean {
  let at = from;
  for (let n = 0; n < words && !w.cut; ) {
    const size = w.u8(at + 3) & 0x7f;
    w.str(`\n        TLV Class ${w.u16(at)}, Type ${w.u8(at + 2)}, Len ${size}`);
    const padded = (size + 3) >> 2;
    n += 1 + padded;
    if (n > words) {
      w.str(' (length too big)');
      return false;
    }
    at += 4;
    if (size > 0) w.str('\n            Value: 0x');
    for (let i = 0; i < size && !w.cut; i++) {
      if (i > 0) w.char(0x3a);
      w.hex2(w.u8(at + i));
    }
    at += padded * 4;
    w.need(at, 0);
  }
  return true;
}
function payloadText(w: Line, frame: Frame, d: number, next: number, at: number): void {
  if (next === 3) innerEthernetText(w, frame, d, at, frame.claim[d]! - at);
  else if (next === 1 || next === 2) {
    if (!w.next(frame, d)) nothingOf(w, next === 1 ? 0x0800 : 0x86dd, at);
  } else w.str('ERROR: unknown-next-protocol');
}
