import type { Line } from '../src/dissect/line.ts';

/**
 * Writes our own words and decimal numbers one after the other. What comes from the wire as text goes through `w.textAt`.
 * All parts are read before the first is written: a cut in one of them leaves out all.
 */
export function say(w: Line, ...parts: readonly (string | number)[]): void {
  for (const part of parts) {
    if (typeof part === 'string') w.str(part);
    else w.signed(part);
  }
}
/** As C's `%x`, or `%04x` with a width of 4. */
export const hex = (value: number, width = 1): string => value.toString(16).padStart(width, '0');
/** The 64 bits at `at` as C's `%x`. */
export function hex64(w: Line, at: number): string {
  const high = w.u32(at);
  const low = w.u32(at + 4);
  return high === 0 ? hex(low) : hex(high) + hex(low, 8);
}
/** The 48 bits at `at`. */
export const u48At = (w: Line, at: number): number => w.u16(at) * 0x1_0000_0000 + w.u32(at + 2);
/** The 64 bits at `at` in decimal. */
export const dec64 = (w: Line, at: number): string => ((BigInt(w.u32(at)) << 32n) | BigInt(w.u32(at + 4))).toString();
/** The name of a value, or `fallback` with the value in decimal in place of `%`. */
export const nameOf = (names: Readonly<Record<number, string>>, value: number, fallback: string): string =>
  names[value] ?? fallback.replace('%', String(value));
/** The names of the bits that are set, in the order of `names`, or `none`. Masks may have all 32 bits. */
export function flagNames(
  names: readonly (readonly [mask: number, name: string])[],
  value: number,
  none: string,
  separator = ', ',
): string {
  const set = names.filter(([mask]) => (value & mask) >>> 0 === mask).map(([, name]) => name);
  return set.length === 0 ? none : set.join(separator);
}
/** Text padded with zeros to `size` bytes, escaped, without the padding. */
export function paddedText(w: Line, at: number, size: number): void {
  for (let i = 0; i < size; i++) {
    const code = w.u8(at + i);
    if (w.cut || code === 0) return;
    w.printableChar(code);
  }
}
/** `192.0.2.1`, from the four bytes at `at`. */
export function dotted(w: Line, at: number): string {
  const value = w.u32(at);
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}
/** An IEEE 754 number of 32 bits, which bandwidths are kept in. */
export function float32(w: Line, at: number): number {
  const four = new DataView(new ArrayBuffer(4));
  four.setUint32(0, w.u32(at));
  return four.getFloat32(0);
}
/** As C's `%.3f`. */
export function fixed3(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  return Math.abs(value) < 1e21 ? value.toFixed(3) : `${BigInt(value)}.000`;
}
/** A bandwidth in bytes a second, kept as a 32-bit number, in megabits a second. */
export const megabits = (w: Line, at: number): string =>
  `${fixed3(Math.fround(Math.fround(float32(w, at) * 8) / 1e6))} Mbps`;
