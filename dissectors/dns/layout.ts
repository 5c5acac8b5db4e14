import { Field } from '../../src/bytes/field.ts';
import type { Visit } from '../../src/dissect/protocol.ts';
import { nameKind, skipName } from './name.ts';

/** A field, or a length and the value of that length. */
export type Item = Field | readonly [length: Field, value: Field];
/** What a record's data holds, in wire order; `again` is repeated to the end. */
export interface Layout {
  readonly items: readonly Item[];
  readonly again?: readonly Item[];
}
/** Reports the fields of the data at `[at, end)`; returns the place behind them. */
export type Walk = (bytes: Uint8Array, at: number, end: number, visit: Visit) => number;

/** Reports items from `at` on, as far as they fit before `end`. Returns where they end; -1 when one did not fit. */
export function visitItems(bytes: Uint8Array, items: readonly Item[], at: number, end: number, visit: Visit): number {
  let next = at;
  for (const item of items) {
    if (!(item instanceof Field)) next = visitCounted(bytes, item, next, end, visit);
    else {
      const from = item.spec.part === undefined ? next : next - item.size;
      const to = endOf(item, bytes, from, end);
      if (to < 0 || to > end) return -1;
      if (to > from) visit(item, from, to);
      next = to;
    }
    if (next < 0) return -1;
  }
  return next;
}
function endOf(field: Field, bytes: Uint8Array, from: number, end: number): number {
  if (field.size > 0) return from + field.size;
  return field.spec.kind === nameKind ? skipName(bytes, from, end) : end;
}
function visitCounted(
  bytes: Uint8Array,
  [length, value]: readonly [Field, Field],
  at: number,
  end: number,
  visit: Visit,
): number {
  const from = at + length.size;
  if (from > end) return -1;
  visit(length, at, from);
  const to = from + length.read(bytes, at);
  if (to > end) return -1;
  visit(value, from, to);
  return to;
}
export const walk =
  ({ items, again }: Layout): Walk =>
  (bytes, at, end, visit) => {
    let next = visitItems(bytes, items, at, end, visit);
    if (again === undefined) return next;
    while (next >= 0 && next < end) next = visitItems(bytes, again, next, end, visit);
    return next;
  };
export const items = (...list: Item[]): Walk => walk({ items: list });
export const repeated = (...list: Item[]): Walk => walk({ items: [], again: list });

/** A run of type, length and value; `values` says what the value holds. */
export const tagged =
  (type: Field, length: Field, values: Readonly<Record<number, Walk>>, other: Field): Walk =>
  (bytes, at, end, visit) => {
    const unknown = items(other);
    let next = at;
    while (next < end) {
      const from = next + 4;
      if (from > end) return -1;
      visit(type, next, next + 2);
      visit(length, next + 2, from);
      const to = from + length.read(bytes, next + 2);
      const inside = Math.min(to, end);
      if ((values[type.read(bytes, next)] ?? unknown)(bytes, from, inside, visit) < 0 || to > end) return -1;
      next = to;
    }
    return next;
  };
