const BILLION = 1_000_000_000;
const two = (n: number): string => String(n).padStart(2, '0');

/** The local time of day, to the microsecond. */
export function clock(seconds: number, nanos: number): string {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return String(seconds);
  const micros = String(Math.floor(nanos / 1000)).padStart(6, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${micros}`;
}
/** A span of time, to the microsecond. */
export function elapsed(seconds: number, nanos: number): string {
  const total = seconds * BILLION + nanos;
  const sign = total < 0 ? '-' : '';
  const micros = Math.floor(Math.abs(total) / 1000);
  return `${sign}${Math.floor(micros / 1e6)}.${String(micros % 1e6).padStart(6, '0')}`;
}
const UNITS = ['', 'k', 'M', 'G', 'T'] as const;
/** `1.2k`, `34M`: three digits at most. */
export function short(value: number): string {
  let unit = 0;
  let rest = value;
  while (rest >= 999.5 && unit < UNITS.length - 1) {
    rest /= 1000;
    unit++;
  }
  const digits = rest >= 99.5 || unit === 0 ? 0 : rest >= 9.95 ? 1 : 2;
  return `${unit === 0 && rest % 1 !== 0 && rest < 10 ? rest.toFixed(1) : rest.toFixed(digits)}${UNITS[unit]}`;
}
