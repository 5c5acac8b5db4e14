import type { Frame } from '../../src/dissect/frame.ts';
import { FLAG, flagsOf } from './fields.ts';

/** Is the body of the 802.11 frame at depth `d` aligned to four bytes, as its radiotap header tells? */
export function isPadded(frame: Frame, d: number): boolean {
  const { registry } = frame;
  if (d < 2 || frame.layer[d - 2] !== registry.id('radiotap')) return false;
  return (flagsOf(frame.bytes, frame.from[d - 2]!, frame.limit(d - 2)) & FLAG.padded) !== 0;
}
