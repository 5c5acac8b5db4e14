import { Field } from '../bytes/field.ts';
import { type Literal, literal, Text } from '../bytes/text.ts';
import type { CaptureSource } from '../capture/source.ts';
import type { Frame } from '../dissect/frame.ts';
import { insteadOf } from '../dissect/instead.ts';
import { type Computed, NONE } from '../dissect/protocol.ts';
import type { Meaning, Registry } from '../dissect/registry.ts';
import { isWhole, visitVariable } from '../dissect/rows.ts';
import { FRAME_SUMMARY, summaryOf } from '../dissect/summary.ts';
import { computedWriter, type Occurrence, valueWriter, type WriteComputed, type WriteField } from '../dissect/value.ts';
import { ToolError } from '../error.ts';
import { namesLike } from '../filter/nearest.ts';
import type { Output } from '../format/output.ts';
import { NEEDS } from './sink.ts';
import { WrittenSink } from './written.ts';

/** tshark's `-E` options. */
export interface FieldsOptions {
  /** A first line with the names. */
  readonly header: boolean;
  readonly separator: string;
  /** Between several values of a field. */
  readonly aggregator: string;
  readonly occurrence: Occurrence;
  /** Around each column that is not empty. */
  readonly quote: '' | '"' | "'";
}
export const FIELDS_DEFAULT: FieldsOptions = {
  header: false,
  separator: '\t',
  aggregator: ',',
  occurrence: 'all',
  quote: '',
};

/** One meaning of a column's name. */
interface Cell {
  readonly protocol: number;
  /** Of a fixed field, from the start of the layer; -1: what `expand` finds. */
  readonly distance: number;
  readonly end: number;
  readonly field: Field | Computed;
  readonly write: WriteField;
  readonly compute: WriteComputed | undefined;
  readonly evenCut: boolean;
}
const NOTHING: WriteField = () => {};
function cellOf({ protocol, field }: Meaning, { aggregator, occurrence }: FieldsOptions): Cell {
  if (!(field instanceof Field)) {
    const { evenCut = false } = field;
    const compute = computedWriter(field, aggregator, occurrence);
    return { protocol, field, distance: 0, end: 0, write: NOTHING, compute, evenCut };
  }
  const { distance, size } = field;
  const write = valueWriter(field);
  return { protocol, field, distance, end: distance + size, write, compute: undefined, evenCut: false };
}
/** A field that stood somewhere in the packet under the lens. */
interface Row {
  d: number;
  field: Field | undefined;
  from: number;
  to: number;
}
const LINE_END = 0x0a;

/** Some fields of each packet, a line a packet and a column a field, as `tshark -T fields` prints them. */
export class FieldsSink extends WrittenSink {
  readonly needs: number;
  private readonly columns: Cell[][];
  private readonly separator: Literal;
  private readonly aggregator: Literal;
  private readonly quote: Literal;
  /** Protocols of which `expand` is wanted. */
  private readonly expands: Uint8Array;
  private readonly wanted = new Set<Field>();
  private readonly places: Row[] = [];
  private count = 0;
  private depth = 0;
  private readonly visit = (field: Field, from: number, to: number): void => this.row(field, from, to);

  constructor(
    output: Output,
    private readonly names: readonly string[],
    registry: Registry,
    private readonly options: FieldsOptions = FIELDS_DEFAULT,
  ) {
    super(output, new Text());
    this.separator = literal(options.separator);
    this.aggregator = literal(options.aggregator);
    this.quote = literal(options.quote);
    const meanings = names.map((name) => meaningsOf(registry, name));
    this.columns = meanings.map((all) => all.map((meaning) => cellOf(meaning, options)));
    this.expands = new Uint8Array(registry.protocols.length);
    for (const { protocol, field } of meanings.flat()) {
      if (!(field instanceof Field) || field.distance >= 0) continue;
      this.expands[protocol] = 1;
      this.wanted.add(field);
    }
    const flow = meanings.flat().some((meaning) => registry.dependsOnFlow(meaning));
    this.needs = flow ? NEEDS.streams : NEEDS.layers;
  }
  override begin(_source: CaptureSource, _registry: Registry): void {
    const { names, options, w } = this;
    if (!options.header) return;
    w.put(literal(names.map((name) => `${options.quote}${name}${options.quote}`).join(options.separator)));
    w.char(LINE_END);
  }
  frame(frame: Frame): void {
    const { w, columns, options } = this;
    if (this.wanted.size > 0) this.expand(frame);
    for (let i = 0; i < columns.length; i++) {
      if (i > 0) w.put(this.separator);
      const start = w.at;
      if (options.quote !== '') w.put(this.quote);
      const begin = w.at;
      this.column(frame, columns[i]!, begin);
      if (w.at === begin) w.at = start;
      else if (options.quote !== '') w.put(this.quote);
    }
    w.char(LINE_END);
  }
  /** All occurrences, outermost first. */
  private column(frame: Frame, cells: readonly Cell[], begin: number): void {
    const { layer, depth } = frame;
    if (cells[0]!.protocol === NONE) {
      cells[0]!.compute!(this.w, frame, 0);
      return;
    }
    for (let d = 0; d < depth; d++)
      for (let c = 0; c < cells.length; c++) {
        const cell = cells[c]!;
        if (cell.protocol !== layer[d]) continue;
        if (cell.compute !== undefined) {
          if (cell.evenCut || isWhole(frame, d)) this.computed(frame, d, cell.compute, begin);
        } else if (cell.distance < 0) this.found(frame, d, cell, begin);
        else if (frame.from[d]! + cell.end <= frame.limit(d)) {
          const at = frame.from[d]!;
          if (this.another(begin)) cell.write(this.w, frame.bytes, at + cell.distance, at + cell.end, at);
        }
      }
  }
  /** Makes ready for a value behind those that are there; false when the first is the one that counts. */
  private another(begin: number): boolean {
    const { w, options } = this;
    if (w.at === begin) return true;
    if (options.occurrence === 'first') return false;
    if (options.occurrence === 'last') w.at = begin;
    else w.put(this.aggregator);
    return true;
  }
  private computed(frame: Frame, d: number, compute: WriteComputed, begin: number): void {
    const { w } = this;
    const before = w.at;
    if (!this.another(begin)) return;
    const start = w.at;
    compute(w, frame, d);
    if (w.at === start) w.at = before;
  }
  private found(frame: Frame, d: number, cell: Cell, begin: number): void {
    for (let i = 0; i < this.count; i++) {
      const row = this.places[i]!;
      if (row.d !== d || row.field !== cell.field || !this.another(begin)) continue;
      cell.write(this.w, frame.bytes, row.from, row.to, frame.from[d]!);
    }
  }
  private expand(frame: Frame): void {
    this.count = 0;
    for (let d = 0; d < frame.depth; d++) {
      const id = frame.layer[d]!;
      if (this.expands[id] === 0 || !isWhole(frame, d)) continue;
      this.depth = d;
      visitVariable(frame, d, this.visit);
    }
  }
  private row(field: Field, from: number, to: number): void {
    if (!this.wanted.has(field)) return;
    const row = (this.places[this.count++] ??= { d: 0, field: undefined, from: 0, to: 0 });
    row.d = this.depth;
    row.field = field;
    row.from = from;
    row.to = to;
  }
}
function meaningsOf(registry: Registry, name: string): readonly Meaning[] {
  const found = registry.meanings(name);
  if (found.length > 0) return found;
  if (name === FRAME_SUMMARY.name) return [{ protocol: NONE, field: FRAME_SUMMARY }];
  const layers = registry.idsOf(name);
  if (layers.length > 0) return layers.map((id) => ({ protocol: id, field: summaryOf(registry.protocols[id]!) }));
  const like = namesLike(registry, name);
  const near = like.length > 0 ? `-e ${like.join(', -e ')}` : 'hooktap protocols PROTOCOL';
  const hint = insteadOf(name) ?? near;
  throw new ToolError('unknown-field', `no field is called "${name}"`, hint);
}
