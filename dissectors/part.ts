import type { FieldOptions, FieldSpec } from '../src/bytes/field.ts';
import type { Kind } from '../src/bytes/kind.ts';

/**
 * Some bits of a number that is no field itself. `step` is what the lowest bit counts:
 * by default 1, so that the value is shifted down; the mask's own lowest bit leaves the value where it is.
 */
export function part(kind: Kind, mask: number, label: string, options: FieldOptions = {}, step = 1): FieldSpec {
  const lowest = (mask & -mask) >>> 0;
  const reader = (distance: number) => {
    const whole = kind.read!(distance);
    return (bytes: Uint8Array, at: number): number => (((whole(bytes, at) & mask) >>> 0) / lowest) * step;
  };
  const here = reader(0);
  return {
    kind: { ...kind, read: reader, write: (w, bytes, from) => w.dec(here(bytes, from)) },
    label,
    ...options,
  };
}
