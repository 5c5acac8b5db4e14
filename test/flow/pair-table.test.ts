import { describe, expect, test } from 'vitest';
import { PairTable } from '../../src/flow/pair-table.ts';

describe('a table of pairs', () => {
  test('keeps two numbers for each key of three words', () => {
    const table = new PairTable(1 << 18);
    // More than fit at first, and keys that differ in one word only.
    for (let n = 0; n < 3000; n++) {
      const at = table.find(n % 7, -n, 5);
      expect(table.isNew).toBe(true);
      expect([table.values[at], table.values[at + 1]]).toEqual([0, 0]);
      table.values[at] = n;
      table.values[at + 1] = ~n;
    }
    for (let n = 0; n < 3000; n++) {
      const at = table.find(n % 7, -n, 5);
      expect(table.isNew).toBe(false);
      expect([table.values[at], table.values[at + 1]]).toEqual([n, ~n]);
    }
    table.find(0, 0, 6);
    expect(table.isNew).toBe(true);
    expect(table.evicted).toBe(0);
  });
  test('takes zeros for a key as any other', () => {
    const table = new PairTable(16);
    const at = table.find(0, 0, 0);
    expect(table.isNew).toBe(true);
    expect(table.find(0, 0, 0)).toBe(at);
    expect(table.isNew).toBe(false);
  });
  test('forgets what was not seen for the longest time, counts it, and keeps what was seen again', () => {
    const table = new PairTable(16);
    const kept = table.find(1, 2, 3);
    table.values[kept] = 4711;
    for (let n = 0; n < 100_000; n++) {
      table.find(n, n, n);
      const at = table.find(1, 2, 3);
      expect(table.isNew).toBe(false);
      expect(table.values[at]).toBe(4711);
    }
    expect(table.evicted).toBeGreaterThan(90_000);
    table.find(0, 0, 0);
    expect(table.isNew).toBe(true);
  });
});
