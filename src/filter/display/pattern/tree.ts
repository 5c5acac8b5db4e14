/** What a pattern says. Patterns speak about bytes, so a set is 256 flags. */
export type ByteSet = Uint8Array;

export type Assertion =
  /** The very start, or the start of a line. */
  | 'start'
  | 'line-start'
  /** The end, or before a line feed that ends everything; the end of a line; the very end. */
  | 'end'
  | 'line-end'
  | 'very-end'
  /** Where a word begins or ends; where none does. */
  | 'word-edge'
  | 'no-word-edge';

export type Tree =
  | { readonly kind: 'set'; readonly set: ByteSet }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly Tree[] }
  | { readonly kind: 'repeat'; readonly of: Tree; readonly least: number; readonly most: number }
  | { readonly kind: 'assertion'; readonly assertion: Assertion };

/** A pattern that is not understood; `at` counts its bytes from 0. */
export class PatternError extends Error {
  constructor(
    message: string,
    readonly at: number,
  ) {
    super(message);
  }
}
