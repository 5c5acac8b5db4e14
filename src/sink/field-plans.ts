import type { Field } from '../bytes/field.ts';

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
