import type { Frame } from '../../dissect/frame.ts';
import type { Type } from './types.ts';

/** Asked of one number after the other; true ends the walk. */
export type ScalarVisit = (value: number | bigint) => boolean;
/** Asked of one run of bytes `[from, to)` after the other; true ends the walk. The bytes are valid until it returns. */
export type RunVisit = (bytes: Uint8Array, from: number, to: number) => boolean;
/** Walks over all values that a packet has; true when a visit ended the walk. */
export type Scalars = (frame: Frame, visit: ScalarVisit) => boolean;
export type Runs = (frame: Frame, visit: RunVisit) => boolean;

/** One side of a comparison: a field, a slice of one, or what is worked out from others. */
export interface Operand {
  readonly type: Type;
  /** Its values as numbers, if they are. */
  readonly scalars?: Scalars;
  /** Its values as bytes, if they are, or stand as such in the packet. */
  readonly runs?: Runs;
  /** Of a protocol: its bytes with all that it carries, where somebody searches in them. */
  readonly searched?: Runs;
  /** A field or a protocol itself, not what was worked out from one. */
  readonly plain?: boolean;
  /** Part of something: bytes, whatever the whole is. */
  readonly slice?: boolean;
  /** Are there values to speak about, if only there were numbers for what is worked out of them? */
  readonly present: (frame: Frame) => boolean;
}
/** Is there any? */
export const always = (): boolean => true;
export const ofScalars = (type: Type, scalars: Scalars): Operand => ({
  type,
  scalars,
  present: (frame) => scalars(frame, always),
});
export const ofRuns = (type: Type, runs: Runs): Operand => ({ type, runs, present: (frame) => runs(frame, always) });
