import { expect, test } from 'vitest';
import type { Bytes } from '../../src/capture/bytes.ts';
import { Window } from '../../src/capture/window.ts';

/** Bytes 0, 1, 2, … up to `size`, at most `most` at a time; `waits` gives them in promises. */
function counting(size: number, most: number, waits: boolean): Bytes {
  let position = 0;
  return {
    size: undefined,
    read(into, at) {
      const count = Math.min(most, size - position, into.length - at);
      for (let i = 0; i < count; i++) into[at + i] = position++;
      return waits ? Promise.resolve(count) : count;
    },
    stop() {},
    async [Symbol.asyncDispose]() {},
  };
}

test('what can be read at once is not promised', () => {
  const window = new Window(counting(100, 10, false));
  expect(window.reach(0, 25, false)).toBe(true);
  expect([window.from, window.to]).toEqual([0, 30]);
  expect(window.reach(90, 10, false)).toBe(true);
  expect(window.bytes[window.from]).toBe(90);
  expect(window.reach(95, 10, false)).toBe(false);
  expect(window.end).toBe(100);
});

test('what has to be waited for is promised, and comes to the same', async () => {
  const window = new Window(counting(100, 10, true));
  const first = window.reach(0, 25, false);
  expect(first).toBeInstanceOf(Promise);
  expect(await first).toBe(true);
  expect([window.from, window.to]).toEqual([0, 30]);
  expect(window.reach(10, 20, false)).toBe(true);
  expect(window.from).toBe(10);
  expect(await window.reach(90, 10, false)).toBe(true);
  expect(window.bytes[window.from]).toBe(90);
  expect(await window.reach(95, 10, false)).toBe(false);
  expect(window.end).toBe(100);
});
