/**
 * A block is in use from its first packet until it was copied, however few packets it has: a ring needs several. It holds
 * the longest packet; the longer it is, the fewer times two threads have to be woken, which takes longer than to copy some
 * hundred packets.
 */
export const BLOCK = { least: 1 << 17, most: 1 << 22 } as const;
const LEAST_BLOCKS = 8;
/** Half a second of a gigabit link fits. */
const usualBuffer = (lanes: number): number => Math.max(2 << 20, (64 << 20) / Math.max(2, lanes));

/** The ring of one socket of so many, with a buffer of so many bytes if somebody asked for that. */
export function ringSize(buffer: number | undefined, lanes: number): { blockSize: number; blocks: number } {
  const size = buffer ?? usualBuffer(lanes);
  const fitting = 2 ** Math.floor(Math.log2(size / LEAST_BLOCKS));
  const blockSize = Math.min(BLOCK.most, Math.max(BLOCK.least, fitting));
  return { blockSize, blocks: Math.max(2, Math.ceil(size / blockSize)) };
}
