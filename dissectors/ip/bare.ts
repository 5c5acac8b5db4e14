import { literal } from '../../src/bytes/text.ts';
import type { Frame } from '../../src/dissect/frame.ts';
import type { Line } from '../../src/dissect/line.ts';

const IP = literal('ip: ');

/** How the line of a packet without a link layer begins. Returns the version that the packet at depth `d` tells. */
export function bareVersion(w: Line, frame: Frame, d: number): number {
  if (w.link) w.put(IP);
  w.label = 'ipn';
  return w.u8(frame.from[d]!) >> 4;
}
export function unknownVersion(w: Line, version: number): void {
  w.str('unknown ip ');
  w.dec(version);
}
/** For a link type that is one version of IP: is the packet of another one, so that nothing more can be said? */
export function notThisVersion(w: Line, frame: Frame, d: number, expected: 4 | 6): boolean {
  const version = bareVersion(w, frame, d);
  if (version === expected) return false;
  unknownVersion(w, version);
  return true;
}
