import type { Field } from '../../src/bytes/field.ts';
import { Text } from '../../src/bytes/text.ts';
import { type Frame, WRONG } from '../../src/dissect/frame.ts';
import { FRAME_FIELDS } from '../../src/dissect/frame-fields.ts';
import { type Computed, NONE, type Place } from '../../src/dissect/protocol.ts';
import { checkLayers, computedOf, MARK_WORDS, visitRows } from '../../src/dissect/rows.ts';
import { computedAsFilter, fieldAsFilter } from '../../src/filter/display/as-filter.ts';
import { computedPlan, type FieldPlan, fieldPlan } from '../../src/sink/tree-plan.ts';
import { safe } from './safe-text.ts';

/** One line of a packet's tree. */
export interface DetailRow {
  /** 0: a layer, 1: a field of it, 2: a part of that field. */
  readonly depth: number;
  readonly label: string;
  readonly value: string;
  /** Where it stands, from the packet's first byte; both 0 when it stands nowhere. */
  readonly from: number;
  readonly to: number;
  /** The filter name, and the filter that finds packets that have the same, if there is one. */
  readonly name: string;
  readonly filter?: string;
  /** Something is wrong with it. */
  readonly bad: boolean;
  /** Of the layer: what folds together. */
  readonly layer: number;
}
const plans = new WeakMap<Field, FieldPlan>();
const computedPlans = new WeakMap<Computed, ReturnType<typeof computedPlan>>();
const scratch = new Text();
/** Longer values are cut: bytes and texts may fill a packet. */
const LONGEST = 200;
/** More lines than anybody scrolls through; a packet may be made to have tens of thousands. */
const MOST = 5000;

/** What stands for layers that are none: of the frame, and of what fragments make together. */
const FRAME = -1;
const TOGETHER = -2;

/** All that is known of a packet, as lines; the frame's layers are checked on the way. */
export function detailsOf(frame: Frame): DetailRow[] {
  const rows: DetailRow[] = [frameRow(frame), ...frameFields(frame)];
  checkLayers(frame);
  const { restFrom, joined } = frame;
  for (let d = 0; d < frame.depth && rows.length < MOST; d++) {
    layerRows(frame, d, rows);
    if (d === joined) rows.push(togetherRow(frame));
  }
  if (restFrom !== NONE) {
    const [from, to] = [restFrom - frame.start, frame.restTo - frame.start];
    const value = `${to - from} bytes that nobody reads`;
    rows.push({
      depth: 0,
      label: 'Data',
      value,
      from,
      to,
      name: 'data',
      bad: false,
      layer: frame.depth,
    });
  }
  return rows.slice(0, MOST);
}
/** Its place is behind the packet, and so is that of all layers in it. */
function togetherRow(frame: Frame): DetailRow {
  const [from, to] = [frame.captured, frame.end - frame.start];
  const value = `${to - from} bytes`;
  return { depth: 0, label: 'Put together from fragments', value, from, to, name: '', bad: false, layer: TOGETHER };
}
function frameRow(frame: Frame): DetailRow {
  const length = frame.captured;
  const value = `${frame.wireLength} bytes on the wire, ${length} captured`;
  const filter = `frame.number == ${frame.number}`;
  return {
    depth: 0,
    label: `Packet ${frame.number}`,
    value,
    from: 0,
    to: length,
    name: 'frame',
    filter,
    bad: false,
    layer: FRAME,
  };
}
/** Those that need no packet before this one. */
function frameFields(frame: Frame): DetailRow[] {
  return FRAME_FIELDS.filter(({ flow, name }) => flow !== true && !name.startsWith('frame.time_')).flatMap((field) =>
    computedRow(frame, 0, FRAME, field),
  );
}
function layerRows(frame: Frame, d: number, rows: DetailRow[]): void {
  const { registry, start } = frame;
  const id = frame.layer[d]!;
  const { title, name, shownAs } = registry.protocols[id]!;
  const from = frame.from[d]! - start;
  const next = d + 1 < frame.depth ? frame.from[d + 1]! : frame.restFrom === NONE ? frame.limit(d) : frame.restFrom;
  const marks = frame.marks[d]!;
  const filter = shownAs ?? name;
  const to = Math.max(from, next - start);
  rows.push({
    depth: 0,
    label: title,
    value: (MARK_WORDS[marks] ?? []).join(', '),
    from,
    to,
    name: filter,
    filter,
    bad: (marks & WRONG) !== 0,
    layer: d,
  });
  const base = frame.from[d]!;
  visitRows(frame, d, (field, at, end) => {
    if (rows.length < MOST) rows.push(fieldRow(frame, d, field, at, end, base));
  });
  for (const field of computedOf(frame, d)) if (field.flow !== true) rows.push(...computedRow(frame, d, d, field));
}
function fieldRow(frame: Frame, d: number, field: Field, from: number, to: number, base: number): DetailRow {
  let plan = plans.get(field);
  if (plan === undefined) plans.set(field, (plan = fieldPlan(field)));
  scratch.at = 0;
  plan.write(scratch, frame.bytes, from, Math.min(to, from + LONGEST), base);
  const value = safe(scratch.toString());
  const meaning = { protocol: frame.layer[d]!, field };
  const filter = to - from > LONGEST ? field.name : fieldAsFilter(meaning, frame.bytes, from, to, base);
  const { label, part } = field.spec;
  const { start } = frame;
  return {
    depth: part === undefined ? 1 : 2,
    label,
    value,
    from: from - start,
    to: to - start,
    name: field.name,
    filter,
    bad: false,
    layer: d,
  };
}
const place: Place = { from: 0, to: 0 };
function computedRow(frame: Frame, d: number, layer: number, field: Computed): DetailRow[] {
  let plan = computedPlans.get(field);
  if (plan === undefined) computedPlans.set(field, (plan = computedPlan(field)));
  scratch.at = 0;
  plan.write(scratch, frame, d);
  if (scratch.at === 0) return [];
  const shown = scratch.toString();
  const there = field.place?.(frame, d, place) === true;
  const value = field.value(frame, d);
  const single = Array.isArray(value) ? value[0] : value;
  const filter = single === undefined || field.type === 'bytes' ? field.name : computedAsFilter(field, single, shown);
  const text =
    safe(shown.length > LONGEST ? shown.slice(0, LONGEST) : shown) + (field.unit === undefined ? '' : ` ${field.unit}`);
  const [from, to] = there ? [place.from - frame.start, place.to - frame.start] : [0, 0];
  return [{ depth: 1, label: field.label, value: text, from, to, name: field.name, filter, bad: false, layer }];
}
