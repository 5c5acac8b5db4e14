import { type Frame, MARK } from './frame.ts';
import type { Computed, Protocol, Visit } from './protocol.ts';

/**
 * Reports every field of layer `d` that was captured: those of the fixed header in wire order, parts behind their whole,
 * then those that `expand` finds.
 */
export function visitRows(frame: Frame, d: number, visit: Visit): void {
  const { fields } = frame.registry.protocols[frame.layer[d]!]!;
  const at = frame.from[d]!;
  const limit = frame.limit(d);
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i]!;
    // The fixed ones come first.
    if (field.distance < 0) break;
    const from = at + field.distance;
    if (from + field.size <= limit) visit(field, from, from + field.size);
  }
  if (isWhole(frame, d)) visitVariable(frame, d, visit);
}
/** Those that `expand` finds, of a layer whose fixed header is there. */
export function visitVariable(frame: Frame, d: number, visit: Visit): void {
  frame.registry.protocols[frame.layer[d]!]!.expand?.(frame, d, visit);
}
/** Was the fixed header captured, and did it fit the layer below? */
export const isWhole = (frame: Frame, d: number): boolean =>
  frame.from[d]! + frame.registry.sizes[frame.layer[d]!]! <= frame.limit(d);
/** What is worked out for layer `d`; nothing when its header is not there. */
export const computedOf = (frame: Frame, d: number): readonly Computed[] =>
  isWhole(frame, d) ? shownOf(frame.registry.protocols[frame.layer[d]!]!) : [];
/** What is worked out for each layer of a protocol. */
export const shownOf = ({ computed = [] }: Protocol): readonly Computed[] =>
  computed.filter(({ onRequest }) => onRequest !== true);

/** Lets every layer look for what is wrong with it. */
export function checkLayers(frame: Frame): void {
  const { registry, depth } = frame;
  for (let d = 0; d < depth; d++) {
    const { check } = registry.protocols[frame.layer[d]!]!;
    if (check !== undefined && isWhole(frame, d)) check(frame, d);
  }
}
/** In the words of people and of JSON. */
const WORDS: readonly (readonly [mark: number, words: string])[] = [
  [MARK.cut, 'cut'],
  [MARK.malformed, 'malformed'],
  [MARK.badChecksum, 'bad checksum'],
];
/** What is wrong with a layer, by its marks. */
export const MARK_WORDS: readonly (readonly string[])[] = Array.from({ length: 32 }, (_, marks) =>
  WORDS.filter(([mark]) => (marks & mark) !== 0).map(([, words]) => words),
);
