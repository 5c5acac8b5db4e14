import type { Frame } from '../../src/dissect/frame.ts';
import { FLAG, flagsOf } from './fields.ts';

/** Is the body of the 802.11 frame at depth `d` aligned to four bytes, as its radiotap header tells? */
export const isPadded = (frame: Frame, d: number): boolean => (flagsBelow(frame, d) & FLAG.padded) !== 0;
/** Does that header tell that a checksum follows the frame? */
export const hasChecksum = (frame: Frame, d: number): boolean => (flagsBelow(frame, d) & FLAG.checksum) !== 0;

function flagsBelow(frame: Frame, d: number): number {
  const { registry } = frame;
  if (d < 2 || frame.layer[d - 2] !== registry.id('radiotap')) return 0;
  return flagsOf(frame.bytes, frame.from[d - 2]!, frame.limit(d - 2));
}
