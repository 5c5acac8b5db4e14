/** Netlink's numbers are in the order of the machine that captured, which only they themselves can tell. */
import { Field, type FieldSpec } from '../../src/bytes/field.ts';
import {
  type Kind,
  type Read,
  read32,
  read32le,
  u16Kind,
  u16leKind,
  u32Kind,
  u32leKind,
} from '../../src/bytes/kind.ts';

const BIG: ReadonlyMap<Kind, Kind> = new Map([
  [u16leKind, u16Kind],
  [u32leKind, u32Kind],
]);
/** The other order of a field that has no fixed place: under the same name, for the same people. */
function bigEndian(field: Field): Field {
  const kind = BIG.get(field.spec.kind);
  if (kind === undefined) return field;
  const spec: FieldSpec = { ...field.spec, kind };
  return new Field(field.name, -1, field.size, spec, kind.read!(0) as Read);
}
const known = new WeakMap<Field, Field>();
/** The field as a machine of this order wrote it. */
export function inOrderOf(field: Field, big: boolean): Field {
  if (!big) return field;
  let other = known.get(field);
  if (other === undefined) {
    other = bigEndian(field);
    known.set(field, other);
  }
  return other;
}
/** Does the message at `at` come from a big-endian machine? A length is small, so its end tells. */
export const isBig = (bytes: Uint8Array, at: number): boolean => read32(bytes, at) < read32le(bytes, at);
