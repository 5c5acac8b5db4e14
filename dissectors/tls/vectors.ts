import type { Field } from '../../src/bytes/field.ts';
import type { Visit } from '../../src/dissect/protocol.ts';

/** Visits one number of a fixed size; returns where it ends, or `end` when it was not whole. */
export function visitNumber(field: Field, at: number, end: number, visit: Visit): number {
  if (at + field.size > end) return end;
  visit(field, at, at + field.size);
  return at + field.size;
}
/** Visits a length and gives its content's place to `each`, cut at `end`; returns where the content ends. */
export function visitVector(
  length: Field,
  bytes: Uint8Array,
  at: number,
  end: number,
  visit: Visit,
  each: (from: number, to: number) => void,
): number {
  const from = visitNumber(length, at, end, visit);
  if (from === end) return end;
  const to = Math.min(from + length.read(bytes, at), end);
  if (to > from) each(from, to);
  return to;
}
/** Visits numbers of one kind, as many as are whole. */
export function visitAll(field: Field, from: number, to: number, visit: Visit): void {
  for (let at = from; at + field.size <= to; at += field.size) visit(field, at, at + field.size);
}
