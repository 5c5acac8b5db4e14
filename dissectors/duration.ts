import type { Line } from '../src/dissect/line.ts';

const UNITS = [
  [31_536_000, 'y'],
  [604_800, 'w'],
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'm'],
  [1, 's'],
] as const;

/** Seconds as `1h30m`. */
export function durationText(w: Line, seconds: number): void {
  if (seconds === 0) w.str('0s');
  let rest = seconds;
  for (const [size, name] of UNITS) {
    if (rest < size) continue;
    w.dec(Math.floor(rest / size));
    w.str(name);
    rest %= size;
  }
}
