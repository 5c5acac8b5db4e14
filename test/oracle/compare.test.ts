/** The instruments themselves. */
import { describe, expect, test } from 'vitest';
import { splitPackets } from '../support/packets.ts';
import { classOf } from './difference.ts';
import { percent, Tally } from './tally.ts';

describe('splitting numbered text', () => {
  test('a packet goes on until the next number', () => {
    expect(splitPackets('    1  a\n\tb\n    2  c\n')).toEqual([undefined, 'a\n\tb', 'c']);
  });
  test('a line that looks like another number belongs to the packet', () => {
    expect(splitPackets('    1  a\n    7  b\n    2  c\n')).toEqual([undefined, 'a\n    7  b', 'c']);
  });
  test('a filter leaves packets out', () => {
    expect(splitPackets('    3  a\n    5  b\n', true)).toEqual([undefined, undefined, undefined, 'a', undefined, 'b']);
  });
  test('numbers grow out of their column', () => {
    const text = Array.from({ length: 100_001 }, (_, i) => `${String(i + 1).padStart(5)}  x\n`).join('');
    expect(splitPackets(text)).toHaveLength(100_002);
  });
});

test('differences in numbers only are of one class', () => {
  const one = classOf('IP 1.2.3.4 > 5.6.7.8: length 12', 'IP 1.2.3.4 > 5.6.7.8: length 13');
  expect(classOf('IP 9.9.9.9 > 5.6.7.8: length 1', 'IP 9.9.9.9 > 5.6.7.8: length 2')).toBe(one);
  expect(classOf('IP 9.9.9.9 > 5.6.7.8: len 1', 'IP 9.9.9.9 > 5.6.7.8: length 2')).not.toBe(one);
});

test('nearly all is not all', () => {
  const tally = new Tally();
  for (let i = 0; i < 100_000; i++) tally.add(i > 0);
  expect(percent(tally.ratio)).toBe('99.99 %');
});
