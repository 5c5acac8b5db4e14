/** Neighbors and prefixes with the metrics of old, of six bits (ISO 10589, RFC 1195). */
import type { Line } from '../../src/dissect/line.ts';
import { alignRight, prefixLength } from '../rip/text.ts';
import { hex, say } from '../say.ts';
import { IN_RECORD, systemId } from './value.ts';

const VIRTUAL: Readonly<Record<number, string>> = { 0: 'IsNotVirtual', 1: 'IsVirtual' };
const METRICS = 4;
const OTHERS = ['Delay', 'Expense', 'Error'] as const;
const metric = (value: number): string => `${value & 0x3f}, ${(value & 0x40) === 0 ? 'Internal' : 'External'}`;

/** The metrics besides the default one, where they are supported. */
function othersText(w: Line, at: number, indent: string): void {
  for (const [i, name] of OTHERS.entries()) {
    const value = w.u8(at + 1 + i);
    if ((value & 0x80) === 0) say(w, indent, name, ' Metric: ', metric(value));
  }
}
export function metricsText(w: Line, at: number): void {
  say(w, ', Default Metric: ', metric(w.u8(at)));
  othersText(w, at, '\n\t\t  ');
}
export function systemsText(w: Line, at: number, length: number): boolean {
  if (length < 1) return true;
  const virtual = w.u8(at);
  say(w, IN_RECORD, VIRTUAL[virtual] ?? `bogus virtual flag 0x${hex(virtual, 2)}`);
  return neighborsText(w, at + 1, at + length, 7, 'IS');
}
export const endSystemsText = (w: Line, at: number, length: number): boolean =>
  neighborsText(w, at, at + length, 6, 'ES');
function neighborsText(w: Line, from: number, end: number, idSize: 6 | 7, kind: string): boolean {
  const size = METRICS + idSize;
  for (let at = from; at + size <= end; at += size) {
    if (!w.has(at, size)) {
      w.trunc();
      return false;
    }
    say(w, IN_RECORD, kind, ' Neighbor: ', systemId(w, at + METRICS, idSize));
    metricsText(w, at);
  }
  return true;
}

const PREFIX = 12;
export function internalText(w: Line, from: number, length: number): boolean {
  const end = from + length;
  for (let at = from; at < end; at += PREFIX) {
    if (at + PREFIX > end) {
      say(w, `short IPv4 Reachability (${end - at} vs ${PREFIX})`);
      return false;
    }
    if (!w.has(at, PREFIX)) return false;
    prefixText(w, at);
  }
  return true;
}
function prefixText(w: Line, at: number): void {
  const length = prefixLength(w.u32(at + 8));
  say(w, IN_RECORD, 'IPv4 prefix: ');
  const column = w.at;
  w.ipv4At(at + 4);
  if (length < 0) {
    w.str(' mask ');
    w.ipv4At(at + 8);
  } else {
    alignRight(w, column, 15);
    say(w, '/', length);
  }
  say(w, ', Distribution: ', (w.u8(at) & 0x80) === 0 ? 'up' : 'down', ', Metric: ', metric(w.u8(at)));
  othersText(w, at, `${IN_RECORD}  `);
}
