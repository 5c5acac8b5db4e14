import type { Field } from '../bytes/field.ts';
import { type Literal, literal } from '../bytes/text.ts';
import type { Frame } from '../dissect/frame.ts';
import { FRAME_FIELDS } from '../dissect/frame-fields.ts';
import type { Computed, Protocol } from '../dissect/protocol.ts';
import { checkLayers, isWhole, MARK_WORDS } from '../dissect/rows.ts';
import { computedJson, jsonWriter, type WriteComputed, type WriteField } from '../dissect/value.ts';
import { NEEDS } from './sink.ts';
import { WrittenSink } from './written.ts';

/** A field with a fixed place. */
interface FixedPlan {
  readonly key: Literal;
  readonly distance: number;
  readonly end: number;
  readonly write: WriteField;
}
/** A field that may stand anywhere, and more than once: always an array. */
interface VariablePlan {
  readonly key: Literal;
  readonly write: WriteField;
  /** The first and the last of its rows in this layer; -1: none yet. */
  first: number;
  last: number;
}
interface ComputedPlan {
  readonly key: Literal;
  readonly write: WriteComputed;
}
interface LayerPlan {
  readonly begin: Literal;
  readonly fixed: readonly FixedPlan[];
  readonly variable: ReadonlyMap<Field, VariablePlan>;
  readonly computed: readonly ComputedPlan[];
}
const keyOf = (name: string): Literal => literal(`,"${name}":`);
const computedPlan = (field: Computed): ComputedPlan => ({ key: keyOf(field.name), write: computedJson(field) });
const variablePlan = (field: Field): VariablePlan => ({
  key: keyOf(field.name),
  write: jsonWriter(field),
  first: -1,
  last: -1,
});
function layerPlan(protocol: Protocol): LayerPlan {
  const fixed = protocol.fields.filter((field) => field.distance >= 0);
  return {
    begin: literal(`{"protocol":"${protocol.name}"`),
    fixed: fixed.map((field) => ({
      key: keyOf(field.name),
      distance: field.distance,
      end: field.distance + field.size,
      write: jsonWriter(field),
    })),
    variable: new Map(
      protocol.fields.filter((field) => field.distance < 0).map((field) => [field, variablePlan(field)]),
    ),
    computed: (protocol.computed ?? []).map(computedPlan),
  };
}
const FRAME_PLANS = FRAME_FIELDS.map(computedPlan);
const BEGIN = literal('{"frame":{');
const LAYERS = literal('},"layers":[');
const END = literal(']}\n');
const MARKS = literal(',"marks":');
const COMMA = 0x2c;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const BRACE = 0x7d;

/** One object a line for each packet, as docs/json.md describes it. */
export class JsonSink extends WrittenSink {
  readonly needs = NEEDS.streams;
  private readonly plans: LayerPlan[] = [];
  private plan!: LayerPlan;
  /** The rows of one layer's variable fields, and of each the next of the same field. */
  private from: Int32Array = new Int32Array(64);
  private to: Int32Array = new Int32Array(64);
  private next: Int32Array = new Int32Array(64);
  private rowCount = 0;
  /** The fields that have rows, in the order of their first. */
  private readonly found: VariablePlan[] = [];
  private readonly visit = (field: Field, from: number, to: number): void => this.row(field, from, to);

  frame(frame: Frame): void {
    const { w } = this;
    checkLayers(frame);
    w.put(BEGIN);
    const start = w.at;
    for (const plan of FRAME_PLANS) this.computed(plan, frame, 0);
    // The first key has no comma in front.
    w.bytes.copyWithin(start, start + 1, w.at--);
    w.put(LAYERS);
    for (let d = 0; d < frame.depth; d++) {
      if (d > 0) w.char(COMMA);
      this.layer(frame, d);
    }
    w.put(END);
  }
  private layer(frame: Frame, d: number): void {
    const { w } = this;
    const { bytes } = frame;
    const id = frame.layer[d]!;
    const plan = (this.plans[id] ??= layerPlan(frame.registry.protocols[id]!));
    const base = frame.from[d]!;
    const limit = frame.limit(d);
    w.put(plan.begin);
    for (const { key, distance, end, write } of plan.fixed) {
      if (base + end > limit) continue;
      w.put(key);
      write(w, bytes, base + distance, base + end, base);
    }
    if (isWhole(frame, d)) {
      if (plan.variable.size > 0) this.variable(frame, d, plan, base);
      for (const computed of plan.computed) this.computed(computed, frame, d);
    }
    const marks = frame.marks[d]!;
    if (marks !== 0) {
      w.put(MARKS);
      w.str(JSON.stringify(MARK_WORDS[marks]));
    }
    w.char(BRACE);
  }
  private computed({ key, write }: ComputedPlan, frame: Frame, d: number): void {
    const { w } = this;
    const start = w.at;
    w.put(key);
    const value = w.at;
    write(w, frame, d);
    if (w.at === value) w.at = start;
  }
  private variable(frame: Frame, d: number, plan: LayerPlan, base: number): void {
    const { expand } = frame.registry.protocols[frame.layer[d]!]!;
    if (expand === undefined) return;
    this.plan = plan;
    expand(frame, d, this.visit);
    const { w, from, to, next, found } = this;
    for (const field of found) {
      w.put(field.key);
      w.char(OPEN);
      for (let row = field.first; row >= 0; row = next[row]!) {
        if (row !== field.first) w.char(COMMA);
        field.write(w, frame.bytes, from[row]!, to[row]!, base);
      }
      w.char(CLOSE);
      field.first = -1;
    }
    found.length = 0;
    this.rowCount = 0;
  }
  private row(field: Field, from: number, to: number): void {
    const plan = this.plan.variable.get(field);
    // Fields of the fixed header may be told again.
    if (plan === undefined) return;
    const row = this.rowCount++;
    if (row === this.from.length) this.widen();
    this.from[row] = from;
    this.to[row] = to;
    this.next[row] = -1;
    if (plan.first < 0) {
      plan.first = row;
      this.found.push(plan);
    } else this.next[plan.last] = row;
    plan.last = row;
  }
  private widen(): void {
    const double = (rows: Int32Array): Int32Array => {
      const wider = new Int32Array(rows.length * 2);
      wider.set(rows);
      return wider;
    };
    this.from = double(this.from);
    this.to = double(this.to);
    this.next = double(this.next);
  }
}
