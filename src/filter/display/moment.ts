const BILLION = 1_000_000_000n;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const EXAMPLE = 'such as "2020-07-04 12:34:56.789" or "Sep 26, 2004 23:18:04"';
const ISO =
  /^\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9})\d*)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?\s*$/;
const OLD =
  /^\s*([A-Za-z]{3}) +(\d{1,2}), *(\d{4})(?: +(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9})\d*)?)?\s*(UTC|Z)?)?\s*$/;

/** A time that was typed, in nanoseconds since 1970; in the machine's zone unless it tells another. Throws a RangeError. */
export function momentOf(text: string): bigint {
  const old = OLD.exec(text);
  const [, first, second, third, hour, minute, seconds, fraction, zone] = old ?? ISO.exec(text) ?? [];
  const month = old === null ? Number(second) : MONTHS.indexOf(first!.toLowerCase()) + 1;
  const [year, day] = old === null ? [Number(first), Number(third)] : [Number(third), Number(second)];
  if (first === undefined || !(month >= 1 && month <= 12) || !(day >= 1 && day <= 31)) throw wrong(text);
  const [h, m, s] = [Number(hour ?? 0), Number(minute ?? 0), Number(seconds ?? 0)];
  if (h > 23 || m > 59 || s > 60) throw wrong(text);
  const ms =
    zone === undefined
      ? new Date(year, month - 1, day, h, m, s).getTime()
      : Date.UTC(year, month - 1, day, h, m, s) - offset(zone);
  return BigInt(ms / 1000) * BILLION + nanoseconds(fraction);
}
const wrong = (text: string): RangeError =>
  new RangeError(`"${text.slice(0, 40).replace(/[^ -~]/g, '?')}" is no time ${EXAMPLE}`);
/** Of a zone from UTC, in milliseconds. */
function offset(zone: string | undefined): number {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone ?? '') ?? [];
  const minutesEast = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
  return (sign === '-' ? -minutesEast : minutesEast) * 60_000;
}
const nanoseconds = (fraction: string | undefined): bigint => BigInt((fraction ?? '').padEnd(9, '0'));

/** A length of time that was typed in seconds, in nanoseconds. Throws a RangeError. */
export function spanOf(text: string): bigint {
  const [, seconds, fraction] = /^(\d{1,12})(?:\.(\d{1,9}))?$/.exec(text) ?? [];
  if (seconds === undefined) throw new RangeError(`"${text}" is no number of seconds with at most nine decimals`);
  return BigInt(seconds) * BILLION + nanoseconds(fraction);
}
