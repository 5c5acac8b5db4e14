import { expect, test } from 'vitest';
import { protocols } from '../../dissectors/index.ts';
import { Frame, MARK } from '../../src/dissect/frame.ts';
import { Registry } from '../../src/dissect/registry.ts';
import { checkLayers } from '../../src/dissect/rows.ts';
import { underLens } from '../support/stack.ts';

const registry = new Registry(protocols);
const icmp = registry.id('icmp');
/** An IPv4 header that claims so many bytes behind it, of ICMP. */
const ip = (length: number): number[] => {
  const total = 20 + length;
  return [0x45, 0, total >> 8, total & 255, 0, 0, 0, 0, 64, 1, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2];
};
const ECHO = [8, 0, 0x12, 0x34, 0, 1, 0, 1, ...new Array<number>(40).fill(7)];

/** The marks of what an error quotes: an echo request of so many bytes, of which the first are there. */
function quotedMarks(length: number): number {
  const error = [3, 4, 0, 0, 0, 0, 5, 0xdc, ...ip(length), ...ECHO];
  const bytes = Uint8Array.from([...ip(error.length), ...error]);
  const frame = new Frame(registry);
  underLens(frame, bytes, 0, bytes.length, bytes.length).dissect(registry.id('ip'));
  checkLayers(frame);
  const layer = [...frame.layer].lastIndexOf(icmp, frame.depth - 1);
  expect(layer).toBe(3);
  return frame.marks[layer]! & MARK.badChecksum;
}
test('the checksum of what an error quotes is not wrong because the rest of it is missing', () => {
  expect(quotedMarks(1200)).toBe(0);
  expect(quotedMarks(ECHO.length)).toBe(MARK.badChecksum);
});
