import type { Field } from '../../src/bytes/field.ts';
import { Frame } from '../../src/dissect/frame.ts';
import type { Registry } from '../../src/dissect/registry.ts';
import { columns } from '../../src/frame/batch.ts';
import type { Random } from './random.ts';

const row = columns(1);
/** Puts one packet under the lens, which lies in `bytes` from `from` on; `wire` is its length before it was cut. */
export function underLens(frame: Frame, bytes: Uint8Array, from = 0, to = bytes.length, wire = to - from): Frame {
  row.offset[0] = from;
  row.captured[0] = to - from;
  row.wire[0] = wire;
  frame.load({ ...row, bytes, count: 1, envelope: undefined, release() {} }, 0);
  frame.number = 1;
  return frame;
}

/** Writes a value into a field, whatever its kind and byte order; a part keeps the bits around it. */
export function poke(bytes: Uint8Array, base: number, field: Field, value: number): void {
  const at = base + field.distance;
  const { part } = field.spec;
  const bits = part === undefined ? value : Math.floor(value / part.times) * (part.mask & -part.mask);
  const little = field.spec.kind.name.endsWith('le');
  for (let i = 0; i < Math.min(field.size, 6); i++) {
    const index = at + (little ? i : field.size - 1 - i);
    const byte = Math.floor(bits / 256 ** i) & 0xff;
    const mask = part === undefined ? 0xff : Math.floor(part.mask / 256 ** i) & 0xff;
    bytes[index] = (bytes[index]! & ~mask) | (byte & mask);
  }
}
function bitsOf(field: Field): number {
  const { part } = field.spec;
  if (part === undefined) return Math.min(field.size, 4) * 8;
  return Math.round(Math.log2(part.mask / (part.mask & -part.mask) + 1));
}

/**
 * Makes random bytes that nonetheless hold many layers: fields of the topmost layer are given values that open the
 * next one, as long as that leads on. Knows nothing about any protocol but its declaration.
 */
export class StackGrower {
  private readonly frame: Frame;
  /** By protocol: the numbers that mean something in any of the tables it opens. */
  private readonly keys: readonly number[][];

  constructor(
    private readonly registry: Registry,
    private readonly tries = 40,
  ) {
    this.frame = new Frame(registry);
    this.keys = registry.protocols.map(({ opens }) =>
      opens.flatMap((table) =>
        Array.from(registry.idsIn(table).keys()).filter((key) => registry.idsIn(table)[key]! >= 0),
      ),
    );
  }
  grow(random: Random, first: number, length: number): Uint8Array {
    const { frame } = this;
    let best = random.bytes(length);
    underLens(frame, best).dissect(first);
    for (let attempt = 0; attempt < this.tries; attempt++) {
      const depth = frame.depth;
      const changed = best.slice();
      this.changeTop(random, changed);
      underLens(frame, changed).dissect(first);
      if (frame.depth > depth) {
        best = changed;
        attempt = -1;
      } else underLens(frame, best).dissect(first);
    }
    return best;
  }
  /** Gives the fixed fields of the topmost layer other values. */
  private changeTop(random: Random, bytes: Uint8Array): void {
    const { frame } = this;
    const top = frame.layer[frame.depth - 1]!;
    const base = frame.from[frame.depth - 1]!;
    const { fields, size } = this.registry.protocols[top]!;
    if (base + size > bytes.length) return;
    for (const field of fields)
      if (field.distance >= 0 && random.chance(0.8))
        poke(bytes, base, field, valueFor(random, bitsOf(field), this.keys[top]!, bytes.length - base));
  }
}
function valueFor(random: Random, bits: number, keys: readonly number[], left: number): number {
  const choice = random.below(10);
  if (choice < 4 && keys.length > 0 && bits >= 8) return random.of(keys);
  if (choice < 6) return random.between(Math.max(0, left - 60), left);
  if (choice < 7) return 0;
  return random.below(2 ** bits);
}
