/** Words that may have been meant. */
import type { Registry } from '../dissect/registry.ts';

/** The known words nearest to a mistyped one: at most two edits away, and fewer for short words. */
export function nearest(word: string, known: Iterable<string>): string[] {
  if (word.length < 2 || word.length > 32) return [];
  const limit = word.length < 4 ? 1 : 2;
  const lower = word.toLowerCase();
  const found: { name: string; apart: number }[] = [];
  for (const name of known) {
    const prefix = name.length > word.length && name.startsWith(lower) ? 1 : limit + 1;
    const apart = Math.min(prefix, edits(lower, name, limit));
    if (apart <= limit) found.push({ name, apart });
  }
  // Of equally near words those come first that the caller put first.
  found.sort((a, b) => a.apart - b.apart);
  return found.slice(0, 2).map((entry) => entry.name);
}

/** Filter names that are spelt like one that nobody has, the likest first; also those that only lack their protocol. */
export function namesLike(registry: Registry, wanted: string): string[] {
  const most = Math.max(2, wanted.length >> 2);
  return [...registry.fields.keys()]
    .map((name) => ({ name, apart: edits(name, wanted, most) }))
    .filter(({ name, apart }) => apart <= most || name.endsWith(`.${wanted}`))
    .toSorted((a, b) => a.apart - b.apart)
    .slice(0, 5)
    .map(({ name }) => name);
}

/** Edits (insert, delete, replace, swap neighbours) from a to b, or more than `limit`. */
function edits(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1);
      row.push(cost);
    }
    before = above;
    above = row;
  }
  return above[b.length]!;
}
