import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NearNumbers } from '../../ui/model/near-numbers.ts';
import { RisingNumbers } from '../../ui/model/numbers.ts';

describe('numbers', () => {
  test('near ones and far ones are kept as they are', () => {
    const whole = fc.oneof(fc.integer(), fc.maxSafeInteger());
    fc.assert(
      fc.property(fc.array(whole, { minLength: 1, maxLength: 20 }), (values) => {
        const numbers = new NearNumbers(20);
        for (const [i, value] of values.entries()) numbers.set(i, value);
        expect(values.map((_, i) => numbers.get(i))).toEqual(values);
      }),
    );
  });
  test('rising ones are found by binary search, beyond 32 bits, and the oldest can go', () => {
    const numbers = new RisingNumbers();
    const value = (n: number) => 2 ** 33 + n * 3;
    for (let n = 0; n < 20_000; n++) numbers.add(value(n));
    for (const n of [0, 1, 4095, 4096, 19_999]) {
      expect([numbers.at(n), numbers.rank(value(n)), numbers.rank(value(n) + 1)]).toEqual([value(n), n, n + 1]);
    }
    expect([numbers.rank(0), numbers.rank(2 ** 40)]).toEqual([0, 20_000]);
    numbers.forget(value(10_000));
    expect(numbers.first).toBeGreaterThan(5000);
    expect(numbers.first).toBeLessThanOrEqual(10_000);
    expect([numbers.at(10_000), numbers.rank(value(10_000)), numbers.length]).toEqual([value(10_000), 10_000, 20_000]);
    numbers.forget(value(20_000));
    numbers.add(value(20_000));
    expect([numbers.at(20_000), numbers.rank(value(20_000))]).toEqual([value(20_000), 20_000]);
  });
});
