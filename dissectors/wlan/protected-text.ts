import type { Line } from '../../src/dissect/line.ts';

/** What precedes encrypted data: ` IV:123456 Pad 0 KeyID 1`. False when it is not there. */
export function protectedText(w: Line, at: number): boolean {
  if (!w.has(at, 4)) return false;
  const vector = w.u8(at) | (w.u8(at + 1) << 8) | (w.u8(at + 2) << 16);
  const last = w.u8(at + 3);
  w.str(` IV:${vector.toString(16).padStart(3)} Pad ${(last & 0x3f).toString(16)} KeyID ${last >> 6}`);
  return true;
}
