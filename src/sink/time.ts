import { PADDED_DIGITS } from '../bytes/digits.ts';
import { putDigits6, putWord, word } from '../bytes/put.ts';
import { literal, type Text } from '../bytes/text.ts';

/** tcpdump's `-t` options, by how many there are. */
export const TIME = { clock: 0, none: 1, unix: 2, sincePrevious: 3, date: 4, sinceFirst: 5 } as const;

const WRONG = literal('[Error converting time]');
const SPACE = 0x20;
/** A space behind three characters. */
const BLANK = SPACE << 24;
const DASH = 0x2d;
const DOT = 0x2e;
/** The offset from UTC changes only at these intervals, in any zone. */
const QUARTER = 900;

/** Writes the time in front of a line, as tcpdump's `-t` options ask. Local time is that of the environment (`TZ`). */
export class TimeColumn {
  private referenceSeconds = 0;
  private referenceNanos = 0;
  private shown = 0;
  private shownSecond = Number.NaN;
  /** The same where the time is told as the clock showed it, in microseconds. */
  private plainSecond = Number.NaN;
  private shownLocal = true;
  private offset = 0;
  private offsetFrom = Number.NaN;

  constructor(
    private readonly mode: number,
    private readonly nanoseconds: boolean,
  ) {}
  /** The same as {@link write} at `p`, where room was made; returns where the text goes on. */
  put(w: Text, p: number, seconds: number, nanos: number): number {
    if (seconds !== this.plainSecond) {
      w.at = p;
      this.write(w, seconds, nanos);
      return w.at;
    }
    const { view } = w;
    const micros = (nanos / 1000) | 0;
    const millis = (micros / 1000) | 0;
    view.setFloat64(p, this.shown, true);
    view.setUint32(p + 8, (PADDED_DIGITS[millis]! << 8) | DOT, true);
    view.setUint32(p + 12, PADDED_DIGITS[micros - Math.imul(millis, 1000)]! | BLANK, true);
    return p + 16;
  }
  write(w: Text, seconds: number, nanos: number): void {
    switch (this.mode) {
      case TIME.none:
        return;
      case TIME.clock:
        this.clock(w, seconds, nanos, true);
        break;
      case TIME.unix:
        if (!representable(seconds)) w.put(WRONG);
        else {
          w.dec(seconds >>> 0);
          this.fraction(w, nanos);
        }
        break;
      case TIME.date:
        if (representable(seconds)) date(w, Math.floor((seconds + this.offsetAt(seconds)) / 86_400));
        this.clock(w, seconds, nanos, true);
        break;
      default:
        this.since(w, seconds, nanos);
    }
    w.char(SPACE);
  }
  private clock(w: Text, seconds: number, nanos: number, local: boolean): void {
    if (!representable(seconds)) {
      w.put(WRONG);
      return;
    }
    if (seconds !== this.shownSecond || local !== this.shownLocal) this.show(seconds, local);
    const p = w.open(24);
    const { view } = w;
    putWord(view, p, this.shown);
    w.bytes[p + 8] = DOT;
    w.at = putDigits6(view, p + 9, (nanos / 1000) | 0);
    if (this.nanoseconds) w.decPadded(nanos % 1000, 3);
  }
  /** Packets come many in a second: the text of the last second is kept. */
  private show(seconds: number, local: boolean): void {
    this.shownSecond = seconds;
    if (this.mode === TIME.clock && !this.nanoseconds) this.plainSecond = seconds;
    this.shownLocal = local;
    const shifted = seconds + (local ? this.offsetAt(seconds) : 0);
    const ofDay = shifted - Math.floor(shifted / 86_400) * 86_400;
    const two = (n: number) => String(n).padStart(2, '0');
    this.shown = word(`${two(Math.floor(ofDay / 3600))}:${two(Math.floor(ofDay / 60) % 60)}:${two(ofDay % 60)}`);
  }
  private fraction(w: Text, nanos: number): void {
    w.char(DOT);
    w.decPadded((nanos / 1000) | 0, 6);
    if (this.nanoseconds) w.decPadded(nanos % 1000, 3);
  }
  /** The distance from the previous or the first packet; the first has none. */
  private since(w: Text, seconds: number, wholeNanos: number): void {
    const nanos = this.nanoseconds ? wholeNanos : wholeNanos - (wholeNanos % 1000);
    if (this.referenceSeconds === 0 && this.referenceNanos === 0) {
      this.referenceSeconds = seconds;
      this.referenceNanos = nanos;
    }
    let s = seconds - this.referenceSeconds;
    let n = nanos - this.referenceNanos;
    const negative = s < 0 || (s === 0 && n < 0);
    if (negative) {
      s = -s;
      n = -n;
    }
    if (n < 0) {
      s -= 1;
      n += 1_000_000_000;
    }
    w.char(negative ? DASH : SPACE);
    this.clock(w, s, n, false);
    if (this.mode === TIME.sincePrevious) {
      this.referenceSeconds = seconds;
      this.referenceNanos = nanos;
    }
  }
  /** Seconds that local time is ahead of UTC at a moment. */
  private offsetAt(seconds: number): number {
    const from = seconds - (seconds % QUARTER);
    if (from !== this.offsetFrom) {
      this.offsetFrom = from;
      const minutes = new Date(from * 1000).getTimezoneOffset();
      // A forged time may lie beyond the year 275760, where a Date ends.
      this.offset = Number.isNaN(minutes) ? 0 : -60 * minutes;
    }
    return this.offset;
  }
}
/** tcpdump keeps to 31 bits of seconds. */
const representable = (seconds: number): boolean => seconds >= 0 && (seconds & 0x8000_0000) === 0;

/** `2026-11-23 `, from days since 1970 (the proleptic Gregorian calendar, in the eras of 400 years it repeats by). */
function date(w: Text, days: number): void {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  w.decPadded(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), 4);
  w.char(DASH);
  w.digits2(month);
  w.char(DASH);
  w.digits2(dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1);
  w.char(SPACE);
}
