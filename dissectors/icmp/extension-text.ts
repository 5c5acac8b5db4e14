import { fold16, sum16 } from '../../src/bytes/checksum.ts';
import { literal } from '../../src/bytes/text.ts';
import type { Line } from '../../src/dissect/line.ts';

/** Where extensions begin when nothing tells (RFC 4884 section 5.5). */
export const LEGACY_EXTENSION = 136;
/** The class of objects that hold a label stack (RFC 4950). */
export const MPLS = 1;
const OBJECTS: Readonly<Record<number, string>> = { 1: 'MPLS Stack Entry', 2: 'Interface Identification' };
/** tcpdump's text of the extensions (RFC 4884 section 7). It looks where extensions are when nothing tells, even where something does. */
export function extensionText(w: Line, start: number, length: number): void {
  const at = start + LEGACY_EXTENSION;
  const size = length - LEGACY_EXTENSION;
  if (!w.has(at, 5)) {
    w.trunc();
    return;
  }
  const whole = w.has(at, size);
  const intact = whole && fold16(sum16(w.frame.bytes, at, at + size)) === 0;
  // Without a length it may be the quoted packet that goes on here.
  if (w.u8(start + 5) === 0 && whole && !intact) return;
  const version = w.u8(at) >> 4;
  w.str('\n\tICMP Multi-Part extension v');
  w.dec(version);
  if (version !== 2) {
    w.str(' packet not supported');
    return;
  }
  if (whole) {
    w.str(', checksum 0x');
    w.hexPadded(w.u16(at + 2), 4);
    w.str(intact ? ' (correct), length ' : ' (incorrect), length ');
    w.dec(size);
  }
  objectsText(w, at + 4, at + size);
}
function objectsText(w: Line, from: number, end: number): void {
  for (let at = from; end - at > 4 && !w.cut; ) {
    if (!w.has(at, 4)) {
      w.trunc();
      return;
    }
    const length = w.u16(at);
    const kind = w.u8(at + 2);
    const subtype = w.u8(at + 3);
    w.str('\n\t  ');
    w.str(OBJECTS[kind] ?? 'unknown');
    number(w, ' Object (', kind);
    number(w, '), Class-Type: ', subtype);
    number(w, ', length ', length);
    if (kind === 0 || length < 4) return;
    if (kind === MPLS && subtype === 1) labelText(w, at + 4);
    else w.hexDump(at + 4, Math.min(at + length, w.limit), false, OBJECT_INDENT);
    at += length;
    if (at > end) return;
  }
}
const OBJECT_INDENT = literal('\n\t    ');
/** The uppermost entry of a label stack (RFC 4950). */
function labelText(w: Line, at: number): void {
  const entry = w.u32(at);
  if (w.cut) return;
  number(w, '\n\t    label ', entry >>> 12);
  number(w, ', tc ', (entry >>> 9) & 7);
  if ((entry & 0x100) !== 0) w.str(', [S]');
  number(w, ', ttl ', entry & 0xff);
}
function number(w: Line, before: string, value: number): void {
  w.str(before);
  w.dec(value);
}
