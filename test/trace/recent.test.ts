import { expect, test } from 'vitest';
import { Recent } from '../../src/trace/recent.ts';

const MOST = 10;

test('what was set last is remembered, and what was set long ago is not', () => {
  const recent = new Recent<string, number>(MOST);
  for (let i = 0; i < 100 * MOST; i++) {
    recent.set(`key ${i}`, i);
    for (let back = 0; back < MOST && back <= i; back++) expect(recent.get(`key ${i - back}`)).toBe(i - back);
    expect(recent.get(`key ${i - 2 * MOST}`)).toBeUndefined();
  }
});
test('what is set again has its last value, and is kept', () => {
  const recent = new Recent<string, number>(MOST);
  for (let i = 0; i < 5 * MOST; i++) {
    recent.set('always', i);
    recent.set(`other ${i}`, 0);
    expect(recent.get('always')).toBe(i);
  }
});
