/** Journeys that are written without a look at what comes meanwhile. */
const TOGETHER = 250;

/** Writes many things a part at a time; `between` is called behind each part. */
export async function inParts<T>(
  all: readonly T[],
  write: (part: readonly T[]) => Promise<void>,
  between: () => void,
): Promise<void> {
  for (let i = 0; i < all.length; i += TOGETHER) {
    await write(all.slice(i, i + TOGETHER));
    between();
  }
}
