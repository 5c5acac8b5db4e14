import { expect, test } from 'vitest';
import { inParts } from '../../src/cli/trace/in-parts.ts';

test('between parts of what is written there is time to see what comes', async () => {
  const numbers = Array.from({ length: 1001 }, (_, i) => i);
  const written: number[] = [];
  const looks: number[] = [];
  await inParts(
    numbers,
    async (part) => {
      await Promise.resolve();
      written.push(...part);
    },
    () => looks.push(written.length),
  );
  expect(written).toEqual(numbers);
  expect(looks.at(-1)).toBe(numbers.length);
  expect(Math.max(...looks.map((at, i) => at - (looks[i - 1] ?? 0)))).toBeLessThanOrEqual(250);
  await inParts(
    [],
    () => Promise.reject(new Error('nothing is to be written')),
    () => looks.push(-1),
  );
  expect(looks).not.toContain(-1);
});
