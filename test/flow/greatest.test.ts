import { expect, test } from 'vitest';
import { greatest } from '../../src/flow/greatest.ts';

test('the greatest are what sorting all of them gives first', () => {
  // Few values, so that many are equal.
  const values = Array.from({ length: 60 }, (_, i) => ((i * 7919) % 31) % 9);
  const rows = values.map((_, row) => row);
  for (const most of [0, 1, 2, 5, 17, 59, 60, 100])
    for (const ascending of [false, true]) {
      const sign = ascending ? 1 : -1;
      const sorted = rows.toSorted((a, b) => sign * (values[a]! - values[b]!) || a - b);
      expect(greatest(values.length, most, (row) => values[row]!, ascending)).toEqual(sorted.slice(0, most));
    }
});
