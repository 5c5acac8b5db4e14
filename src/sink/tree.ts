import type { Field } from '../bytes/field.ts';
import { literal, utf8 } from '../bytes/text.ts';
import type { Frame } from '../dissect/frame.ts';
import { FRAME_FIELDS, writeTime } from '../dissect/frame-fields.ts';
import type { Computed, Place } from '../dissect/protocol.ts';
import { NONE } from '../dissect/protocol.ts';
import { checkLayers, computedOf, MARK_WORDS, visitRows } from '../dissect/rows.ts';
import { computedWriter, valueWriter, type WriteComputed, type WriteField } from '../dissect/value.ts';
import type { Output } from '../format/output.ts';
import { dumpLayers } from './layer-dump.ts';
import { NEEDS } from './sink.ts';
import { WrittenSink } from './written.ts';

const FRAME = literal('Packet ');
const ON_WIRE = literal(' bytes on the wire, ');
const CAPTURED = literal(' captured, ');
const UNREAD = literal('  Bytes that nobody reads: ');
const SHOWN = 64;
const SPACE = 0x20;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const DASH = 0x2d;
const LINE_END = 0x0a;

/** How a field is shown, worked out once. */
interface Presentation {
  readonly begin: Uint8Array;
  /** Its value is looked up among names. */
  readonly names: Readonly<Record<number, string>> | undefined;
  readonly unit: Uint8Array;
  readonly end: Uint8Array;
  readonly write: WriteField;
  readonly compute: WriteComputed;
}
const NOTHING = (): void => {};
const unitOf = (unit: string | undefined): Uint8Array => utf8(unit === undefined ? '' : ` ${unit}`);
function presentField(field: Field): Presentation {
  const { label, names, unit, part } = field.spec;
  const begin = utf8(`${part === undefined ? '  ' : '    '}${label}: `);
  return {
    begin,
    names,
    unit: unitOf(unit),
    end: utf8(`] ${field.name}\n`),
    write: valueWriter(field),
    compute: NOTHING,
  };
}
const presentComputed = (field: Computed): Presentation => ({
  begin: utf8(`  ${field.label}: `),
  names: undefined,
  unit: unitOf(field.unit),
  end: utf8(` ${field.name}\n`),
  write: NOTHING,
  compute: computedWriter(field, ', '),
});

/** Everything about each packet: layers, and in each its fields with their values, where they are, and their filter names. */
export class TreeSink extends WrittenSink {
  readonly needs = NEEDS.streams;
  private readonly shown = new Map<Field | Computed, Presentation>();
  private readonly place: Place = { from: 0, to: 0 };
  private frameNow!: Frame;
  private base = 0;
  private readonly visit = (field: Field, from: number, to: number): void => this.row(field, from, to);

  /** `bytes`: the packet's bytes follow its tree, layer by layer. */
  constructor(
    output: Output,
    private readonly bytes: boolean,
  ) {
    super(output);
  }
  frame(frame: Frame): void {
    this.frameNow = frame;
    checkLayers(frame);
    this.head(frame);
    for (let d = 0; d < frame.depth; d++) this.layer(frame, d);
    this.unread(frame);
    if (this.bytes) dumpLayers(this.w, frame);
    this.w.char(LINE_END);
  }
  private head(frame: Frame): void {
    const { w } = this;
    w.put(FRAME);
    w.dec(frame.number);
    w.str(': ');
    w.dec(frame.wireLength);
    w.put(ON_WIRE);
    w.dec(frame.captured);
    w.put(CAPTURED);
    writeTime(w, frame.seconds, frame.nanos);
    w.char(LINE_END);
    for (const field of FRAME_FIELDS) if (!IN_HEAD.has(field.name)) this.computed(field, frame, 0);
  }
  private layer(frame: Frame, d: number): void {
    const { w } = this;
    const { title, name } = frame.registry.protocols[frame.layer[d]!]!;
    w.append(utf8(title));
    w.char(SPACE);
    this.range(frame.from[d]!, d + 1 < frame.depth ? frame.from[d + 1]! : frame.limit(d));
    w.char(SPACE);
    w.str(name);
    for (const words of MARK_WORDS[frame.marks[d]!]!) w.str(` [${words}]`);
    w.char(LINE_END);
    this.base = frame.from[d]!;
    visitRows(frame, d, this.visit);
    for (const field of computedOf(frame, d)) this.computed(field, frame, d);
  }
  private range(from: number, to: number): void {
    const { w, frameNow } = this;
    w.char(OPEN);
    w.dec(from - frameNow.start);
    w.char(DASH);
    w.dec(Math.max(from, to) - frameNow.start);
    w.char(CLOSE);
  }
  private presentation(field: Field | Computed, make: () => Presentation): Presentation {
    let shown = this.shown.get(field);
    if (shown === undefined) {
      shown = make();
      this.shown.set(field, shown);
    }
    return shown;
  }
  private row(field: Field, from: number, to: number): void {
    const { w, frameNow } = this;
    const { bytes } = frameNow;
    const shown = this.presentation(field, () => presentField(field));
    w.append(shown.begin);
    const name = shown.names?.[field.read(bytes, field.distance < 0 ? from : from - field.distance)];
    if (name !== undefined) {
      w.append(utf8(name));
      w.str(' (');
    }
    shown.write(w, bytes, from, to, this.base);
    if (name !== undefined) w.char(0x29);
    w.append(shown.unit);
    w.str(' [');
    w.dec(from - frameNow.start);
    w.char(DASH);
    w.dec(to - frameNow.start);
    w.append(shown.end);
  }
  private computed(field: Computed, frame: Frame, d: number): void {
    const { w, place } = this;
    const shown = this.presentation(field, () => presentComputed(field));
    const start = w.at;
    w.append(shown.begin);
    const value = w.at;
    const isBytes = field.type === 'bytes';
    if (isBytes) this.bytesOf(field, frame, d);
    else shown.compute(w, frame, d);
    if (w.at === value) {
      w.at = start;
      return;
    }
    w.append(shown.unit);
    if (isBytes && field.place?.(frame, d, place) === true) {
      w.char(SPACE);
      this.range(place.from, place.to);
    }
    w.append(shown.end);
  }
  /** As many as a line holds. */
  private bytesOf(field: Computed, frame: Frame, d: number): void {
    const { w, place } = this;
    if (field.place?.(frame, d, place) !== true) return;
    const length = place.to - place.from;
    w.hexBytes(frame.bytes, place.from, place.from + Math.min(length, SHOWN));
    if (length > SHOWN) w.str('...');
    w.str(` (${length} bytes)`);
  }
  private unread(frame: Frame): void {
    const { w } = this;
    const from = frame.restFrom;
    if (from === NONE) return;
    w.put(UNREAD);
    w.dec(frame.restTo - from);
    w.char(SPACE);
    this.range(from, frame.restTo);
    w.char(LINE_END);
  }
}
/** Told in the first line of each packet. */
const IN_HEAD: ReadonlySet<string> = new Set(['frame.number', 'frame.len', 'frame.cap_len', 'frame.time_epoch']);
