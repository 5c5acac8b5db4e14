import { Field } from '../../../src/bytes/field.ts';
import { Text } from '../../../src/bytes/text.ts';
import type { Frame } from '../../../src/dissect/frame.ts';
import { writeTime } from '../../../src/dissect/frame-fields.ts';
import { NONE } from '../../../src/dissect/protocol.ts';
import type { Meaning } from '../../../src/dissect/registry.ts';
import { computedAsFilter, fieldAsFilter } from '../../../src/filter/display/as-filter.ts';

/** One value that a packet has under a name of its own. */
export interface Shown {
  readonly meaning: Meaning;
  readonly name: string;
  /** The filter that says so. */
  readonly filter: string;
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
}
/** All fields of a packet, as far as it was captured. */
export function shownIn(frame: Frame): Shown[] {
  const found: Shown[] = [];
  for (const [name, meanings] of frame.registry.fields)
    for (const meaning of meanings)
      if (meaning.protocol === NONE && !(meaning.field instanceof Field)) computed(frame, 0, name, meaning, found);
  for (let d = 0; d < frame.depth; d++) layer(frame, d, found);
  return found;
}
function layer(frame: Frame, d: number, found: Shown[]): void {
  const id = frame.layer[d]!;
  const protocol = frame.registry.protocols[id]!;
  const base = frame.from[d]!;
  const { bytes } = frame;
  const add = (field: Field, from: number, to: number) => {
    const meaning = { protocol: id, field };
    const filter = fieldAsFilter(meaning, bytes, from, to, base);
    found.push({ meaning, name: field.name, filter, bytes, from, to });
  };
  for (const field of protocol.fields)
    if (field.distance >= 0 && base + field.distance + field.size <= frame.limit(d))
      add(field, base + field.distance, base + field.distance + field.size);
  if (base + protocol.size > frame.limit(d)) return;
  protocol.expand?.(frame, d, add);
  for (const field of protocol.computed ?? []) computed(frame, d, field.name, { protocol: id, field }, found);
}
function computed(frame: Frame, d: number, name: string, meaning: Meaning, found: Shown[]): void {
  const { field } = meaning;
  if (field instanceof Field || field.type === 'bytes') return;
  const value = field.value(frame, d);
  for (const one of typeof value === 'object' ? value : value === undefined ? [] : [value]) {
    const filter = computedAsFilter(name, one, typeof one === 'bigint' ? timeText(one) : String(one));
    found.push({
      meaning,
      name,
      filter: field.type === 'moment' ? `${name}_epoch == ${timeText(one as bigint)}` : filter,
      bytes: frame.bytes,
      from: 0,
      to: 0,
    });
  }
}
function timeText(value: bigint): string {
  const w = new Text();
  const seconds = value / 1_000_000_000n;
  writeTime(w, Number(seconds), Number(value - seconds * 1_000_000_000n));
  return w.toString();
}
