import { type Field, header, text } from '../src/bytes/field.ts';
import { type Kind, read8, u16Kind } from '../src/bytes/kind.ts';
import type { Line } from '../src/dissect/line.ts';
import { protocol } from '../src/dissect/protocol.ts';

/** RFC 5424 table 1, by tcpdump's names. */
const FACILITIES: Readonly<Record<number, string>> = {
  ...'kernel user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp security console cron'.split(' '),
  ...Object.fromEntries(Array.from({ length: 8 }, (_, i) => [16 + i, `local${i}`])),
};
/** RFC 5424 table 2. */
const SEVERITIES: Readonly<Record<number, string>> = {
  ...'emergency alert critical error warning notice info debug'.split(' '),
};
const LESS = 0x3c;
const GREATER = 0x3e;
const MOST_DIGITS = 3;
const digitAt = (bytes: Uint8Array, at: number): number => {
  const digit = read8(bytes, at) - 0x30;
  return digit >= 0 && digit <= 9 ? digit : -1;
};
/** The number between the angle brackets, of which the digits begin at `at`. */
function readPriority(bytes: Uint8Array, at: number): number {
  let value = 0;
  for (let i = 0; i < MOST_DIGITS && digitAt(bytes, at + i) >= 0; i++) value = value * 10 + digitAt(bytes, at + i);
  return value;
}
const FACILITY = 0x3f8;
const SEVERITY = 0x07;
const priority = (name: string, of: (value: number) => number): Kind => ({
  ...u16Kind,
  name,
  size: 0,
  read: (distance) => (bytes, at) => of(readPriority(bytes, at + distance)),
  write: (w, bytes, from) => w.dec(of(readPriority(bytes, from))),
});
const facilityOf = (value: number): number => (value & FACILITY) >> 3;
const severityOf = (value: number): number => value & SEVERITY;

const syslog = header(
  'syslog',
  {},
  {
    facility: { kind: priority('facility', facilityOf), label: 'Facility', names: FACILITIES },
    level: { kind: priority('severity', severityOf), label: 'Severity', names: SEVERITIES },
    msg: text('Message'),
  },
);

/** As Wireshark calls them in a summary. */
const SHORT_FACILITIES = [
  ...'KERN USER MAIL DAEMON AUTH SYSLOG LPR NEWS UUCP CRON AUTHPRIV FTP NTP LOGAUDIT LOGALERT CRON'.split(' '),
  ...Array.from({ length: 8 }, (_, i) => `LOCAL${i}`),
];
const SHORT_SEVERITIES = 'EMERG ALERT CRIT ERR WARNING NOTICE INFO DEBUG'.split(' ');
function originOf(last: (field: Field) => number): string {
  const facility = last(syslog.facility);
  if (Number.isNaN(facility)) return '(unknown)';
  return `${SHORT_FACILITIES[facility] ?? 'UNKNOWN'}.${SHORT_SEVERITIES[last(syslog.level)]}`;
}

/** Messages of programs to the administrator. */
export const systemLog = protocol(syslog, {
  title: 'Syslog Protocol',
  source: 'RFC 5424, RFC 3164',
  on: { 'udp.port': 514 },
  summary: { each: [syslog.msg], text: (last) => `Syslog message: ${originOf(last)}: {syslog.msg}` },
  expand(frame, d, visit) {
    const { bytes } = frame;
    const from = frame.from[d]!;
    const end = frame.limit(d);
    let at = from;
    while (at + 1 < end && at - from < MOST_DIGITS && digitAt(bytes, at + 1) >= 0) at++;
    if (at > from && at + 1 < end && read8(bytes, from) === LESS && read8(bytes, at + 1) === GREATER) {
      visit(syslog.facility, from + 1, at + 1);
      visit(syslog.level, from + 1, at + 1);
      at += 2;
    } else at = from;
    if (at < end) visit(syslog.msg, at, end);
  },
  line(w, frame, d) {
    w.label = 'syslog';
    syslogText(w, frame.from[d]!, frame.claim[d]! - frame.from[d]!);
  },
});
function syslogText(w: Line, from: number, length: number): void {
  const { bytes } = w.frame;
  let at = from + 1;
  let isMessage = w.u8(from) === LESS;
  while (isMessage && at - from <= MOST_DIGITS && w.need(at, 1) && digitAt(bytes, at) >= 0) at++;
  isMessage &&= w.u8(at) === GREATER;
  if (w.cut) return;
  if (!isMessage) {
    w.invalid();
    return;
  }
  const value = readPriority(bytes, from + 1);
  if (w.verbose === 0) {
    w.str('SYSLOG ');
    w.named(FACILITIES, facilityOf(value), 'unknown (%u)');
    w.char(0x2e);
    w.named(SEVERITIES, severityOf(value), 'unknown (%u)');
    w.str(`, length: ${length}`);
    return;
  }
  w.str(`SYSLOG, length: ${length}\n\tFacility `);
  w.named(FACILITIES, facilityOf(value), 'unknown (%u)');
  w.str(` (${facilityOf(value)}), Severity `);
  w.named(SEVERITIES, severityOf(value), 'unknown (%u)');
  w.str(` (${severityOf(value)})\n\tMsg: `);
  w.textAt(at + 1, from + length - at - 1);
  if (w.verbose > 1) w.hexDump(from, Math.min(from + length, w.limit), false);
}
