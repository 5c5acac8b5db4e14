import { Text } from '../../../src/bytes/text.ts';
import type { Frame } from '../../../src/dissect/frame.ts';
import { FRAME_FIELDS, writeTime } from '../../../src/dissect/frame-fields.ts';
import { type Computed, NONE, type Value } from '../../../src/dissect/protocol.ts';
import type { Meaning } from '../../../src/dissect/registry.ts';
import { computedOf, visitRows } from '../../../src/dissect/rows.ts';
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
  for (const field of FRAME_FIELDS) worked(frame, 0, { protocol: NONE, field }, field, found);
  for (let d = 0; d < frame.depth; d++) {
    const protocol = frame.layer[d]!;
    const { bytes } = frame;
    const base = frame.from[d]!;
    visitRows(frame, d, (field, from, to) => {
      const meaning = { protocol, field };
      const filter = fieldAsFilter(meaning, bytes, from, to, base);
      found.push({ meaning, name: field.name, filter, bytes, from, to });
    });
    for (const field of computedOf(frame, d)) worked(frame, d, { protocol, field }, field, found);
  }
  return found;
}
function worked(frame: Frame, d: number, meaning: Meaning, field: Computed, found: Shown[]): void {
  if (field.type === 'bytes') {
    const place = { from: 0, to: 0 };
    if (!field.place!(frame, d, place)) return;
    const { from, to } = place;
    const hex = Buffer.from(frame.bytes.subarray(from, to)).toString('hex');
    const filter = `${field.name} == ${hex === '' ? '""' : hex}`;
    found.push({ meaning, name: field.name, filter, bytes: frame.bytes, from, to });
    return;
  }
  const value = field.value(frame, d);
  for (const one of typeof value === 'object' ? value : value === undefined ? [] : [value]) {
    const filter = computedAsFilter(field, one, textOf(field, one, frame, d));
    found.push({ meaning, name: field.name, filter, bytes: frame.bytes, from: 0, to: 0 });
  }
}
function textOf(field: Computed, value: Value, frame: Frame, d: number): string {
  const w = new Text();
  if (field.type === 'moment') field.write!(w, frame, d);
  else if (typeof value === 'bigint' && field.type === 'time') {
    const seconds = value / 1_000_000_000n;
    writeTime(w, Number(seconds), Number(value - seconds * 1_000_000_000n));
  } else return String(value);
  return w.toString();
}
