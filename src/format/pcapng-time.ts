import type { Rows } from '../frame/rows.ts';
import type { Interface } from './interface.ts';

const WORD = 2 ** 32;
/** Counts whose upper word is not above this are exact in a double. */
const EXACT = 2 ** 21 - 1;

/**
 * Sets the time of row `n` from a count of the interface's units. The count has 64 bits and a double holds 53, so the
 * quotient may be off by one; the remainder, which is below 2^31, follows exactly from the lower words.
 */
export function setTime(rows: Rows, n: number, high: number, low: number, of: Interface): void {
  const { unit, nanosInUnit } = of;
  if (nanosInUnit === 0 || (high > EXACT && unit < 1_000_000)) {
    setFineTime(rows, n, high, low, of);
    return;
  }
  let seconds = Math.floor((high * WORD + low) / unit);
  let rest = (low - Math.imul(seconds, unit)) | 0;
  if (rest < 0) {
    rest += unit;
    seconds--;
  } else if (rest >= unit) {
    rest -= unit;
    seconds++;
  }
  rows.seconds[n] = seconds + of.offset;
  rows.nanos[n] = rest * nanosInUnit;
}
/** Powers of two, units finer than a nanosecond, and counts out of all proportion. */
function setFineTime(rows: Rows, n: number, high: number, low: number, { unit, offset }: Interface): void {
  const count = (BigInt(high) << 32n) | BigInt(low);
  const whole = BigInt(unit);
  rows.seconds[n] = Number(count / whole) + offset;
  rows.nanos[n] = Number(((count % whole) * 1_000_000_000n) / whole);
}

/**
 * Writes a time as a count of nanoseconds or microseconds, upper word first. The lower word is exact, for it is computed
 * in 32 bits; the upper one, from a double, is one off when the rest that the double has does not fit the lower word.
 */
export function putTime(view: DataView, at: number, seconds: number, nanos: number, fine: boolean): void {
  const unit = fine ? 1_000_000_000 : 1_000_000;
  const part = fine ? nanos : Math.floor(nanos / 1000);
  const since = Math.max(seconds, 0);
  const count = since * unit + part;
  const low = (Math.imul(since, unit) + part) >>> 0;
  let high = Math.floor(count / WORD);
  const rest = count - high * WORD;
  if (rest - low > WORD / 2) high++;
  else if (low - rest > WORD / 2) high--;
  view.setUint32(at, high, true);
  view.setUint32(at + 4, low, true);
}
