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
/** What is to be done with each of some fields, found without hashing: a field knows its place in its header. */
export class FieldPlans<Plan extends { readonly field: Field }> {
  readonly size: number;
  private readonly byIndex: Plan[] = [];
  /** Of other headers, whose places are taken. */
  private readonly others = new Map<Field, Plan>();
  constructor(plans: readonly Plan[]) {
    this.size = plans.length;
    for (const plan of plans)
      if (this.byIndex[plan.field.index] === undefined) this.byIndex[plan.field.index] = plan;
      else this.others.set(plan.field, plan);
  }
  get(field: Field): Plan | undefined {
    const plan = this.byIndex[field.index];
    return plan !== undefined && plan.field === field ? plan : this.others.get(field);
  }
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
  const texts = new Texts();
  const octet = whole.size === 1;
  return {
    end: whole.distance + whole.size,
    write(w, bytes, base, start) {
      const value = whole.read(bytes, base);
      const place = placed ? base - start : 0;
      // Most headers of one byte are found at few places.
      const small = octet && place < PLACES ? (texts.small[place] ??= new Array<Literal | undefined>(256)) : undefined;
      const key = place * 0x1_0000 + value;
      const text = small === undefined ? texts.others.get(key) : small[value];
      if (text !== undefined) {
        w.put(text);
        return;
      }
      scratch.at = 0;
      for (const part of parts) part.write(scratch, bytes, base, start);
      w.put(texts.keep(key, value, small, literal(scratch.toString())));
    },
  };
}
const PLACES = 128;
class Texts {
  /** By place, then by value: V8 would hash one long array with so many gaps. */
  readonly small: (Literal | undefined)[][] = [];
  readonly others = new Map<number, Literal>();
  private count = 0;
  keep(key: number, value: number, small: (Literal | undefined)[] | undefined, text: Literal): Literal {
    if (this.count++ > MOST) return text;
    if (small !== undefined) small[value] = text;
    else this.others.set(key, text);
    return text;
  }
}
