import type { Frame } from '../../src/dissect/frame.ts';
import type { Line } from '../../src/dissect/line.ts';
import { nothingOf } from '../announced.ts';
import { innerEthernetText } from '../inner-ethernet.ts';
import { ETHERTYPES } from '../names/ethertypes.ts';

const FLAGS = [
  [0x8000, 'checksum present'],
  [0x4000, 'routing present'],
  [0x2000, 'key present'],
  [0x1000, 'sequence# present'],
  [0x0800, 'source routing present'],
  [0x0080, 'ack present'],
] as const;
const PPP = 0x880b;
/** Transparent Ethernet bridging (RFC 1701). */
export const BRIDGED = 0x6558;
/** What tcpdump reads inside: IPv4, IPv6, MPLS, IPX, AppleTalk, OSI, Ethernet. */
const READ: ReadonlySet<number> = new Set([0x0800, 0x86dd, 0x8847, 0x8137, 0x809b, 0x00fe, BRIDGED]);

/** tcpdump's text of the layers from GRE up. */
export function greText(w: Line, frame: Frame, d: number): void {
  const at = frame.from[d]!;
  const end = frame.claim[d]!;
  w.label = 'gre';
  if (!isThere(w, at, 2, end)) {
    w.trunc();
    return;
  }
  const flags = w.u16(at);
  const version = flags & 7;
  w.str('GREv');
  w.dec(version);
  if (version > 1) {
    w.str(' ERROR: unknown-version');
    return;
  }
  if (w.verbose > 0) {
    w.str(', Flags [');
    w.flags(FLAGS, flags, 'none');
    w.char(0x5d);
  }
  if (!isThere(w, at + 2, 2, end)) {
    w.trunc();
    return;
  }
  const payload = version === 0 ? optionsText(w, at + 4, end, flags) : enhancedText(w, at + 4, end, flags);
  if (w.cut) return;
  if (payload < 0) w.trunc();
  else payloadText(w, frame, d, payload, flags);
}
const isThere = (w: Line, at: number, size: number, end: number): boolean => w.has(at, size) && at + size <= end;

/** Returns where the payload begins; -1: something was missing. */
function optionsText(w: Line, from: number, end: number, flags: number): number {
  let at = from;
  if ((flags & 0xc000) !== 0) {
    if (!isThere(w, at, 2, end)) return -1;
    if (w.verbose > 0) {
      w.str(', sum 0x');
      w.hex(w.u16(at));
    }
    if (!isThere(w, at + 2, 2, end)) return -1;
    w.str(', off 0x');
    w.hex(w.u16(at + 2));
    at += 4;
  }
  if ((flags & 0x2000) !== 0) {
    if (!isThere(w, at, 4, end)) return -1;
    w.str(', key=0x');
    w.hex(w.u32(at));
    at += 4;
  }
  if ((flags & 0x1000) !== 0) {
    if (!isThere(w, at, 4, end)) return -1;
    w.str(', seq ');
    w.dec(w.u32(at));
    at += 4;
  }
  return (flags & 0x4000) !== 0 ? routesText(w, at, end) : at;
}
/** Version 1's fields (RFC 2637 section 4.1). */
function enhancedText(w: Line, from: number, end: number, flags: number): number {
  let at = from;
  for (const [flag, name, mask] of ENHANCED) {
    if ((flags & flag) === 0) continue;
    if (!isThere(w, at, 4, end)) return -1;
    w.str(name);
    w.dec((w.u32(at) & mask) >>> 0);
    at += 4;
  }
  if ((flags & 0x1000) === 0) w.str(', no-payload');
  return at;
}
const ENHANCED = [
  [0x2000, ', call ', 0xffff],
  [0x1000, ', seq ', 0xffff_ffff],
  [0x0080, ', ack ', 0xffff_ffff],
] as const;

function routesText(w: Line, from: number, end: number): number {
  for (let at = from; isThere(w, at, 4, end); ) {
    const family = w.u16(at);
    const size = w.u8(at + 3);
    const active = w.u8(at + 2);
    at += 4;
    if (family === 0 && size === 0) return at;
    w.str(', (rtaf=');
    let whole = true;
    if (family === 0x0800) {
      w.str('ip');
      whole = hopsText(w, at, end, active, size, 4);
    } else if (family === 0xfffe) {
      w.str('asn');
      whole = hopsText(w, at, end, active, size, 2);
    } else {
      w.str('0x');
      w.hex(family);
    }
    w.char(0x29);
    at += size;
    if (!whole || at > end) return -1;
  }
  return -1;
}
/** The hops of a source route, the active one with a star: addresses of four bytes, or autonomous systems of two. */
function hopsText(w: Line, from: number, end: number, active: number, size: number, width: 2 | 4): boolean {
  if (active % width !== 0) wrong(w, ', badoffset=', active);
  else if (size % width !== 0) wrong(w, ', badlength=', size);
  else if (active >= size) {
    wrong(w, ', badoff/len=', active);
    wrong(w, '/', size);
  } else
    for (let at = from; at < from + size; at += width) {
      if (!isThere(w, at, width, end)) return false;
      w.str(at - from === active ? ' *' : ' ');
      if (width === 4) w.ipv4At(at);
      else w.hex(w.u16(at));
    }
  return true;
}
function wrong(w: Line, what: string, value: number): void {
  w.str(what);
  w.dec(value);
}

function payloadText(w: Line, frame: Frame, d: number, at: number, flags: number): void {
  const proto = w.u16(frame.from[d]! + 2);
  const end = frame.claim[d]!;
  if (w.link) {
    w.str(', proto ');
    w.str(ETHERTYPES[proto] ?? 'unknown');
    w.str(' (0x');
    w.hexPadded(proto, 4);
    w.char(0x29);
  }
  w.str(', length ');
  w.dec(end - frame.from[d]!);
  const enhanced = (flags & 7) === 1;
  if (enhanced && (flags & 0x1000) === 0) return;
  w.str(w.verbose > 0 ? '\n\t' : ': ');
  if (enhanced ? proto !== PPP : !READ.has(proto)) {
    w.str('gre-proto-0x');
    w.hex(proto);
  } else if (proto === BRIDGED) innerEthernetText(w, frame, d, at, end - at);
  else if (!w.next(frame, d)) nothingOf(w, proto, at);
}
