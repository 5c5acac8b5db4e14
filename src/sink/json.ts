import type { Field } from '../bytes/field.ts';
import { putDec, putLiteral } from '../bytes/put.ts';
import { literal, Text } from '../bytes/text.ts';
import { type Frame, WRONG } from '../dissect/frame.ts';
import { ALWAYS_THERE, FRAME_FIELDS } from '../dissect/frame-fields.ts';
import { checkLayers, isWhole, MARK_WORDS } from '../dissect/rows.ts';
import type { Output } from '../format/output.ts';
import { type ComputedPlan, computedPlan, type LayerPlan, layerPlan, type VariablePlan } from './json-plan.ts';
import { NEEDS } from './sink.ts';
import { putValue } from './way.ts';
import { WrittenSink } from './written.ts';

const [FIRST, ...OTHERS] = FRAME_FIELDS;
const FRAME_PLANS = [computedPlan(FIRST!, ''), ...OTHERS.map((field) => computedPlan(field))];
const BEGIN = literal('{"frame":{');
const LAYERS = literal('},"layers":[');
const END = literal(']}\n');
const MARKS = literal(',"marks":');
const COMMA = 0x2c;
const CLOSE = 0x5d;
const BRACE = 0x7d;
/** The longest number. */
const DIGITS = 16;

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
  private foundCount = 0;
  private readonly visit = (field: Field, from: number, to: number): void => this.row(field, from, to);

  /** `checks`: checksums and lengths are verified, and what is wrong is marked. */
  constructor(
    output: Output,
    private readonly checks = true,
  ) {
    super(output, new Text());
  }
  frame(frame: Frame): void {
    const { w } = this;
    if (this.checks) checkLayers(frame);
    w.put(BEGIN);
    const count = frame.described ? FRAME_PLANS.length : ALWAYS_THERE;
    for (let i = 0; i < count; i++) this.computed(FRAME_PLANS[i]!, frame, 0);
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
    const header = base + plan.fixedEnd <= limit ? plan.headers.at(0) : undefined;
    let inHeader = 0;
    if (header !== undefined) {
      header.write(w, bytes, base, base, 0);
      inHeader = plan.inHeader;
    } else {
      w.put(plan.begin);
      for (const { end, write } of plan.fixed) if (base + end <= limit) write(w, bytes, base, base);
    }
    if (isWhole(frame, d)) {
      const { computed } = plan;
      if (plan.variable.size > 0) this.variable(frame, d, plan, base);
      for (let i = inHeader; i < computed.length; i++) this.computed(computed[i]!, frame, d);
    }
    const marks = frame.marks[d]! & WRONG;
    if (marks !== 0) {
      w.put(MARKS);
      w.str(JSON.stringify(MARK_WORDS[marks]));
    }
    w.char(BRACE);
  }
  private computed({ key, isNumber, value: read, write }: ComputedPlan, frame: Frame, d: number): void {
    const { w } = this;
    if (isNumber) {
      const value = read(frame, d);
      if (value === undefined) return;
      if (typeof value === 'number' && value >>> 0 === value) {
        const p = w.open(key.length + DIGITS);
        w.at = putDec(w.view, putLiteral(w.view, p, key), value | 0);
        return;
      }
    }
    const start = w.at;
    w.put(key);
    const value = w.at;
    write(w, frame, d);
    if (w.at === value) w.at = start;
  }
  private variable(frame: Frame, d: number, plan: LayerPlan, base: number): void {
    const { expand } = plan;
    if (expand === undefined) return;
    this.plan = plan;
    expand(frame, d, this.visit);
    const { w, from, to, next, found } = this;
    for (let i = 0; i < this.foundCount; i++) {
      const field = found[i]!;
      w.put(field.begin);
      for (let row = field.first; row >= 0; row = next[row]!) {
        if (row !== field.first) w.char(COMMA);
        this.value(field, frame.bytes, from[row]!, to[row]!, base);
      }
      w.char(CLOSE);
      field.first = -1;
    }
    this.foundCount = 0;
    this.rowCount = 0;
  }
  private value({ way, quote, write }: VariablePlan, bytes: Uint8Array, from: number, to: number, base: number): void {
    const { w } = this;
    if (way === undefined) {
      write(w, bytes, from, to, base);
      return;
    }
    const p = w.open(way.most + 2 * quote.length);
    const { view } = w;
    w.at = putLiteral(view, putValue(view, putLiteral(view, p, quote), way, bytes, from), quote);
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
      this.found[this.foundCount++] = plan;
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
