/** How the parts of a layer are shown in a tree: worked out once for each protocol. */
import type { Field } from '../bytes/field.ts';
import { type Literal, literal, type Text } from '../bytes/text.ts';
import type { Computed, Protocol } from '../dissect/protocol.ts';
import { shownOf } from '../dissect/rows.ts';
import { computedWriter, valueWriter, type WriteComputed, type WriteField } from '../dissect/value.ts';
import { FieldPlans, type FixedPlan, joined } from './remembered.ts';

export interface FieldPlan {
  readonly field: Field;
  /** What stands in front of the value. */
  readonly begin: Literal;
  /** The value, with its name where it has one, and its unit. */
  readonly write: WriteField;
  /** Behind the place: the filter name. */
  readonly end: Literal;
}
export interface ComputedPlan {
  readonly isBytes: boolean;
  /** Where the value comes from. */
  readonly place: Computed['place'];
  readonly begin: Literal;
  readonly write: WriteComputed;
  readonly unit: Literal;
  readonly end: Literal;
}
export interface LayerPlan {
  readonly title: Literal;
  readonly name: Literal;
  readonly fixed: readonly FixedPlan[];
  readonly variable: FieldPlans<FieldPlan>;
  readonly expand: Protocol['expand'];
  readonly computed: readonly ComputedPlan[];
}

export function layerPlan(protocol: Protocol): LayerPlan {
  const { title, name, shownAs, fields, expand } = protocol;
  const variable = fields.filter((field) => field.distance < 0);
  return {
    title: literal(`${title} [`),
    name: literal(`] ${shownAs ?? name}`),
    fixed: joined(
      fields.filter((field) => field.distance >= 0),
      alone,
      true,
    ),
    variable: new FieldPlans(variable.map(fieldPlan)),
    expand,
    computed: shownOf(protocol).map(computedPlan),
  };
}
const unitOf = (unit: string | undefined): string => (unit === undefined ? '' : ` ${unit}`);
export function fieldPlan(field: Field): FieldPlan {
  const { label, part } = field.spec;
  return {
    field,
    begin: literal(`${part === undefined ? '  ' : '    '}${label}: `),
    write: shownWriter(field),
    end: literal(`] ${field.name}\n`),
  };
}
const PLACE = literal(' [');
const DASH = 0x2d;
/** A field with its value, its place, counted from `start`, and its name. */
export function writeRow(
  w: Text,
  plan: FieldPlan,
  bytes: Uint8Array,
  from: number,
  to: number,
  base: number,
  start: number,
): void {
  w.put(plan.begin);
  plan.write(w, bytes, from, to, base);
  w.put(PLACE);
  w.dec(from - start);
  w.char(DASH);
  w.dec(to - start);
  w.put(plan.end);
}
/** Headers begin at few places of a packet: so far what stands behind a value is kept. */
const PLACES = 512;
function alone(field: Field): FixedPlan {
  const { begin, write, end: name } = fieldPlan(field);
  const { distance } = field;
  const end = distance + field.size;
  const behind: Literal[] = [];
  return {
    end,
    write(w, bytes, base, start) {
      w.put(begin);
      write(w, bytes, base + distance, base + end, base);
      const at = base - start;
      const known = behind[at];
      if (known !== undefined) {
        w.put(known);
        return;
      }
      const made = literal(` [${at + distance}-${at + end}${name.text}`);
      if (at < PLACES) behind[at] = made;
      w.put(made);
    },
  };
}
/** Everything that is asked of each packet stands in plans: V8 looks fields of one shape up at once, declarations have many. */
export const computedPlan = (field: Computed): ComputedPlan => ({
  isBytes: field.type === 'bytes',
  place: field.place,
  begin: literal(`  ${field.label}: `),
  write: computedWriter(field, ', '),
  unit: literal(unitOf(field.unit)),
  end: literal(` ${field.name}\n`),
});
/** `UDP (17)`, `64 hops`. */
function shownWriter(field: Field): WriteField {
  const { names, unit, kind, part } = field.spec;
  const write = valueWriter(field);
  const isNumber = kind.read !== undefined || part !== undefined;
  const hasNames = names !== undefined && isNumber;
  if (!hasNames && unit === undefined) return write;
  const behind = literal(unitOf(unit));
  if (!hasNames)
    return (w, bytes, from, to, base) => {
      write(w, bytes, from, to, base);
      w.put(behind);
    };
  const named = new Map(Object.entries(names).map(([value, name]) => [Number(value), literal(`${name} (`)]));
  const back = Math.max(0, field.distance);
  return (w, bytes, from, to, base) => {
    const name = named.get(field.read(bytes, from - back));
    if (name !== undefined) w.put(name);
    write(w, bytes, from, to, base);
    if (name !== undefined) w.char(0x29);
    if (unit !== undefined) w.put(behind);
  };
}
