/** tcpdump's text of a whole message; that of a question or a record is in dns-record-text.ts. */
import { literal } from '../../src/bytes/text.ts';
import type { Line } from '../../src/dissect/line.ts';
import { dns } from './fields.ts';
import { skipName } from './name.ts';
import { beginMessage, CUT } from './name-text.ts';
import { questionText, recordText } from './record-text.ts';

const OPCODES = [
  '',
  ' inv_q',
  ' stat',
  ' op3',
  ' notify',
  ' update',
  ' op6',
  ' op7',
  ' op8',
  ' updateA',
  ' updateD',
  ' updateDA',
  ' updateM',
  ' updateMA',
  ' zoneInit',
  ' zoneRef',
].map(literal);
/** Two of them lack the space in front, in tcpdump's table as here. */
const RCODES = [
  '',
  ' FormErr',
  ' ServFail',
  ' NXDomain',
  ' NotImp',
  ' Refused',
  ' YXDomain',
  ' YXRRSet',
  ' NXRRSet',
  ' NotAuth',
  ' NotZone',
  ' Resp11',
  ' Resp12',
  ' Resp13',
  ' Resp14',
  ' NoChange',
  ' BadVers',
  'Resp17',
  ' Resp18',
  ' Resp19',
  ' Resp20',
  'Resp21',
  ' Resp22',
  ' BadCookie',
].map(literal);
const SPACE = literal(' ');
const LENGTH = literal(' (');
const QUESTION = literal(' q:');
const AUTHORITY = literal(' ns:');
const ADDITIONAL = literal(' ar:');
const COMMA = 0x2c;
const SLASH = 0x2f;

const INVERSE_QUERY = 1;
const AUTHORITATIVE = 0x0400;
const TRUNCATED = 0x0200;
const RECURSION_DESIRED = 0x0100;
const RECURSION_AVAILABLE = 0x0080;
const AUTHENTICATED = 0x0020;
const CHECKING_DISABLED = 0x0010;
/** Bits that a query should not have set. */
const ODD_IN_QUERY = 0x06cf;

/** A TCP segment: tcpdump prints a message only if it fills the segment. */
export function streamText(w: Line, at: number, length: number): void {
  if (length < 2) {
    w.str(' [DNS over TCP: length ');
    w.dec(Math.max(0, length));
    w.str(' < 2]');
    w.invalid();
    return;
  }
  const announced = w.u16(at);
  if (announced !== length - 2) {
    w.str(' [prefix length(');
    w.dec(announced);
    w.str(') != length(');
    w.dec(length - 2);
    w.str(')]');
    w.invalid();
    return;
  }
  w.put(SPACE);
  messageText(w, at + 2, length - 2, false);
}

/** The message that starts at `at` and that the layers below say is so long. */
export function messageText(w: Line, at: number, length: number, multicast: boolean): void {
  if (length < dns.$size) {
    w.str('domain [length ');
    w.dec(Math.max(0, length));
    w.str(' < 12]');
    w.invalid();
    return;
  }
  if (!w.has(at, dns.$size)) {
    w.trunc();
    return;
  }
  beginMessage(w.limit - at);
  const { bytes } = w.frame;
  const whole =
    dns['flags.response'].read(bytes, at) === 1 ? responseText(w, at, multicast) : queryText(w, at, multicast);
  if (!whole) {
    w.trunc();
    return;
  }
  w.put(LENGTH);
  w.dec(length);
  w.char(0x29);
}

/** False, like every function below that prints a part: the rest of it was not captured or cannot be read. */
function queryText(w: Line, base: number, multicast: boolean): boolean {
  const { bytes } = w.frame;
  const flags = dns.flags.read(bytes, base);
  const opcode = dns['flags.opcode'].read(bytes, base);
  const questions = dns['count.queries'].read(bytes, base);
  const answers = dns['count.answers'].read(bytes, base);
  const authorities = dns['count.auth_rr'].read(bytes, base);
  const additional = dns['count.add_rr'].read(bytes, base);
  w.dec(dns.id.read(bytes, base));
  w.put(OPCODES[opcode]!);
  if ((flags & RECURSION_DESIRED) !== 0) w.char(0x2b);
  if ((flags & CHECKING_DISABLED) !== 0) w.char(0x25);
  if ((flags & ODD_IN_QUERY) !== 0) {
    w.str(' [b2&3=0x');
    w.hex(flags);
    w.char(0x5d);
  }
  if (opcode === INVERSE_QUERY) {
    countText(w, questions, 0, 'q]');
    countText(w, answers, 1, 'a]');
  } else {
    countText(w, answers, 0, 'a]');
    countText(w, questions, 1, 'q]');
  }
  countText(w, authorities, 0, 'n]');
  countText(w, additional, 0, 'au]');
  let at = base + dns.$size;
  for (let left = questions; left > 0; left--) {
    if (left < questions && at >= w.limit) return false;
    at = questionText(w, at, base, multicast);
    if (at === CUT) return false;
  }
  if (w.verbose < 2) return true;
  if (answers > 0) at = recordsText(w, at, answers, base, multicast);
  return at !== CUT && lastSections(w, at, base, multicast);
}
/** ` [2q]`, when a count is not what it usually is. */
function countText(w: Line, count: number, usual: number, unit: string): void {
  if (count === usual) return;
  w.str(' [');
  w.dec(count);
  w.str(unit);
}

function responseText(w: Line, base: number, multicast: boolean): boolean {
  const { bytes } = w.frame;
  const flags = dns.flags.read(bytes, base);
  const questions = dns['count.queries'].read(bytes, base);
  const answers = dns['count.answers'].read(bytes, base);
  const authorities = dns['count.auth_rr'].read(bytes, base);
  const additional = dns['count.add_rr'].read(bytes, base);
  w.dec(dns.id.read(bytes, base));
  w.put(OPCODES[dns['flags.opcode'].read(bytes, base)]!);
  rcodeText(
    w,
    dns['flags.rcode'].read(bytes, base) | upperRcode(w, base, questions, answers + authorities, additional),
  );
  if ((flags & AUTHORITATIVE) !== 0) w.char(0x2a);
  if ((flags & RECURSION_AVAILABLE) === 0) w.char(0x2d);
  if ((flags & TRUNCATED) !== 0) w.char(0x7c);
  if ((flags & AUTHENTICATED) !== 0) w.char(0x24);
  countText(w, questions, 1, 'q]');
  let at = base + dns.$size;
  for (let i = 0; i < questions; i++) {
    if (i > 0) w.char(COMMA);
    if (w.verbose > 1) {
      w.put(QUESTION);
      at = questionText(w, at, base, multicast);
      if (at === CUT) return false;
    } else {
      at = skipName(bytes, at, w.limit);
      if (at < 0) return false;
      at += 4;
    }
  }
  w.char(0x20);
  w.dec(answers);
  w.char(SLASH);
  w.dec(authorities);
  w.char(SLASH);
  w.dec(additional);
  if (answers > 0) at = recordsText(w, at, answers, base, multicast);
  if (at === CUT || w.verbose < 2) return at !== CUT;
  return lastSections(w, at, base, multicast);
}
function rcodeText(w: Line, rcode: number): void {
  const known = RCODES[rcode];
  if (known !== undefined) w.put(known);
  else {
    w.str(' Resp');
    w.dec(rcode);
  }
}
/** The upper eight bits of the response code, which an OPT record among the additional ones holds (RFC 6891). */
function upperRcode(w: Line, base: number, questions: number, records: number, additional: number): number {
  if (additional === 0) return 0;
  const { bytes } = w.frame;
  const { limit } = w;
  let at = base + dns.$size;
  for (let left = questions; left > 0; left--) {
    at = skipName(bytes, at, limit);
    if (at < 0) return 0;
    at += 4;
    if (at >= limit) return 0;
  }
  for (let left = records; left > 0; left--) {
    at = skipRecord(w, at);
    if (at < 0) return 0;
  }
  for (let left = additional; left > 0; left--) {
    const type = skipName(bytes, at, limit);
    if (type < 0 || type + 5 > limit) return 0;
    if (dns['resp.type'].read(bytes, type) === 41) return dns['resp.ext_rcode'].read(bytes, type + 4) << 4;
    at = skipRecord(w, at);
    if (at < 0) return 0;
  }
  return 0;
}
/** The place behind a record, or -1 when nothing can stand there. */
function skipRecord(w: Line, at: number): number {
  const type = skipName(w.frame.bytes, at, w.limit);
  if (type < 0 || type + 10 > w.limit) return -1;
  const end = type + 10 + dns['resp.len'].read(w.frame.bytes, type + 8);
  return end >= w.limit ? -1 : end;
}

/** A section's records; the place behind them. */
function recordsText(w: Line, at: number, count: number, base: number, multicast: boolean): number {
  let next = recordText(w, at, base, multicast);
  let left = count - 1;
  for (; left > 0 && next !== CUT && next < w.limit; left--) {
    w.char(COMMA);
    next = recordText(w, next, base, multicast);
  }
  return left > 0 ? CUT : next;
}
function lastSections(w: Line, at: number, base: number, multicast: boolean): boolean {
  const authorities = dns['count.auth_rr'].read(w.frame.bytes, base);
  const additional = dns['count.add_rr'].read(w.frame.bytes, base);
  let next = at;
  if (authorities > 0) {
    if (next >= w.limit) return false;
    w.put(AUTHORITY);
    next = recordsText(w, next, authorities, base, multicast);
    if (next === CUT) return false;
  }
  if (additional > 0) {
    if (next >= w.limit) return false;
    w.put(ADDITIONAL);
    next = recordsText(w, next, additional, base, multicast);
  }
  return next !== CUT;
}
