import type { Field } from '../../src/bytes/field.ts';
import { read8 } from '../../src/bytes/kind.ts';
import type { Computed } from '../../src/dissect/protocol.ts';
import { eth } from './header.ts';

/** A bit of an address's first octet (IEEE 802-2014 section 8.2). */
const bit = (field: Field, key: string, mask: number, label: string): Computed => ({
  name: `${field.name}.${key}`,
  also: `eth.${key}`,
  label,
  type: 'number',
  bit: { of: field, mask },
  value: ({ bytes, from }, d) => ((read8(bytes, from[d]! + field.distance) & mask) === 0 ? 0 : 1),
});
export const addressBits: readonly Computed[] = [eth.dst, eth.src].flatMap((field) => [
  bit(field, 'lg', 0x02, `${field.spec.label}: administered locally`),
  bit(field, 'ig', 0x01, `${field.spec.label}: a group`),
]);
