import { expect, test } from 'vitest';
import { putDec, putHexRow, putRowLabel } from '../../src/bytes/put.ts';

const buffer = new Uint8Array(128);
const view = new DataView(buffer.buffer);
const written = (end: number): string => Buffer.from(buffer.subarray(0, end)).toString('latin1');

test('decimal numbers of 32 bits, with or without their sign', () => {
  for (const n of [0, 9, 10, 9999, 10_000, 65_535, 99_999_999, 100_000_000, 2_147_483_648, 4_294_967_295]) {
    expect(written(putDec(view, 0, n))).toBe(String(n));
    expect(written(putDec(view, 0, n | 0))).toBe(String(n));
  }
});
test('the place of a row of a dump has a fifth digit beyond 64 KiB', () => {
  expect(written(putRowLabel(view, 0, 0x30))).toBe('0x0030: ');
  expect(written(putRowLabel(view, 0, 0xfff0))).toBe('0xfff0: ');
  expect(written(putRowLabel(view, 0, 0x1_0000))).toBe('0x10000: ');
  expect(written(putRowLabel(view, 0, 0x3_fff0))).toBe('0x3fff0: ');
});
test('a row of a dump ends with its last byte', () => {
  const bytes = Uint8Array.from({ length: 16 }, (_, i) => 0x10 + i);
  expect(written(putHexRow(view, 0, bytes, 0, 16))).toBe(' 1011 1213 1415 1617 1819 1a1b 1c1d 1e1f');
  expect(written(putHexRow(view, 0, bytes, 0, 3))).toBe(' 1011 12');
  expect(written(putHexRow(view, 0, bytes, 0, 2))).toBe(' 1011');
});
