import { fold16, sum16 } from '../../src/bytes/checksum.ts';
import type { Frame } from '../../src/dissect/frame.ts';
import type { Line } from '../../src/dissect/line.ts';
import { durationText } from '../duration.ts';
import { wrongVersionText } from '../ip/version.ts';
import { dvmrpText } from './dvmrp.ts';
import { pimV1Text } from './pim.ts';

/** What a version 3 report tells of a group, by the names that tcpdump's users know. */
export const RECORDS: Readonly<Record<number, string>> = {
  1: 'is_in',
  2: 'is_ex',
  3: 'to_in',
  4: 'to_ex',
  5: 'allow',
  6: 'block',
};
const HEADER = 8;
const IGMP = 2;
/** Ten seconds, of which nobody speaks. */
const USUAL = 100;

/** tcpdump's text of IGMP, and of the routing protocols that use its number. */
export function igmpText(w: Line, frame: Frame, d: number): void {
  if (wrongVersionText(w, frame, d, 4, IGMP)) return;
  const at = frame.from[d]!;
  const length = frame.claim[d]! - at;
  w.label = 'igmp';
  if (w.quiet > 0) {
    w.str('igmp');
    return;
  }
  const type = w.u8(at);
  const message = MESSAGES[type];
  if (message !== undefined) message(w, at, length);
  else number(w, 'igmp-', type, '');
  if (w.verbose === 0 || w.cut || length < 4 || !w.has(at, length)) return;
  if (fold16(sum16(frame.bytes, at, at + length)) === 0) return;
  w.str(' bad igmp cksum ');
  w.hex(w.u16(at + 2));
  w.char(0x21);
}
const MESSAGES: Readonly<Record<number, (w: Line, at: number, length: number) => void>> = {
  17(w, at, length) {
    w.str('igmp query');
    if (length >= 12) queryText(w, at, length);
    else oldQueryText(w, at, length);
  },
  18(w, at, length) {
    groupText(w, 'igmp v1 report ', at);
    if (length !== HEADER) number(w, ' [len ', length, ']');
  },
  19(w, at, length) {
    w.str('igmp dvmrp');
    if (length < HEADER) number(w, ' [len ', length, ']');
    else dvmrpText(w, at, length);
  },
  20(w, at, length) {
    w.str('igmp pimv1');
    pimV1Text(w, at, length);
  },
  22: (w, at) => groupText(w, 'igmp v2 report ', at),
  23: (w, at) => groupText(w, 'igmp leave ', at),
  30: (w, at, length) => traceText(w, 'mresp ', at, length),
  31: (w, at, length) => traceText(w, 'mtrace ', at, length),
  34(w, at, length) {
    w.str('igmp v3 report');
    reportText(w, at, length);
  },
};
function number(w: Line, before: string, value: number, after: string): void {
  w.str(before);
  w.dec(value);
  w.str(after);
}
function groupText(w: Line, what: string, at: number): void {
  if (!w.need(at + 4, 4)) return;
  w.str(what);
  w.ipv4At(at + 4);
}
/** Versions 1 and 2 (RFC 2236 section 2). */
function oldQueryText(w: Line, at: number, length: number): void {
  const time = w.u8(at + 1);
  if (w.cut) return;
  w.str(time === 0 ? ' v1' : ' v2');
  if (time !== 0 && time !== USUAL) number(w, ' [max resp time ', time, ']');
  if (w.u32(at + 4) !== 0) {
    w.str(' [gaddr ');
    w.ipv4At(at + 4);
    w.char(0x5d);
  }
  if (length !== HEADER) number(w, ' [len ', length, ']');
}
const isWhole = (length: number, least: number): boolean => length >= least && (length & 3) === 0;

function queryText(w: Line, at: number, length: number): void {
  w.str(' v3');
  if (!isWhole(length, 12)) {
    number(w, ' [invalid len ', length, ']');
    return;
  }
  const code = w.u8(at + 1);
  if (code !== USUAL && !w.cut) timeText(w, code);
  if (w.u32(at + 4) === 0) return;
  w.str(' [gaddr ');
  w.ipv4At(at + 4);
  const count = w.u16(at + 10);
  if (count > 0) {
    if (length < 12 + count * 4) w.str(' [invalid number of sources]');
    else if (w.verbose > 1) sourcesText(w, at + 12, count);
    else number(w, ', ', count, ' source(s)');
  }
  w.char(0x5d);
}
/** RFC 3376 section 4.1.1: from 128 on, three bits of exponent and four of mantissa. */
function timeText(w: Line, code: number): void {
  const tenths = code < 128 ? code : ((code & 0x0f) | 0x10) << (((code & 0x70) >> 4) + 3);
  w.str(' [max resp time ');
  if (tenths < 600) {
    w.dec(Math.floor(tenths / 10));
    number(w, '.', tenths % 10, 's');
  } else durationText(w, Math.floor(tenths / 10));
  w.char(0x5d);
}
function sourcesText(w: Line, from: number, count: number): void {
  w.str(' {');
  for (let at = from; at < from + count * 4 && !w.cut; at += 4) {
    if (!w.need(at, 4)) return;
    w.char(0x20);
    w.ipv4At(at);
  }
  w.str(' }');
}
function reportText(w: Line, at: number, length: number): void {
  if (!isWhole(length, 16)) {
    number(w, ' [invalid len ', length, ']');
    return;
  }
  const groups = w.u16(at + 6);
  if (w.cut) return;
  number(w, ', ', groups, ' group record(s)');
  if (w.verbose === 0) return;
  let group = at + HEADER;
  for (let i = 0; i < groups && !w.cut; i++) {
    if (group + 8 > at + length) {
      w.str(' [invalid number of groups]');
      return;
    }
    if (!w.need(group + 4, 4)) return;
    w.str(' [gaddr ');
    w.ipv4At(group + 4);
    w.char(0x20);
    w.named(RECORDS, w.u8(group), ' [v3-report-#%u]');
    const sources = w.u16(group + 2);
    if (group + 8 + sources * 4 > at + length) {
      number(w, ' [invalid number of sources ', sources, ']');
      return;
    }
    if (w.verbose > 1) sourcesText(w, group + 8, sources);
    else number(w, ', ', sources, ' source(s)');
    w.char(0x5d);
    group += 8 + sources * 4;
  }
}
/** Multicast traceroute (draft-asaeda-mboned-mtrace-v2). */
function traceText(w: Line, name: string, at: number, length: number): void {
  if (length < HEADER + 16) {
    number(w, ' [invalid len ', length, ']');
    return;
  }
  if (!w.need(at + HEADER, 16)) return;
  w.str(name);
  w.dec(w.u24(at + 21));
  w.str(': ');
  w.ipv4At(at + 8);
  w.str(' to ');
  w.ipv4At(at + 12);
  w.str(' reply-to ');
  w.ipv4At(at + 16);
  // Only to a group does it matter how far the reply may go.
  if (w.u8(at + 16) >> 4 === 0xe) number(w, ' with-ttl ', w.u8(at + 20), '');
}
