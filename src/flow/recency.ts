const OLDER = 0;
const NEWER = 1;
const NONE = -1;

/** Rows in the order in which they were seen last: a list through typed arrays, changed in constant time. */
export class Recency {
  /** The one not seen for the longest time. */
  oldest = NONE;
  private newest = NONE;
  private links = new Int32Array(0);

  /** Makes room for so many rows. */
  widen(rows: number): void {
    const { links } = this;
    this.links = new Int32Array(rows * 2);
    this.links.set(links);
  }
  /** A row that is new. */
  add(row: number): void {
    const { links, newest } = this;
    links[2 * row + OLDER] = newest;
    links[2 * row + NEWER] = NONE;
    if (newest === NONE) this.oldest = row;
    else links[2 * newest + NEWER] = row;
    this.newest = row;
  }
  /** A row that is seen again. */
  touch(row: number): void {
    if (row === this.newest) return;
    const { links } = this;
    const older = links[2 * row + OLDER]!;
    // As it is not the newest, there is one.
    const newer = links[2 * row + NEWER]!;
    links[2 * newer + OLDER] = older;
    if (older === NONE) this.oldest = newer;
    else links[2 * older + NEWER] = newer;
    this.add(row);
  }
}
