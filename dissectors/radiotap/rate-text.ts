import { read8, read16le } from '../../src/bytes/kind.ts';
import type { Line } from '../../src/dissect/line.ts';

/**
 * The rates of IEEE 802.11n by modulation and coding scheme, in units of 6.5 Mb/s: what 20 MHz carry with a long guard
 * interval. The first eight, times the number of streams, are the schemes up to 31; then come those of unequal streams.
 */
const EQUAL = [1, 2, 3, 4, 6, 8, 9, 10] as const;
const UNEQUAL = [
  6, 8, 10, 9, 12, 15, 8, 10, 10, 12, 14, 14, 16, 12, 15, 15, 18, 21, 21, 24, 10, 12, 14, 12, 14, 16, 18, 16, 18, 20,
  20, 22, 15, 18, 21, 18, 21, 24, 27, 24, 27, 30, 30, 33,
] as const;
const UNIT = 6.5;
/** The scheme that only 40 MHz have: 6 Mb/s. */
const DUPLICATE = 32;

/** In Mb/s; 0 when there is no such thing. */
function htRate(index: number, wide: boolean, short: boolean): number {
  const shorter = short ? 10 / 9 : 1;
  if (index === DUPLICATE) return wide ? 6 * shorter : 0;
  const units = index < DUPLICATE ? EQUAL[index & 7]! * ((index >> 3) + 1) : (UNEQUAL[index - DUPLICATE - 1] ?? 0);
  return units * UNIT * (wide ? 27 / 13 : 1) * shorter;
}
const HT_WIDTHS = ['20 MHz', '40 MHz', '20 MHz (L)', '20 MHz (U)'] as const;
const KNOWN = { width: 0x01, index: 0x02, guard: 0x04, format: 0x08, fec: 0x10, stbc: 0x20 } as const;

export function mcsText(w: Line, known: number, flags: number, index: number): void {
  const short = (flags & 0x04) !== 0;
  if ((known & KNOWN.index) !== 0) {
    const rate = (known & (KNOWN.width | KNOWN.guard)) !== 0 ? htRate(index, (flags & 3) === 1, short) : 0;
    w.str(rate === 0 ? `MCS ${index} ` : `${rate.toFixed(1)} Mb/s MCS ${index} `);
  }
  if ((known & KNOWN.width) !== 0) w.str(`${HT_WIDTHS[flags & 3]!} `);
  if ((known & KNOWN.guard) !== 0) w.str(short ? 'short GI ' : 'long GI ');
  if ((known & KNOWN.format) !== 0) w.str((flags & 0x08) !== 0 ? 'greenfield ' : 'mixed ');
  if ((known & KNOWN.fec) !== 0) w.str((flags & 0x10) !== 0 ? 'LDPC FEC ' : 'BCC FEC ');
  if ((known & KNOWN.stbc) !== 0) w.str(`RX-STBC${(flags >> 5) & 3} `);
}
/** By number; U and L tell which part of the channel. tcpdump has one of them twice. */
const VHT_WIDTHS = [
  ...HT_WIDTHS,
  ...['', ' (L)', ' (U)', ' (LL)', ' (LU)', ' (UL)', ' (UU)'].map((part) => `80 MHz${part}`),
  ...['', ' (L)', ' (U)', ' (LL)', ' (LU)', ' (UL)', ' (UU)'].map((part) => `160 MHz${part}`),
  ...['LLL', 'LLU', 'LUL', 'UUU', 'ULL', 'ULU', 'UUL', 'UUU'].map((part) => `160 MHz (${part})`),
] as const;

export function vhtText(w: Line, bytes: Uint8Array, places: readonly number[]): void {
  const known = read16le(bytes, places[0]!);
  const [flags, width, coding] = [places[1]!, places[2]!, places[7]!].map((at) => read8(bytes, at)) as [
    number,
    number,
    number,
  ];
  for (let user = 0; user < 4; user++) {
    const scheme = read8(bytes, places[3 + user]!);
    if ((scheme & 0x0f) === 0) continue;
    w.str(`User ${user} MCS ${scheme >> 4} ${(coding & (1 << user)) !== 0 ? 'LDPC' : 'BCC'} FEC `);
  }
  if ((known & 0x0040) !== 0) w.str(`${VHT_WIDTHS[width & 0x1f] ?? `unknown (${width & 0x1f})`} `);
  if ((known & 0x0004) !== 0) w.str((flags & 0x04) !== 0 ? 'short GI ' : 'long GI ');
}
