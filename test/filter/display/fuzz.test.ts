import { expect, test } from 'vitest';
import { fuzz } from './fuzz.ts';

test('random texts end as a filter or as an error that names a place', () => {
  const { filters, refused } = fuzz(4000, 3);
  expect(filters).toBe(4000);
  expect(refused).toBeLessThan(4000);
});
