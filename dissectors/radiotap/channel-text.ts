import type { Line } from '../../src/dissect/line.ts';
import { BIT } from './fields.ts';

const FLAG = {
  turbo: 0x10,
  cck: 0x20,
  ofdm: 0x40,
  ghz2: 0x80,
  ghz5: 0x100,
  dynamic: 0x400,
  gfsk: 0x800,
  half: 0x4000,
  quarter: 0x8000,
  ht20: 0x1_0000,
  ht40up: 0x2_0000,
  ht40down: 0x4_0000,
} as const;

/** `2412 MHz 11g `; the number of the standard follows from the flags. */
export function channelText(w: Line, frequency: number, flags: number, present: number): void {
  const has = (...wanted: readonly number[]): boolean => wanted.every((flag) => (flags & flag) !== 0);
  w.str(`${frequency} MHz`);
  if ((present & (1 << BIT.mcs)) !== 0) w.str(' 11n');
  else {
    const width = has(FLAG.half) ? '/10Mhz' : has(FLAG.quarter) ? '/5Mhz' : '';
    if (has(FLAG.ghz2, FLAG.gfsk)) w.str(' FHSS');
    if (has(FLAG.ghz5, FLAG.ofdm)) w.str(` 11a${width}`);
    if (has(FLAG.ghz2, FLAG.ofdm) || has(FLAG.ghz2, FLAG.dynamic)) w.str(` 11g${width}`);
    else if (has(FLAG.ghz2, FLAG.cck)) w.str(' 11b');
    if (has(FLAG.turbo)) w.str(' Turbo');
  }
  if (has(FLAG.ht20)) w.str(' ht/20');
  else if (has(FLAG.ht40down)) w.str(' ht/40-');
  else if (has(FLAG.ht40up)) w.str(' ht/40+');
  w.char(0x20);
}
