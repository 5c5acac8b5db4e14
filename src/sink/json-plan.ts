/** How the parts of a layer become JSON: worked out once for each protocol. */
import type { Field } from '../bytes/field.ts';
import { read8 } from '../bytes/kind.ts';
import { type Literal, literal } from '../bytes/text.ts';
import type { Computed, Protocol } from '../dissect/protocol.ts';
import { shownOf } from '../dissect/rows.ts';
import { computedJson, hasPlainNumber, jsonWriter, type WriteComputed, type WriteField } from '../dissect/value.ts';
import { type Bit, bitGroups, bitsFirst } from './bit-groups.ts';
import { FieldPlans } from './field-plans.ts';
import type { Item, WriteRows } from './header-text.ts';
import { HeaderTexts } from './header-texts.ts';
import { type Way, wayOf } from './way.ts';

/** A field that may stand anywhere, and more than once: always an array. */
export interface VariablePlan {
  readonly field: Field;
  /** The name, and what opens the array. */
  readonly begin: Literal;
  /** How a value is written, between {@link quote}s; undefined: by {@link write}, with quotes of its own. */
  readonly way: Way | undefined;
  readonly quote: Literal;
  readonly write: WriteField;
  /** The first and the last of its rows in the layer at hand; -1: none. */
  first: number;
  last: number;
}
export interface ComputedPlan {
  readonly key: Literal;
  /** A number, and nothing but {@link value} tells it. */
  readonly isNumber: boolean;
  readonly value: Computed['value'];
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
  /** So many of {@link computed}, the first, stand in {@link headers}. */
  readonly inHeader: number;
}

const keyOf = (name: string, comma = ','): Literal => literal(`${comma}"${name}":`);
/** `comma`: what stands between the field and the one before it. */
export const computedPlan = (field: Computed, comma = ','): ComputedPlan => ({
  key: keyOf(field.name, comma),
  isNumber: field.type === 'number' && field.write === undefined,
  value: field.value,
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
    last: () => bitGroups(protocol, bitRow),
  });
  return {
    begin: literal(begin),
    headers,
    fixed: fixed.map(alone),
    fixedEnd: Math.max(0, ...fixed.map(({ distance, size }) => distance + size)),
    variable: new FieldPlans(variable, variablePlan),
    expand: protocol.expand,
    computed: shownOf(protocol).map((field) => computedPlan(field)),
    inHeader: bitsFirst(protocol),
  };
}
/** How a value is written, and what stands on both sides of it. */
function partsOf(field: Field, whole: Field): { way: Way | undefined; write: WriteField; quote: string } {
  const way = wayOf(field, whole, true);
  // Addresses are text; what is written without a known way has its own quotes.
  return { way, write: jsonWriter(field), quote: way === undefined || hasPlainNumber(field) ? '' : '"' };
}
function variablePlan(field: Field): VariablePlan {
  const { way, write, quote } = partsOf(field, field);
  return { field, begin: literal(`,"${field.name}":[`), way, write, quote: literal(quote), first: -1, last: -1 };
}
const bitRow = ({ name }: Computed, { of, mask }: Bit): WriteRows => {
  const [zero, one] = [0, 1].map((value) => literal(`,"${name}":${value}`));
  return (w, bytes, base) => w.put((read8(bytes, base + of.distance) & mask) === 0 ? zero! : one!);
};
function cell(field: Field, whole: Field): Item[] {
  const { distance, size, name } = field;
  const { way, write, quote } = partsOf(field, whole);
  return [`,"${name}":${quote}`, { way, write, distance, size }, quote];
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
