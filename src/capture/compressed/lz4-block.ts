const LEAST_MATCH = 4;
/** Four bits of a token say so much; more follows. */
const MORE = 15;
/** From here on bytes are copied at once, which takes a call; shorter pieces one by one. */
const LONG = 40;

/**
 * Undoes one block of LZ4 (lz4_Block_format.md): `from[at, end)` becomes `to[start, …)`, which may reach back before `start`.
 * Returns where the output ends, or -1 for what is no such block, or longer than `most`.
 * Ours, because the packages that there are trust the lengths in the block.
 */
export function lz4Block(
  from: Uint8Array,
  at: number,
  end: number,
  to: Uint8Array,
  start: number,
  most: number,
): number {
  const limit = start + most;
  let next = at;
  let out = start;
  while (next < end) {
    const token = from[next++]!;
    let literals = token >>> 4;
    if (literals === MORE) {
      let byte = 255;
      for (; byte === 255 && next < end; literals += byte) byte = from[next++]!;
    }
    if (next + literals > end || out + literals > limit) return -1;
    out = copy(from, next, to, out, literals);
    next += literals;
    // The last sequence has no match.
    if (next === end) return out;
    if (next + 2 > end) return -1;
    const distance = from[next]! | (from[next + 1]! << 8);
    next += 2;
    let match = token & MORE;
    if (match === MORE) {
      let byte = 255;
      for (; byte === 255 && next < end; match += byte) byte = from[next++]!;
    }
    match += LEAST_MATCH;
    if (distance === 0 || distance > out || out + match > limit) return -1;
    if (match >= LONG && distance >= match) {
      to.copyWithin(out, out - distance, out - distance + match);
      out += match;
      continue;
    }
    // Forwards, byte by byte: a match may reach into what it makes.
    for (const until = out + match; out < until; out++) to[out] = to[out - distance]!;
  }
  return -1;
}
function copy(from: Uint8Array, at: number, to: Uint8Array, out: number, length: number): number {
  if (length >= LONG) to.set(from.subarray(at, at + length), out);
  else for (let i = 0; i < length; i++) to[out + i] = from[at + i]!;
  return out + length;
}
