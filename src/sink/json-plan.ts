/** How the parts of a layer become JSON: worked out once for each protocol. */
import type { Field } from '../bytes/field.ts';
import { type Literal, literal } from '../bytes/text.ts';
import type { Computed, Protocol } from '../dissect/protocol.ts';
import { computedJson, hasPlainNumber, jsonWriter, type WriteComputed, type WriteField } from '../dissect/value.ts';
import { FieldPlans } from './field-plans.ts';
import type { Item, WriteRows } from './header-text.ts';
import { HeaderTexts } from './header-texts.ts';
import { wayOf } from './way.ts';

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
/** A field of the fixed header. */
export interface FixedPlan {
  /** Where it ends in the header. */
  readonly end: number;
  readonly write: WriteRows;
}
export interface LayerPlan {
  readonly begin: Literal;
  /** Of the fixed header, which ends at {@link fixedEnd}, with what stands in front of it. */
  readonly headers: HeaderTexts;
  readonly fixed: readonly FixedPlan[];
  readonly fixedEnd: number;
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
  const fixed = protocol.fields.filter((field) => field.distance >= 0);
  const begin = `{"protocol":"${protocol.shownAs ?? protocol.name}"`;
  const headers = new HeaderTexts(fixed, {
    first: () => [begin],
    cell,
    row: (field) => alone(field).write,
    last: () => [],
  });
  return {
    begin: literal(begin),
    headers,
    fixed: fixed.map(alone),
    fixedEnd: Math.max(0, ...fixed.map(({ distance, size }) => distance + size)),
    variable: new FieldPlans(
      variable.map((field) => ({ field, key: keyOf(field.name), write: jsonWriter(field), first: -1, last: -1 })),
    ),
    expand: protocol.expand,
    computed: (protocol.computed ?? []).map((field) => computedPlan(field)),
  };
}
function cell(field: Field, whole: Field): Item[] {
  const { distance, size, name } = field;
  const way = wayOf(field, whole, true);
  // Addresses are text; what is written without a known way has its own quotes.
  const quote = way === undefined || hasPlainNumber(field) ? '' : '"';
  return [`,"${name}":${quote}`, { way, write: jsonWriter(field), distance, size }, quote];
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
