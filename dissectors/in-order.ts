import type { Field } from '../src/bytes/field.ts';
import type { Visit } from '../src/dissect/protocol.ts';

/**
 * Reports fields that lie one after the other from `at`, as far as they fit before `end`; bits lie where the field
 * before them does. Returns where the next one would be, or `end` when one did not fit.
 */
export function inOrder(fields: readonly Field[], at: number, end: number, visit: Visit): number {
  let next = at;
  for (const field of fields) {
    const from = field.spec.part === undefined ? next : next - field.size;
    if (from + field.size > end) return end;
    visit(field, from, from + field.size);
    next = from + field.size;
  }
  return next;
}
