import { describe, expect, test } from 'vitest';
import { columnSets } from '../../ui/columns.ts';
import { chartLines } from '../../ui/model/chart-lines.ts';
import { Doings, type Parts } from '../../ui/model/doings.ts';
import { keyHints } from '../../ui/model/help.ts';
import { byteAt, bytesInRow, hexLines } from '../../ui/model/hex.ts';
import { ListPlace } from '../../ui/model/list.ts';
import type { Line } from '../../ui/model/pane.ts';
import { sparkline } from '../../ui/model/sparkline.ts';
import { elapsed, short } from '../../ui/model/times.ts';

const text = (line: Line): string => line.map((each) => each.text).join('');

describe('bytes', () => {
  const bytes = Uint8Array.from({ length: 20 }, (_, i) => 0x30 + i);
  test('stand in rows, those that are meant in one run', () => {
    const [first, second, ...rest] = hexLines(bytes, 0, 5, 16, 14, 18);
    expect(text(first!)).toBe('0000  30 31 32 33 34 35 36 37  38 39 3a 3b 3c 3d 3e 3f  0123456789:;<=>?');
    expect(text(second!)).toBe('0010  40 41 42 43                                       @ABC');
    expect(rest).toEqual([]);
    const meant = [...first!, ...second!].filter(({ style }) => style === 'place').map((each) => each.text);
    expect(meant.join('|')).toBe('3e| |3f|>|?|40| |41|@|A');
  });
  test('a click finds the byte under it, as number and as letter', () => {
    const line = text(hexLines(bytes, 0, 1, 16, 0, 0)[0]!);
    expect(byteAt(line.indexOf('39'), 0, 16)).toBe(9);
    expect(byteAt(line.indexOf(';'), 0, 16)).toBe(11);
    expect(byteAt(4, 0, 16)).toBeUndefined();
    expect(byteAt(line.indexOf('33'), 2, 16)).toBe(35);
  });
  test.each([
    [40, 8],
    [75, 16],
    [150, 32],
  ])('%d columns hold %d in a row', (columns, count) => expect(bytesInRow(columns)).toBe(count));
});
describe('a place in a list', () => {
  test('stays on the screen and in the list', () => {
    const place = new ListPlace();
    place.fit(100, 10);
    for (const [action, selected] of [
      ['up', 0],
      ['down', 1],
      ['page-down', 11],
      ['last', 99],
      ['down', 99],
      ['page-up', 89],
      ['first', 0],
    ] as const) {
      place.act(action, 100);
      place.fit(100, 10);
      expect([action, place.selected]).toEqual([action, selected]);
      expect(place.selected).toBeGreaterThanOrEqual(place.top);
      expect(place.selected).toBeLessThan(place.top + 10);
    }
  });
  test('at the end it follows what comes, until one moves', () => {
    const place = new ListPlace();
    place.act('last', 5);
    place.fit(9, 3);
    expect([place.selected, place.top]).toEqual([8, 6]);
    place.act('up', 9);
    place.fit(20, 3);
    expect(place.selected).toBe(7);
  });
  test('an empty list has a place, too', () => {
    const place = new ListPlace();
    place.act('last', 0);
    place.fit(0, 5);
    expect([place.selected, place.top]).toEqual([0, 0]);
  });
});
describe('numbers', () => {
  test.each([
    [0, '0'],
    [999, '999'],
    [1000, '1.00k'],
    [12_345, '12.3k'],
    [999_999, '1.00M'],
    [123_456_789, '123M'],
    [0.4, '0.4'],
  ])('%d is short for %s', (value, shown) => expect(short(value)).toBe(shown));
  test.each([
    [1, 500_000_000, '1.500000'],
    [0, -1_000, '-0.000001'],
    [-1, 999_999_000, '-0.000001'],
  ])('%d s and %d ns are %s', (seconds, nanos, shown) => expect(elapsed(seconds, nanos)).toBe(shown));
});
describe('curves without dots', () => {
  test('the greatest reaches the top, nothing is empty', () => {
    const chart = {
      curves: [{ label: 'a', style: 'good' as const, values: [0, 1, 2, 4] }],
      from: '-4 s',
      to: 'now',
      format: short,
    };
    expect(chartLines(chart, { columns: 16, rows: 5 }).map(text)).toEqual([
      '      4|      ##',
      '       |      ##',
      '       |    ####',
      '      0|  ######',
      '        -4 s now',
    ]);
    expect(sparkline([0, 1, 2, 8], 6, true)).toBe('   ▁▂█');
    expect(sparkline([0, 1, 2, 8], 3, false)).toBe('_.#');
  });
});
test('the lower line has as many keys as there is room for, and none of them is cut', () => {
  expect(text(keyHints('packets', 80))).toBe(
    ' ? help  q quit  enter open  escape back  / filter  f filter by  F all  t trace ',
  );
  expect(text(keyHints('packets', 120))).toContain(' t trace  w save ');
});
test('packets of several devices are told apart by them, and leave room for what they say', () => {
  const first = (columns: number, several: boolean) => columnSets(columns, several)[0]!;
  expect(first(118, true)).toEqual(['number', 'time', 'device', 'way', 'protocol', 'info']);
  expect(first(200, true)).toContain('destination');
  expect(first(118, false)).not.toContain('device');
  for (const columns of [78, 118, 298])
    for (const several of [true, false]) expect(new Set(columnSets(columns, several)).size).toBe(4);
});
test('that all packets were gone through is drawn, also when the last ones did not match', () => {
  const listed = { version: 3, progress: 0.7 as number | undefined };
  const deeds = new Doings({ store: { version: 5, state: 'live' }, listed } as unknown as Parts);
  const { version } = deeds;
  listed.progress = undefined;
  expect(deeds.version).not.toBe(version);
});
