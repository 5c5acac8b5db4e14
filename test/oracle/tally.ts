/** Counts matches, in all and by key. */
export class Tally {
  matched = 0;
  all = 0;
  add(matches: boolean): void {
    this.all++;
    if (matches) this.matched++;
  }
  get ratio(): number {
    return this.all === 0 ? 1 : this.matched / this.all;
  }
  toString(): string {
    return `${this.matched} of ${this.all} (${percent(this.ratio)})`;
  }
}
/** Rounded down: 99.99 % is not all. */
export const percent = (ratio: number): string => `${(Math.floor(ratio * 1e4) / 100).toFixed(2)} %`;

/** A value for each key, made when it is first asked for. */
export class Shelf<V> extends Map<string, V> {
  constructor(private readonly make: () => V) {
    super();
  }
  at(key: string): V {
    let value = this.get(key);
    if (value === undefined) {
      value = this.make();
      this.set(key, value);
    }
    return value;
  }
}

/** Columns padded to the widest cell; the first column to the left, numbers to the right. */
export function textTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const all = [head, ...rows.map((row) => row.map(String))];
  const widths = head.map((_, i) => Math.max(...all.map((row) => row[i]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, i) => (/^[\d.]+( %)?$/.test(cell) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
