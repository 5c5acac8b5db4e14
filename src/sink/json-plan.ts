/** How the parts of a layer become JSON: worked out once for each protocol. */
import type { Field } from '../bytes/field.ts';
import { type Literal, literal } from '../bytes/text.ts';
import type { Computed, Protocol } from '../dissect/protocol.ts';
import { shownOf } from '../dissect/rows.ts';
import { computedJson, jsonWriter, type WriteComputed, type WriteField } from '../dissect/value.ts';
import { FieldPlans, type FixedPlan, joined } from './remembered.ts';

/** A field that may stand anywhere, and more than once: always an array. */
export interface VariablePlan {
  readonly field: Field;
  readonly key: Literal;
  readonly write: WriteField;
  /** The first and the last of its rows in the layer at hand; -1: none. */
  first: number;
  last: number;
}
export interface ComputedPlan {
  readonly key: Literal;
  readonly write: WriteComputed;
}
export interface LayerPlan {
  readonly begin: Literal;
  readonly fixed: readonly FixedPlan[];
  readonly variable: FieldPlans<VariablePlan>;
  readonly expand: Protocol['expand'];
  readonly computed: readonly ComputedPlan[];
}

const keyOf = (name: string, comma = ','): Literal => literal(`${comma}"${name}":`);
/** `comma`: what stands between the field and the one before it. */
export const computedPlan = (field: Computed, comma = ','): ComputedPlan => ({
  key: keyOf(field.name, comma),
  write: computedJson(field),
});

export function layerPlan(protocol: Protocol): LayerPlan {
  const variable = protocol.fields.filter((field) => field.distance < 0);
  return {
    begin: literal(`{"protocol":"${protocol.shownAs ?? protocol.name}"`),
    fixed: joined(
      protocol.fields.filter((field) => field.distance >= 0),
      alone,
      false,
    ),
    variable: new FieldPlans(
      variable.map((field) => ({ field, key: keyOf(field.name), write: jsonWriter(field), first: -1, last: -1 })),
    ),
    expand: protocol.expand,
    computed: shownOf(protocol).map((field) => computedPlan(field)),
  };
}
function alone(field: Field): FixedPlan {
  const key = keyOf(field.name);
  const write = jsonWriter(field);
  const { distance } = field;
  const end = distance + field.size;
  return {
    end,
    write(w, bytes, base) {
      w.put(key);
      write(w, bytes, base + distance, base + end, base);
    },
  };
}
