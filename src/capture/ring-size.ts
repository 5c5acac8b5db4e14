/**
 * A block is in use from its first packet until it was copied, however few packets it has: a ring needs several. It holds
 * the longest packet, and is small enough to be in the processor's cache when it is copied.
 */
export const BLOCK = { least: 1 << 17, most: 1 << 20 } as const;
const LEAST_BLOCKS = 16;
/** Half a second of a gigabit link fits. */
const usualBuffer = (lanes: number): number => Math.max(2 << 20, (64 << 20) / Math.max(2, lanes));

/** The ring of one socket of so many, with a buffer of so many bytes if somebody asked for that. */
export function ringSize(buffer: number | undefined, lanes: number): { blockSize: number; blocks: number } {
  const size = buffer ?? usualBuffer(lanes);
  const blockSize = size / LEAST_BLOCKS < BLOCK.most ? BLOCK.least : BLOCK.most;
  return { blockSize, blocks: Math.max(2, Math.ceil(size / blockSize)) };
}
