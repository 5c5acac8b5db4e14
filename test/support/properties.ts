import type { Frame } from '../../src/dissect/frame.ts';

type Place = readonly [field: string, from: number, to: number];
/** The layer's variable fields, relative to the packet. */
export function placesOf(frame: Frame, d: number): Place[] {
  const found: Place[] = [];
  const { expand, size } = frame.registry.protocols[frame.layer[d]!]!;
  if (frame.from[d]! + size > frame.limit(d)) return found;
  expand?.(frame, d, (field, from, to) => found.push([field.name, from - frame.start, to - frame.start]));
  return found;
}
/** Runs every layer's check, and gives the marks. */
export function marksOf(frame: Frame): number[] {
  for (let d = 0; d < frame.depth; d++) {
    const { check, size } = frame.registry.protocols[frame.layer[d]!]!;
    if (frame.from[d]! + size <= frame.limit(d)) check?.(frame, d);
  }
  return Array.from(frame.marks.subarray(0, frame.depth));
}
export const layersOf = (frame: Frame): string[] =>
  Array.from({ length: frame.depth }, (_, d) => {
    const name = frame.registry.protocols[frame.layer[d]!]!.name;
    return `${name} ${frame.from[d]! - frame.start}-${frame.to[d]! - frame.start}`;
  });

/** What is wrong with where layers and fields lie; undefined when all is well. */
export function misplaced(frame: Frame): string | undefined {
  const { registry, from, to } = frame;
  const mostFields = (frame.end - frame.start) * 8 + 64;
  for (let d = 0; d < frame.depth; d++) {
    const name = registry.protocols[frame.layer[d]!]!.name;
    if (from[d]! > to[d]!) return `${name} ends before it begins: ${from[d]}-${to[d]}`;
    if (d > 0) {
      const least = from[d - 1]! + registry.protocols[frame.layer[d - 1]!]!.size;
      if (from[d]! < least) return `${name} begins at ${from[d]}, inside the header below that ends at ${least}`;
      if (to[d]! > to[d - 1]!) return `${name} ends at ${to[d]}, after the layer below that ends at ${to[d - 1]}`;
    }
    const wrong = misplacedField(frame, d, mostFields);
    if (wrong !== undefined) return `${name}: ${wrong}`;
  }
  return undefined;
}
function misplacedField(frame: Frame, d: number, most: number): string | undefined {
  const { expand, size } = frame.registry.protocols[frame.layer[d]!]!;
  const least = frame.from[d]!;
  const limit = frame.limit(d);
  if (expand === undefined || least + size > limit) return undefined;
  let wrong: string | undefined;
  let count = 0;
  let previous = least;
  expand(frame, d, (field, from, to) => {
    if (++count > most) throw new Error(`${field.name}: fields without end`);
    if (from < least || to < from || to > limit)
      wrong ??= `${field.name} at ${from}-${to} is outside ${least}-${limit}`;
    if (from < previous) wrong ??= `${field.name} at ${from} comes after a field at ${previous}`;
    previous = from;
  });
  return wrong;
}
