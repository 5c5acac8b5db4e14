import type { Field } from '../../src/bytes/field.ts';
import { read8 } from '../../src/bytes/kind.ts';
import type { Frame } from '../../src/dissect/frame.ts';

/**
 * The checksum of ISO 8473 (Fletcher's, RFC 1008) over `length` bytes, as it would stand at `offset`; what stands there
 * is not counted.
 */
export function isoChecksum(byte: (index: number) => number, offset: number, length: number): number {
  let c0 = 0;
  let c1 = 0;
  for (let i = 0; i < length; i++) {
    if (i !== offset && i !== offset + 1) c0 += byte(i);
    // Of the widest of units, the sum of sums has more than 32 bits, which tcpdump counts with.
    c1 = (c1 + c0) >>> 0;
  }
  c0 %= 255;
  c1 %= 255;
  const weighted = (length - offset) * c0;
  const x = ones(weighted - c0 - c1);
  const y = ones(c1 - weighted - 1, 1);
  return (x << 8) | y;
}
/** A number modulo 255 in ones' complement of eight bits, in which zero is 255. `up` is added to what is not below zero. */
function ones(value: number, up = 0): number {
  const rest = (value < 0 ? value - 1 + up : value + up) % 255;
  return rest === 0 ? 255 : rest & 0xff;
}

/** Marks layer `d` when its header, of the size that `length` tells, is captured and has another checksum. Zero is none. */
export function checkIso(frame: Frame, d: number, length: Field, checksum: Field): void {
  const { bytes } = frame;
  const at = frame.from[d]!;
  const size = length.read(bytes, at);
  const sum = checksum.read(bytes, at);
  const offset = checksum.distance;
  if (sum === 0 || size < offset + 2 || at + size > frame.limit(d)) return;
  frame.verified(d, isoChecksum((i) => read8(bytes, at + i), offset, size) === sum);
}
