import type { Field } from '../bytes/field.ts';
import { putDec, putLiteral } from '../bytes/put.ts';
import { literal, Text } from '../bytes/text.ts';
import { type Frame, WRONG } from '../dissect/frame.ts';
import { ALWAYS_THERE, FRAME_FIELDS, writeTime } from '../dissect/frame-fields.ts';
import { NONE, type Place } from '../dissect/protocol.ts';
import { checkLayers, isWhole, MARK_WORDS } from '../dissect/rows.ts';
import type { Output } from '../format/output.ts';
import { dumpLayers } from './layer-dump.ts';
import { NEEDS } from './sink.ts';
import { type ComputedPlan, computedPlan, type LayerPlan, layerPlan, writeRow } from './tree-plan.ts';
import { WrittenSink } from './written.ts';

/** Told in the first line of each packet. */
const IN_HEAD: ReadonlySet<string> = new Set(['frame.number', 'frame.len', 'frame.cap_len', 'frame.time_epoch']);
const ALWAYS_PLANS = FRAME_FIELDS.slice(0, ALWAYS_THERE)
  .filter(({ name }) => !IN_HEAD.has(name))
  .map(computedPlan);
const OTHER_PLANS = FRAME_FIELDS.slice(ALWAYS_THERE).map(computedPlan);
const FRAME = literal('Packet ');
const COLON = literal(': ');
const ON_WIRE = literal(' bytes on the wire, ');
const CAPTURED = literal(' captured, ');
const UNREAD = literal('  Bytes that nobody reads: ');
const TOGETHER = literal('Put together from fragments: ');
const PLACE = literal(' [');
const PLACE_END = literal(']\n');
/** Longer runs of bytes are shown so far. */
const SHOWN = 64;
const CLOSE = 0x5d;
const DASH = 0x2d;
const LINE_END = 0x0a;
/** The longest number. */
const DIGITS = 16;
/** A line of few words and numbers. */
const HEAD = 128;

/** Everything about each packet: layers, and in each its fields with their values, where they are, and their filter names. */
export class TreeSink extends WrittenSink {
  readonly needs = NEEDS.streams;
  private readonly plans: LayerPlan[] = [];
  private readonly place: Place = { from: 0, to: 0 };
  private bytes: Uint8Array = new Uint8Array(0);
  /** Positions are shown from here. */
  private start = 0;
  private base = 0;
  private plan!: LayerPlan;
  private readonly visit = (field: Field, from: number, to: number): void => {
    const plan = this.plan.variable.get(field);
    if (plan !== undefined) writeRow(this.w, plan, this.bytes, from, to, this.base, this.start);
  };

  /** `dumps`: the packet's bytes follow its tree, layer by layer. `checks`: checksums and lengths are verified. */
  constructor(
    output: Output,
    private readonly dumps: boolean,
    private readonly checks = true,
  ) {
    super(output, new Text());
  }
  frame(frame: Frame): void {
    if (this.bytes !== frame.bytes) this.bytes = frame.bytes;
    this.start = frame.start;
    if (this.checks) checkLayers(frame);
    this.head(frame);
    for (let d = 0; d < frame.depth; d++) this.layer(frame, d);
    this.unread(frame);
    if (this.dumps) dumpLayers(this.w, frame);
    this.w.char(LINE_END);
  }
  private head(frame: Frame): void {
    const { w } = this;
    w.put(FRAME);
    w.dec(frame.number);
    const p = w.open(HEAD);
    const { view } = w;
    let q = putDec(view, putLiteral(view, p, COLON), frame.wireLength | 0);
    q = putDec(view, putLiteral(view, q, ON_WIRE), frame.captured);
    w.at = putLiteral(view, q, CAPTURED);
    writeTime(w, frame.seconds, frame.nanos);
    w.char(LINE_END);
    for (let i = 0; i < ALWAYS_PLANS.length; i++) this.computed(ALWAYS_PLANS[i]!, frame, 0);
    if (frame.described) for (const plan of OTHER_PLANS) this.computed(plan, frame, 0);
  }
  private layer(frame: Frame, d: number): void {
    const { w, bytes } = this;
    const id = frame.layer[d]!;
    const plan = (this.plans[id] ??= layerPlan(frame.registry.protocols[id]!));
    const base = frame.from[d]!;
    const limit = frame.limit(d);
    const end = d + 1 < frame.depth ? frame.from[d + 1]! : limit;
    if (d === frame.joined + 1 && frame.joined !== NONE) this.together(frame);
    const { start } = this;
    this.base = base;
    this.plan = plan;
    // Most headers are there, and nothing is wrong with them.
    if ((frame.marks[d]! & WRONG) === 0 && base + plan.fixedEnd <= limit) {
      const header = plan.headers.at(base - start);
      if (header !== undefined) {
        header.write(w, bytes, base, start, Math.max(base, end) - start);
        this.behindHeader(frame, d, plan, plan.inHeader);
        return;
      }
    }
    this.header(plan, base, end, limit, frame.marks[d]!);
    if (isWhole(frame, d)) this.behindHeader(frame, d, plan, 0);
  }
  /** As much as there is of a header, field by field. */
  private header(plan: LayerPlan, base: number, end: number, limit: number, marks: number): void {
    const { w, bytes, start } = this;
    w.put(plan.title);
    this.range(base, end);
    w.put(plan.name);
    for (const words of MARK_WORDS[marks]!) w.str(` [${words}]`);
    w.char(LINE_END);
    for (const field of plan.fixed) {
      const from = base + field.distance;
      const to = from + field.size;
      if (to <= limit) writeRow(w, plan.alone.get(field)!, bytes, from, to, base, start);
    }
  }
  /** Rows of no fixed place, and what is worked out, from the `first`-th on. */
  private behindHeader(frame: Frame, d: number, { expand, computed }: LayerPlan, first: number): void {
    if (expand !== undefined) expand(frame, d, this.visit);
    for (let i = first; i < computed.length; i++) this.computed(computed[i]!, frame, d);
  }
  /** From here on positions count from the beginning of what was put together. */
  private together(frame: Frame): void {
    const { w } = this;
    this.start = frame.joinedFrom;
    w.put(TOGETHER);
    w.dec(frame.end - this.start);
    w.str(' bytes\n');
  }
  private range(from: number, to: number): void {
    const { w, start } = this;
    w.dec(from - start);
    w.char(DASH);
    w.dec(Math.max(from, to) - start);
  }
  private computed(plan: ComputedPlan, frame: Frame, d: number): void {
    const { w, place } = this;
    if (plan.isNumber) {
      const value = plan.value(frame, d);
      if (value === undefined) return;
      if (typeof value === 'number' && value >>> 0 === value) {
        this.number(plan, value);
        return;
      }
    }
    const start = w.at;
    w.put(plan.begin);
    const value = w.at;
    if (plan.isBytes) this.someBytes(plan, frame, d);
    else plan.write(w, frame, d);
    if (w.at === value) {
      w.at = start;
      return;
    }
    w.put(plan.unit);
    if (plan.place?.(frame, d, place) === true) {
      w.put(PLACE);
      this.range(place.from, place.to);
      w.char(CLOSE);
    }
    w.put(plan.end);
  }
  private number({ begin, behind }: ComputedPlan, value: number): void {
    const { w } = this;
    const p = w.open(begin.length + behind.length + DIGITS);
    const { view } = w;
    w.at = putLiteral(view, putDec(view, putLiteral(view, p, begin), value | 0), behind);
  }
  /** As many as a line holds. */
  private someBytes(plan: ComputedPlan, frame: Frame, d: number): void {
    const { w, place } = this;
    if (plan.place?.(frame, d, place) !== true) return;
    const length = place.to - place.from;
    w.hexBytes(frame.bytes, place.from, place.from + Math.min(length, SHOWN));
    w.str(length > SHOWN ? '... (' : ' (');
    w.dec(length);
    w.str(' bytes)');
  }
  private unread(frame: Frame): void {
    const { w } = this;
    const from = frame.restFrom;
    if (from === NONE) return;
    if (frame.joined === frame.depth - 1) this.together(frame);
    const p = w.open(HEAD);
    const { view } = w;
    const { start } = this;
    const to = frame.restTo;
    let q = putDec(view, putLiteral(view, p, UNREAD), to - from);
    q = putDec(view, putLiteral(view, q, PLACE), from - start);
    view.setUint8(q, DASH);
    q = putDec(view, q + 1, Math.max(from, to) - start);
    w.at = putLiteral(view, q, PLACE_END);
  }
}
