import type { Field } from '../bytes/field.ts';

/**
 * What is to be done with each of some fields, found without hashing: a field knows its place in its header. Made when it
 * is first asked for, as a capture has few of the many fields that protocols declare.
 */
export class FieldPlans<Plan extends { readonly field: Field }> {
  readonly size: number;
  private readonly byIndex: Plan[] = [];
  /** Of other headers, whose places are taken. */
  private readonly others = new Map<Field, Plan>();
  private readonly fields: ReadonlySet<Field>;
  constructor(
    fields: readonly Field[],
    private readonly plan: (field: Field) => Plan,
  ) {
    this.size = fields.length;
    this.fields = new Set(fields);
  }
  get(field: Field): Plan | undefined {
    const plan = this.byIndex[field.index];
    if (plan !== undefined && plan.field === field) return plan;
    return this.others.get(field) ?? this.make(field);
  }
  private make(field: Field): Plan | undefined {
    if (!this.fields.has(field)) return undefined;
    const plan = this.plan(field);
    if (this.byIndex[field.index] === undefined) this.byIndex[field.index] = plan;
    else this.others.set(field, plan);
    return plan;
  }
}
