import { Field } from '../../bytes/field.ts';
import { read32, read32le } from '../../bytes/kind.ts';
import { Text } from '../../bytes/text.ts';
import type { Frame } from '../../dissect/frame.ts';
import { type Computed, NONE, type Value, type Visit } from '../../dissect/protocol.ts';
import type { Meaning, Registry } from '../../dissect/registry.ts';
import { isWhole } from '../../dissect/rows.ts';
import type { Range } from './ast.ts';
import { type Chosen, chosen } from './layers.ts';
import { always, type Operand, type Runs, type RunVisit, type Scalars } from './operand.ts';
import { isRun, type Type } from './types.ts';

/** Asked of one place of a field after the other; true ends the walk. `base` is where its layer starts. */
type PlaceVisit = (bytes: Uint8Array, from: number, to: number, base: number) => boolean;
type Places = (frame: Frame, visit: PlaceVisit) => boolean;

const BILLION = 1_000_000_000n;

/** All values that a packet has under a name, which may mean several fields. */
export function fieldOperand(
  registry: Registry,
  meanings: readonly Meaning[],
  type: Type,
  ranges?: readonly Range[],
): Operand {
  const sources = meanings.map((meaning) => {
    const wanted = ranges === undefined ? undefined : chosen(meaning.protocol, ranges);
    const { field } = meaning;
    if (!(field instanceof Field)) return computedSource(meaning.protocol, field, type, wanted, ranges);
    return fieldSource(registry, meaning.protocol, field, type, wanted);
  });
  const [first, ...more] = sources;
  if (more.length === 0) return { ...first!, type, plain: true };
  const present = (frame: Frame) => sources.some((source) => source.present(frame));
  const runs: Runs = (frame, visit) => {
    for (const source of sources) if (source.runs?.(frame, visit)) return true;
    return false;
  };
  if (isRun(type)) return { type, runs, present, plain: true };
  const scalars: Scalars = (frame, visit) => {
    for (const source of sources) if (source.scalars!(frame, visit)) return true;
    return false;
  };
  return { type, scalars, runs, present, plain: true };
}

type Source = Omit<Operand, 'type'>;

function fieldSource(registry: Registry, id: number, field: Field, type: Type, wanted: Chosen | undefined): Source {
  const places = field.distance < 0 ? variable(registry, id, field, wanted) : fixed(id, field, wanted);
  const raw: Runs = places;
  const present = (frame: Frame) => places(frame, always);
  if (isRun(type)) return { runs: type.family === 'string' ? textOf(field, places) : raw, present };
  return { scalars: scalarsOf(id, field, type, places, wanted), runs: raw, present };
}
function fixed(id: number, field: Field, wanted: Chosen | undefined): Places {
  const { distance } = field;
  const end = distance + field.size;
  return (frame, visit) => {
    const { layer, depth } = frame;
    for (let d = 0; d < depth; d++) {
      if (layer[d] !== id || (wanted !== undefined && !wanted(frame, d))) continue;
      const base = frame.from[d]!;
      if (base + end <= frame.limit(d) && visit(frame.bytes, base + distance, base + end, base)) return true;
    }
    return false;
  };
}
function variable(registry: Registry, id: number, field: Field, wanted: Chosen | undefined): Places {
  const expand = registry.protocols[id]!.expand;
  if (expand === undefined) return () => false;
  let bytes: Uint8Array;
  let base = 0;
  let ended = false;
  let asked: PlaceVisit = always;
  const each: Visit = (found, from, to) => {
    // A walk over options cannot be ended early.
    if (found === field && !ended && to - from >= field.size) ended = asked(bytes, from, to, base);
  };
  return (frame, visit) => {
    ended = false;
    for (let d = 0; d < frame.depth && !ended; d++) {
      if (frame.layer[d] !== id || !isWhole(frame, d) || (wanted !== undefined && !wanted(frame, d))) continue;
      bytes = frame.bytes;
      base = frame.from[d]!;
      asked = visit;
      expand(frame, d, each);
    }
    return ended;
  };
}
/** Numbers as they are read; nobody reads 64 bits at once, and times become nanoseconds. */
function scalarsOf(id: number, field: Field, type: Type, places: Places, wanted: Chosen | undefined): Scalars {
  const { read } = field;
  const { kind, part } = field.spec;
  if (part === undefined && kind.read === undefined && field.size === 8) {
    const big = kind.name.endsWith('le') ? little64 : big64;
    return (frame, visit) => places(frame, (bytes, from) => visit(big(bytes, from)));
  }
  if (type.family === 'moment') {
    const here = kind.read!(0);
    return (frame, visit) => places(frame, (bytes, from) => visit(BigInt(here(bytes, from)) * BILLION));
  }
  if (field.distance < 0) return (frame, visit) => places(frame, (bytes, from) => visit(read(bytes, from)));
  const end = field.distance + field.size;
  return (frame, visit) => {
    const { layer, depth } = frame;
    for (let d = 0; d < depth; d++) {
      if (layer[d] !== id || (wanted !== undefined && !wanted(frame, d))) continue;
      const base = frame.from[d]!;
      if (base + end <= frame.limit(d) && visit(read(frame.bytes, base))) return true;
    }
    return false;
  };
}
const exact = (high: number, low: number): number | bigint =>
  high < 0x20_0000 ? high * 0x1_0000_0000 + low : (BigInt(high) << 32n) | BigInt(low);
const big64 = (bytes: Uint8Array, at: number) => exact(read32(bytes, at), read32(bytes, at + 4));
const little64 = (bytes: Uint8Array, at: number) => exact(read32le(bytes, at + 4), read32le(bytes, at));

/** Text is the bytes that are there; other kinds without a number are the text that is shown of them. */
function textOf(field: Field, places: Places): Runs {
  const { kind } = field.spec;
  if (kind.name === 'text') return places;
  const w = new Text();
  return (frame, visit) =>
    places(frame, (bytes, from, to, base) => {
      w.at = 0;
      kind.write(w, bytes, from, to, base);
      return visit(w.bytes, 0, w.at);
    });
}

function computedSource(
  id: number,
  field: Computed,
  type: Type,
  wanted: Chosen | undefined,
  ranges: readonly Range[] | undefined,
): Source {
  const layers = (frame: Frame, ask: (frame: Frame, d: number) => boolean): boolean => {
    // What is asked of the whole frame is asked once, and belongs to the only layer `frame`.
    if (id === NONE) return (ranges === undefined || onlyFirst(ranges)) && ask(frame, 0);
    for (let d = 0; d < frame.depth; d++)
      if (frame.layer[d] === id && isWhole(frame, d) && (wanted === undefined || wanted(frame, d)))
        if (ask(frame, d)) return true;
    return false;
  };
  if (field.type === 'bytes') {
    const place = { from: 0, to: 0 };
    const runs: Runs = (frame, visit) =>
      layers(frame, (f, d) => field.place!(f, d, place) && visit(f.bytes, place.from, place.to));
    return { runs, present: (frame) => runs(frame, always) };
  }
  const each = (frame: Frame, visit: (value: Value) => boolean): boolean =>
    layers(frame, (f, d) => {
      const value = field.value(f, d);
      if (value === undefined) return false;
      return typeof value === 'object' ? value.some(visit) : visit(value);
    });
  const present = (frame: Frame) => each(frame, always);
  if (isRun(type)) return { runs: (frame, visit) => each(frame, (value) => visitText(String(value), visit)), present };
  const scalars: Scalars = (frame, visit) =>
    each(frame, (value) => visit(typeof value === 'boolean' ? Number(value) : (value as number | bigint)));
  return { scalars, present };
}
function onlyFirst(ranges: readonly Range[]): boolean {
  return ranges.some(({ start, length, last }) => {
    const begins = start < 0 ? 2 + start : start;
    const ends = length === undefined ? (last ?? 1) : begins + length - 1;
    return begins <= 1 && (ends < 0 ? 2 + ends : ends) >= 1;
  });
}
function visitText(text: string, visit: RunVisit): boolean {
  const bytes = Buffer.from(text, 'utf8');
  return visit(bytes, 0, bytes.length);
}
