import { type Kind, read8, timeKind } from '../../src/bytes/kind.ts';

const ZERO = 0x30;
const Z = 0x5a;
/** `YYMMDDHHMMSS` in UTCTime, with the century in GeneralizedTime. */
const SHORT = 12;
const LONG = 14;
/** Two-digit years below this are of this century (RFC 5280 section 4.1.2.5.1). */
const PIVOT = 50;

/** Seconds since 1970; not a number when there is no time. */
function readTime(bytes: Uint8Array, at: number): number {
  let size = 0;
  while (size < LONG && isDigit(read8(bytes, at + size))) size++;
  if ((size !== SHORT && size !== LONG) || read8(bytes, at + size) !== Z) return Number.NaN;
  const two = (place: number): number => (read8(bytes, at + place) - ZERO) * 10 + read8(bytes, at + place + 1) - ZERO;
  const year = size === LONG ? two(0) * 100 + two(2) : two(0) + (two(0) < PIVOT ? 2000 : 1900);
  const rest = size - SHORT + 2;
  return Date.UTC(year, two(rest) - 1, two(rest + 2), two(rest + 4), two(rest + 6), two(rest + 8)) / 1000;
}
const isDigit = (byte: number): boolean => byte >= ZERO && byte <= ZERO + 9;

/** A certificate's time, to the second (RFC 5280 section 4.1.2.5): shown as UTC. */
export const certificateTimeKind: Kind = {
  ...timeKind,
  size: 0,
  read: (distance) => (bytes, at) => readTime(bytes, at + distance),
  write(w, bytes, from, to) {
    const seconds = readTime(bytes, from);
    if (Number.isNaN(seconds)) w.printable(bytes, from, to);
    else w.str(new Date(seconds * 1000).toISOString().replace('.000', ''));
  },
};
