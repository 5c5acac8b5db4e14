/** Type-length-value records, as most routing protocols have them. */
import type { Field } from '../src/bytes/field.ts';
import type { Visit } from '../src/dissect/protocol.ts';

export interface Records {
  readonly type: Field;
  readonly length: Field;
  /** The length counts the type and itself, too. */
  readonly whole?: boolean;
  /** Records begin at multiples of so many bytes from the first one. */
  readonly align?: number;
}
/** Reports type and length of each record in `[from, end)` and lets `value` report what is in it. */
export function recordRows(
  { type, length, whole = false, align = 1 }: Records,
  bytes: Uint8Array,
  from: number,
  end: number,
  visit: Visit,
  value: (type: number, from: number, to: number) => void,
): void {
  const head = type.size + length.size;
  for (let at = from; at + head <= end; ) {
    visit(type, at, at + type.size);
    visit(length, at + type.size, at + head);
    const to = at + length.read(bytes, at + type.size) + (whole ? 0 : head);
    if (to < at + head || to > end) return;
    if (to > at + head) value(type.read(bytes, at), at + head, to);
    at = from + Math.ceil((to - from) / align) * align;
  }
}
/** Reports one field again and again, as often as it fits. Returns where it no longer did. */
export function repeatedRows(field: Field, from: number, to: number, visit: Visit): number {
  let at = from;
  for (; at + field.size <= to && field.size > 0; at += field.size) visit(field, at, at + field.size);
  return at;
}
