import type { Frame } from '../../src/dissect/frame.ts';
import type { Line } from '../../src/dissect/line.ts';
import { nothingOf } from '../announced.ts';

/** The labels that RFC 3032 reserved, by the names that tcpdump's users know; the others up to 15 are `rsvd`. */
const RESERVED = ['IPv4 explicit NULL', 'router alert', 'IPv6 explicit NULL', 'implicit NULL'] as const;

/** tcpdump's text of the labels and of what they are in front of. */
export function mplsText(w: Line, frame: Frame, d: number): void {
  const end = frame.claim[d]!;
  let at = frame.from[d]!;
  w.label = 'mpls';
  w.str('MPLS');
  for (let bottom = false, first = true; !bottom && !w.cut; at += 4, first = false) {
    if (end - at < 4) {
      w.invalid();
      w.need(at, end - at);
      return;
    }
    const entry = w.u32(at);
    bottom = (entry & 0x100) !== 0;
    w.str(!first && w.verbose > 0 ? '\n\t' : ' ');
    labelText(w, entry);
  }
  payloadText(w, frame, d, w.u32(at - 4) >>> 12, at);
}
function labelText(w: Line, entry: number): void {
  const label = entry >>> 12;
  w.str('(label ');
  w.dec(label);
  if (w.verbose > 0 && label < 16) w.str(` (${RESERVED[label] ?? 'rsvd'})`);
  w.str(', tc ');
  w.dec((entry >> 9) & 7);
  if ((entry & 0x100) !== 0) w.str(', [S]');
  w.str(', ttl ');
  w.dec(entry & 0xff);
  w.char(0x29);
}
function payloadText(w: Line, frame: Frame, d: number, label: number, at: number): void {
  const end = frame.claim[d]!;
  const type = typeOf(w, label, at, end);
  if (type === NOTHING) return;
  if (type === UNKNOWN) {
    if (w.dumps) w.hexDump(at, Math.min(end, w.limit), true);
    return;
  }
  w.str(w.verbose > 0 ? '\n\t' : ' ');
  if (!w.next(frame, d)) nothingOf(w, type, at);
}
const UNKNOWN = -1;
const NOTHING = -2;
/** What the last label, or else the first byte, makes of the payload: an EtherType. */
function typeOf(w: Line, label: number, at: number, end: number): number {
  if (label === 0 || label === 3) return 0x0800;
  if (label === 2) return 0x86dd;
  if (end - at < 1) return NOTHING;
  const first = w.u8(at);
  if (first >= 0x45 && first <= 0x4f) return 0x0800;
  if (first >> 4 === 6) return 0x86dd;
  return first >= 0x81 && first <= 0x83 ? 0xfefe : UNKNOWN;
}
