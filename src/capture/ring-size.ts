/**
 * A block is in use from its first packet until it was copied, however few packets it has, and the kernel closes it when
 * its time is over: a ring needs as many blocks as may be closed while we are busy. The longer a block, on the other hand,
 * the fewer times two threads have to be woken, which takes longer than to copy some hundred packets. It holds the longest
 * packet in any case.
 */
export const BLOCK = { least: 1 << 17, most: 1 << 22 } as const;
/** For so many milliseconds we may be busy with something else. */
const BUSY_MS = 800;
const LEAST_BLOCKS = 8;
/** Half a second of a gigabit link fits. */
const usualBuffer = (lanes: number): number => Math.max(2 << 20, (64 << 20) / Math.max(2, lanes));

/** The ring of one socket of so many, with a buffer of so many bytes if somebody asked for that; `timeout`: see there. */
export function ringSize(
  buffer: number | undefined,
  lanes: number,
  timeout: number,
): { blockSize: number; blocks: number; timeout: number } {
  const size = buffer ?? usualBuffer(lanes);
  const wanted = Math.max(LEAST_BLOCKS, BUSY_MS / timeout);
  const fitting = 2 ** Math.floor(Math.log2(size / wanted));
  const blockSize = Math.min(BLOCK.most, Math.max(BLOCK.least, fitting));
  return { blockSize, blocks: Math.max(2, Math.ceil(size / blockSize)), timeout };
}
