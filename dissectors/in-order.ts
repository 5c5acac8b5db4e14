import type { Field } from '../src/bytes/field.ts';
import type { Visit } from '../src/dissect/protocol.ts';

/**
 * Reports fields that lie one after the other from `at`, as far as they fit before `end`; bits lie where the field
 * before them does, and one without a size takes what is left. Returns where the next one would be, or `end` when one
 * did not fit.
 */
export function inOrder(fields: readonly Field[], at: number, end: number, visit: Visit): number {
  let next = at;
  for (const field of fields) {
    const from = field.spec.part === undefined ? next : next - field.size;
    const to = field.size === 0 ? end : from + field.size;
    if (to > end) return end;
    if (to > from) visit(field, from, to);
    next = to;
  }
  return next;
}
