import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Canvas, STROKES } from '../../ui/model/canvas.ts';
import { type Pane, span } from '../../ui/model/pane.ts';
import { columnsOf, filled, safe, shortened, shortenedPlace } from '../../ui/model/safe-text.ts';

const framed = (text: string, columns = 12): string[] => {
  const canvas = new Canvas({ columns, rows: 3 }, STROKES.unicode);
  const pane: Pane = { id: 'a', title: '', left: 0, top: 0, columns, rows: 3, focused: false, lines: [[span(text)]] };
  canvas.pane(pane);
  return canvas.toString().split('\n');
};

describe('text on the screen', () => {
  test.each([
    ['plain', 'plain'],
    ['tab\tbell\x07escape\x1b[31m', 'tab\\tbell\\x07escape\\x1b[31m'],
    ['\u202eright to left', '\\u{202e}right to left'],
    ['שלום', '\\u{5e9}\\u{5dc}\\u{5d5}\\u{5dd}'],
    ['a\u0301', 'a\\u{301}'],
    ['😀', '\\u{1f600}'],
    ['\u009b31m', '\\x9b31m'],
    ['日本語', '日本語'],
    ['grüße', 'grüße'],
  ])('%j is shown as %j', (text, shown) => expect(safe(text)).toBe(shown));

  test('wide letters take two columns, and none is cut in half', () => {
    expect(columnsOf('日本')).toBe(4);
    expect(shortened('日本語', 5)).toBe('日本…');
    expect(shortened('日本語', 4)).toBe('日…');
    expect(filled('日本', 6)).toBe('日本  ');
    expect(filled('7', 3, 'right')).toBe('  7');
  });
  test('of a device in a namespace with a long name the device is kept', () => {
    expect(shortenedPlace('router/lan', 10)).toBe('router/lan');
    expect(shortenedPlace('a-long-name/eth0', 12)).toBe('a-long…/eth0');
    expect(shortenedPlace('a-long-name/eth0', 5)).toBe('a-lo…');
    expect(shortenedPlace('enp0s31f6', 5)).toBe('enp0…');
  });
  test('whatever comes from the wire, no frame breaks', () => {
    const hostile = fc.string({ unit: 'binary', maxLength: 40 });
    fc.assert(
      fc.property(hostile, fc.integer({ min: 3, max: 30 }), (text, columns) => {
        const [top, middle, bottom] = framed(safe(text), columns) as [string, string, string];
        expect(top).toBe(`┌${'─'.repeat(columns - 2)}┐`);
        expect(bottom).toBe(`└${'─'.repeat(columns - 2)}┘`);
        expect(columnsOf(middle)).toBe(columns);
        expect(middle.startsWith('│') && middle.endsWith('│')).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
  test('what lies on top leaves no half of a wide letter beside it', () => {
    const canvas = new Canvas({ columns: 8, rows: 1 }, STROKES.unicode);
    canvas.line([span('日本語字')], 0, 0, 8);
    canvas.line([span('ab')], 0, 3, 5);
    expect(canvas.toString()).toBe('日 ab 字');
    expect(columnsOf(canvas.toString())).toBe(8);
  });
  test('behind a wide letter that does not fit stands nothing', () => {
    const canvas = new Canvas({ columns: 8, rows: 1 }, STROKES.unicode);
    canvas.line([span('a日'), span('b')], 0, 0, 2);
    expect(canvas.toString()).toBe('a');
  });
  test('a pane that is moved beyond the screen is cut', () => {
    const canvas = new Canvas({ columns: 6, rows: 2 }, STROKES.ascii);
    canvas.pane({ id: 'a', title: 'long title', left: 3, top: 1, columns: 9, rows: 5, focused: true, lines: [] });
    expect(canvas.toString()).toBe('\n   +-');
  });
});
