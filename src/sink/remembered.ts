import type { Field } from '../bytes/field.ts';
import { type Literal, literal, Text } from '../bytes/text.ts';
import { hasPlainNumber } from '../dissect/value.ts';

/** One or more fields of a fixed header. */
export interface FixedPlan {
  /** Written if this much of the header was captured. */
  readonly end: number;
  /** The layer begins at `base`, the packet at `start`. */
  write(w: Text, bytes: Uint8Array, base: number, start: number): void;
}
/** So many texts of one group are kept. */
const MOST = 1 << 10;
const scratch = new Text();

/**
 * Joins small numbers with the bits that are parts of them: what is written of all of them depends on one number, and,
 * where `placed`, on where it stands; so the text is made once and kept.
 */
export function joined(fields: readonly Field[], alone: (field: Field) => FixedPlan, placed: boolean): FixedPlan[] {
  const plans: FixedPlan[] = [];
  for (let i = 0; i < fields.length; ) {
    const whole = fields[i]!;
    let next = i + 1;
    while (next < fields.length && fields[next]!.spec.part !== undefined && fields[next]!.distance === whole.distance)
      next++;
    const parts = fields.slice(i, next).map(alone);
    const few = whole.size <= 2 && hasPlainNumber(whole) && (whole.size === 1 || parts.length > 1);
    if (few) plans.push(remembered(whole, parts, placed));
    else plans.push(...parts);
    i = next;
  }
  return plans;
}
function remembered(whole: Field, parts: readonly FixedPlan[], placed: boolean): FixedPlan {
  const texts = new Map<number, Literal>();
  return {
    end: whole.distance + whole.size,
    write(w, bytes, base, start) {
      const value = whole.read(bytes, base);
      const key = placed ? (base - start) * 0x1_0000 + value : value;
      let text = texts.get(key);
      if (text === undefined) {
        scratch.at = 0;
        for (const part of parts) part.write(scratch, bytes, base, start);
        text = literal(scratch.toString());
        if (texts.size < MOST) texts.set(key, text);
      }
      w.put(text);
    },
  };
}
