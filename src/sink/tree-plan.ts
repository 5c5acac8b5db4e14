/** How the parts of a layer are shown in a tree: worked out once for each protocol. */
import type { Field } from '../bytes/field.ts';
import { read8 } from '../bytes/kind.ts';
import { putDec, putLiteral } from '../bytes/put.ts';
import { type Literal, literal, type Text } from '../bytes/text.ts';
import type { Computed, Protocol } from '../dissect/protocol.ts';
import { shownOf } from '../dissect/rows.ts';
import { computedWriter, valueWriter, type WriteComputed, type WriteField } from '../dissect/value.ts';
import { type Bit, bitGroups, bitsFirst } from './bit-groups.ts';
import { FieldPlans } from './field-plans.ts';
import { END, type Value, type WriteRows } from './header-text.ts';
import { HeaderTexts, type Wording } from './header-texts.ts';
import { putValue, type Way, wayOf } from './way.ts';

export interface FieldPlan {
  readonly field: Field;
  /** What stands in front of the value. */
  readonly begin: Literal;
  /** How the value is written, with its name where it has one, but without its unit; undefined: by {@link write} alone. */
  readonly way: Way | undefined;
  /** The value, with its name where it has one, and its unit. */
  readonly write: WriteField;
  /** The unit, where {@link write} is not asked for it, and what opens the place. */
  readonly behind: Literal;
  /** Behind the place: the filter name. */
  readonly end: Literal;
}
export interface ComputedPlan {
  readonly isBytes: boolean;
  /** A number, and nothing but {@link value} tells it; no place is told. */
  readonly isNumber: boolean;
  readonly value: Computed['value'];
  /** Where the value comes from. */
  readonly place: Computed['place'];
  readonly begin: Literal;
  readonly write: WriteComputed;
  readonly unit: Literal;
  readonly end: Literal;
  /** The unit and the end. */
  readonly behind: Literal;
}
export interface LayerPlan {
  readonly title: Literal;
  readonly name: Literal;
  /** Of the fixed header, which ends at {@link fixedEnd}. */
  readonly headers: HeaderTexts;
  readonly fixed: readonly Field[];
  /** For headers of which no text is kept. */
  readonly alone: FieldPlans<FieldPlan>;
  readonly fixedEnd: number;
  readonly variable: FieldPlans<FieldPlan>;
  readonly expand: Protocol['expand'];
  readonly computed: readonly ComputedPlan[];
  /** So many of {@link computed}, the first, stand in {@link headers}. */
  readonly inHeader: number;
}

export function layerPlan(protocol: Protocol): LayerPlan {
  const { title, name, shownAs, fields, expand } = protocol;
  const fixed = fields.filter((field) => field.distance >= 0);
  return {
    title: literal(`${title} [`),
    name: literal(`] ${shownAs ?? name}`),
    headers: new HeaderTexts(fixed, wordingOf(protocol)),
    fixed,
    alone: new FieldPlans(fixed, fieldPlan),
    fixedEnd: Math.max(0, ...fixed.map(({ distance, size }) => distance + size)),
    variable: new FieldPlans(
      fields.filter((field) => field.distance < 0),
      fieldPlan,
    ),
    expand,
    computed: shownOf(protocol).map(computedPlan),
    inHeader: bitsFirst(protocol),
  };
}
const wordingOf = (protocol: Protocol): Wording => ({
  first: (place) => [`${protocol.title} [${place}-`, END, `] ${protocol.shownAs ?? protocol.name}\n`],
  cell(field, whole, place) {
    const { distance, size, name } = field;
    const [begin, value, behind] = shownParts(field, whole);
    return [begin, { ...value, distance, size }, `${behind}${place + distance}-${place + distance + size}] ${name}\n`];
  },
  row: rowOf,
  last: () => bitGroups(protocol, bitRow),
});
const unitOf = (unit: string | undefined): string => (unit === undefined ? '' : ` ${unit}`);
/** What stands in front of the value, the value, and what stands between it and the place. */
function shownParts(field: Field, whole: Field): [string, Pick<Value, 'way' | 'write'>, string] {
  const { part, label, unit } = field.spec;
  const way = wayOf(field, whole, false);
  return [
    `${part === undefined ? '  ' : '    '}${label}: `,
    { way, write: shownWriter(field) },
    way === undefined ? ' [' : `${unitOf(unit)} [`,
  ];
}
export function fieldPlan(field: Field): FieldPlan {
  const [begin, value, behind] = shownParts(field, field);
  return { field, begin: literal(begin), ...value, behind: literal(behind), end: literal(`] ${field.name}\n`) };
}
const rowOf = (field: Field): WriteRows => {
  let plan: FieldPlan | undefined;
  return (w, bytes, base, start) => {
    plan ??= fieldPlan(field);
    const from = base + field.distance;
    writeRow(w, plan, bytes, from, from + field.size, base, start);
  };
};
const bitRow = ({ label, name }: Computed, { of, mask }: Bit): WriteRows => {
  const [zero, one] = [0, 1].map((value) => literal(`  ${label}: ${value} ${name}\n`));
  return (w, bytes, base) => w.put((read8(bytes, base + of.distance) & mask) === 0 ? zero! : one!);
};
const DASH = 0x2d;
/** The numbers of a place. */
const DIGITS = 32;
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
  const { begin, way, behind, end } = plan;
  const most = begin.length + behind.length + end.length + DIGITS;
  let p: number;
  if (way !== undefined) {
    p = w.open(most + way.most);
    p = putValue(w.view, putLiteral(w.view, p, begin), way, bytes, from);
  } else {
    w.put(begin);
    plan.write(w, bytes, from, to, base);
    p = w.open(most);
  }
  const { view } = w;
  p = putDec(view, putLiteral(view, p, behind), from - start);
  view.setUint8(p, DASH);
  p = putDec(view, p + 1, to - start);
  w.at = putLiteral(view, p, end);
}
/** Everything that is asked of each packet stands in plans: V8 looks fields of one shape up at once, declarations have many. */
export const computedPlan = (field: Computed): ComputedPlan => ({
  isBytes: field.type === 'bytes',
  isNumber: isPlainNumber(field),
  value: field.value,
  place: field.place,
  begin: literal(`  ${field.label}: `),
  write: computedWriter(field, ', '),
  unit: literal(unitOf(field.unit)),
  end: literal(` ${field.name}\n`),
  behind: literal(`${unitOf(field.unit)} ${field.name}\n`),
});
/** Of such a field most packets have one number. */
const isPlainNumber = ({ type, base, place, write }: Computed): boolean =>
  type === 'number' && base === undefined && place === undefined && write === undefined;
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
