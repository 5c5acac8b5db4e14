import { type FseTable, fseTable } from './fse.ts';

/** One of the three things that sequences are made of (RFC 8878, section 3.1.1.3.2). */
export interface Codes {
  /** The longest table, and the last code. */
  readonly log: number;
  readonly most: number;
  /** What a table is when none is told. */
  readonly usual: FseTable;
  /** By code: the least value, and how many bits to add. */
  readonly least: Int32Array;
  readonly more: Uint8Array;
}
function codes(log: number, usual: FseTable, more: readonly number[], first: number): Codes {
  let next = first;
  const least = more.map((bits) => {
    next += 2 ** bits;
    return next - 2 ** bits;
  });
  return { log, most: more.length - 1, usual, least: Int32Array.from(least), more: Uint8Array.from(more) };
}
const zeros = (count: number): number[] => new Array<number>(count).fill(0);

export const LITERAL_LENGTHS = codes(
  9,
  fseTable(
    6,
    [4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1],
  ),
  [...zeros(16), 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
  0,
);
export const MATCH_LENGTHS = codes(
  9,
  fseTable(
    6,
    [
      1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
      1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
    ],
  ),
  [...zeros(32), 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
  3,
);
/** An offset's code is how many bits it has; those of more than 28 bits lie beyond any window that is held. */
export const OFFSETS = codes(
  8,
  fseTable(5, [1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1]),
  Array.from({ length: 32 }, (_, i) => i),
  1,
);
