import { putDec, putWord, word } from '../../src/bytes/put.ts';
import { literal } from '../../src/bytes/text.ts';
import type { Line } from '../../src/dissect/line.ts';
import { mptcpText } from './mptcp.ts';
import { NOP_NOP_TIMESTAMP, TIMESTAMP_ALONE } from './words.ts';

/** IANA's registry "TCP Option Kind Numbers", by the names that tcpdump's users know. */
const NAMES: Readonly<Record<number, string>> = {
  0: 'eol',
  1: 'nop',
  2: 'mss',
  3: 'wscale',
  4: 'sackOK',
  5: 'sack',
  6: 'echo',
  7: 'echoreply',
  8: 'TS',
  11: 'cc',
  12: 'ccnew',
  13: '',
  19: 'md5',
  20: 'scps',
  28: 'uto',
  29: 'tcp-ao',
  30: 'mptcp',
  34: 'tfo',
  254: 'exp',
};
const COMMA = 0x2c;
const CLOSE = 0x5d;

const OPTIONS = literal(', options [');
const ECHO_REPLY = word(' ecr ');
function timestampAlone(w: Line, at: number): void {
  const value = w.u32(at);
  const reply = w.u32(at + 4);
  let p = w.open(96);
  const { view } = w;
  putWord(view, p, TIMESTAMP_ALONE[0]);
  putWord(view, p + 8, TIMESTAMP_ALONE[1]);
  putWord(view, p + 16, TIMESTAMP_ALONE[2]);
  putWord(view, p + 24, TIMESTAMP_ALONE[3]);
  p = putDec(view, p + 26, value);
  putWord(view, p, ECHO_REPLY);
  p = putDec(view, p + 5, reply);
  w.bytes[p] = CLOSE;
  w.at = p + 1;
}

/** `, options [mss 1460,…]`. `segmentEnd` is claimed. False when the line ends with the options, which are bad or cut. */
export function tcpOptionsText(
  w: Line,
  from: number,
  length: number,
  segmentEnd: number,
  sackBase: number,
  flags: number,
): boolean {
  if (length === 12 && w.has(from, 12) && w.u32(from) === NOP_NOP_TIMESTAMP) {
    timestampAlone(w, from + 4);
    return true;
  }
  w.put(OPTIONS);
  const end = from + length;
  let at = from;
  for (let first = true; at < end; first = false) {
    if (!first) w.char(COMMA);
    const kind = w.u8(at);
    const size = kind < 2 ? 1 : w.u8(at + 1);
    if (w.cut) return false;
    if (kind >= 2 && (size < 2 || at + size > end)) return bad(w, first);
    w.named(NAMES, kind, 'unknown-%u');
    const printed = bodyText(w, kind, at, size, end, segmentEnd, sackBase, flags);
    if (w.cut) return false;
    if (printed === BAD) return bad(w, first);
    if (printed === CUT) {
      // tcpdump ends a cut list with an angle bracket, unless it was the first option.
      w.trunc();
      if (!first) w.char(0x3e);
      return false;
    }
    const used = printed + (kind < 2 ? 1 : 2);
    if (used !== size) {
      w.str('[len ');
      w.dec(size);
      w.char(CLOSE);
    }
    at += used;
    if (kind === 0) break;
  }
  w.char(CLOSE);
  return true;
}
const BAD = -1;
const CUT = -2;
function bad(w: Line, first: boolean): false {
  w.str('[bad opt]');
  if (!first) w.char(CLOSE);
  return false;
}
/** Writes an option's value; returns how many bytes of it that was, or BAD or CUT. */
function bodyText(
  w: Line,
  kind: number,
  at: number,
  size: number,
  end: number,
  segmentEnd: number,
  sackBase: number,
  flags: number,
): number {
  const body = at + 2;
  const rest = size - 2;
  // What a fixed-size option needs, whatever its length says.
  const wants = (count: number): number => (body + count > end ? BAD : w.has(body, count) ? count : CUT);
  switch (kind) {
    case 0:
    case 1:
    case 4:
      return 0;
    case 2: {
      const got = wants(2);
      if (got > 0) number(w, w.u16(body));
      return got;
    }
    case 3: {
      const got = wants(1);
      if (got > 0) number(w, w.u8(body));
      return got;
    }
    case 5:
      return sackText(w, body, rest, sackBase);
    case 6:
    case 7:
    case 11:
    case 12:
    case 13: {
      const got = wants(4);
      if (got > 0) number(w, w.u32(body));
      return got;
    }
    case 8: {
      const got = wants(8);
      if (got > 0) {
        w.str(' val ');
        w.dec(w.u32(body));
        w.str(' ecr ');
        w.dec(w.u32(body + 4));
      }
      return got;
    }
    case 19: {
      const got = wants(16);
      if (got > 0) digestText(w, body, segmentEnd);
      return got;
    }
    case 20: {
      const got = wants(2);
      if (got > 0) {
        w.str(' cap ');
        w.hex2(w.u8(body));
        w.str(' id ');
        w.dec(w.u8(body + 1));
      }
      return got;
    }
    case 28: {
      const got = wants(2);
      if (got > 0) userTimeoutText(w, w.u16(body));
      return got;
    }
    case 29:
      return authenticationText(w, body, rest);
    case 30: {
      const got = wants(rest);
      if (got < 0) return got;
      const outer = w.limit;
      w.limit = Math.min(outer, at + size);
      const good = mptcpText(w, at, size, flags);
      w.limit = outer;
      return good ? rest : BAD;
    }
    case 34: {
      const got = wants(rest);
      if (got < 0) return got;
      w.char(0x20);
      fastOpenText(w, body, rest, false);
      return rest;
    }
    case 254: {
      const got = wants(rest);
      if (got < 0) return got;
      if (rest < 2) return BAD;
      w.char(0x2d);
      const magic = w.u16(body);
      // RFC 6994: the first two bytes tell whose experiment it is.
      if (magic === 0xf989) fastOpenText(w, body + 2, rest - 2, true);
      else w.hexPadded(magic, 4);
      return rest;
    }
    default:
      if (rest > 0) w.str(' 0x');
      for (let i = 0; i < rest; i++) {
        if (!w.has(body + i, 1)) return CUT;
        w.hex2(w.u8(body + i));
      }
      return rest;
  }
}
function number(w: Line, value: number): void {
  w.char(0x20);
  w.dec(value);
}
/** RFC 2385. Without the secret, which -M would give, tcpdump cannot check the digest. */
function digestText(w: Line, body: number, segmentEnd: number): void {
  w.str(segmentEnd > w.limit ? ' snaplen too short, ' : ' shared secret not supplied with -M, ');
  w.str("can't check - ");
  w.hexAt(body, 16);
}
function sackText(w: Line, body: number, rest: number, base: number): number {
  if (rest % 8 !== 0) {
    w.str(' invalid sack');
    return rest;
  }
  w.char(0x20);
  w.dec(rest / 8);
  w.char(0x20);
  for (let i = 0; i < rest; i += 8) {
    if (!w.has(body + i, 8)) return CUT;
    w.char(0x7b);
    w.dec((w.u32(body + i) - base) >>> 0);
    w.char(0x3a);
    w.dec((w.u32(body + i + 4) - base) >>> 0);
    w.char(0x7d);
  }
  return rest;
}
/** RFC 5482: the lowest bit of the option tells minutes from seconds; tcpdump takes it from the other end. */
function userTimeoutText(w: Line, value: number): void {
  w.str(' 0x');
  w.hex(value);
  w.char(0x20);
  w.dec((value & 1) === 1 ? (value >> 1) * 60 : value >> 1);
}
/** RFC 5925 section 2.2. */
function authenticationText(w: Line, body: number, rest: number): number {
  if (rest < 2) {
    w.invalid();
    return rest;
  }
  if (!w.has(body, 1)) return CUT;
  w.str(' keyid ');
  w.dec(w.u8(body));
  if (!w.has(body, 2)) return CUT;
  w.str(' rnextkeyid ');
  w.dec(w.u8(body + 1));
  if (rest > 2) w.str(' mac 0x');
  for (let i = 2; i < rest; i++) {
    if (!w.has(body + i, 1)) return CUT;
    w.hex2(w.u8(body + i));
  }
  return rest;
}
/** RFC 7413: a cookie, or the request for one. */
function fastOpenText(w: Line, body: number, length: number, experimental: boolean): void {
  if (experimental) w.str('tfo');
  if (length === 0) {
    w.str(' cookiereq');
    return;
  }
  if (length % 2 !== 0 || length < 4 || length > 16) {
    w.invalid();
    return;
  }
  w.str(' cookie ');
  w.hexAt(body, length);
}
