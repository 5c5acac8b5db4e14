import type { Range } from './ast.ts';
import type { Operand, Runs } from './operand.ts';
import { ofRuns } from './operand.ts';
import { BYTES } from './types.ts';

/** Longer slices do not come together from pieces. */
const scratchOf = (ranges: readonly Range[]): Uint8Array | undefined =>
  ranges.length === 1 ? undefined : new Uint8Array(1 << 12);

/** `[…]` of what is bytes: its pieces one after the other, up to the first that is not there; nothing is a value, too. */
export function sliceOperand(of: Runs, ranges: readonly Range[]): Operand {
  let scratch = scratchOf(ranges);
  const single = ranges[0]!;
  const runs: Runs = (frame, visit) =>
    of(frame, (bytes, from, to) => {
      const length = to - from;
      if (scratch === undefined) {
        const start = startOf(single, length);
        const end = endOf(single, start, length);
        const there = start >= 0 && end > start && end <= length;
        return there ? visit(bytes, from + start, from + end) : visit(bytes, from, from);
      }
      let at = 0;
      for (const range of ranges) {
        const start = startOf(range, length);
        const end = endOf(range, start, length);
        if (start < 0 || end <= start || end > length) break;
        if (at + end - start > scratch.length) scratch = grown(scratch, at + end - start);
        scratch.set(bytes.subarray(from + start, from + end), at);
        at += end - start;
      }
      return visit(scratch, 0, at);
    });
  return { ...ofRuns(BYTES, runs), slice: true };
}
function grown(before: Uint8Array, least: number): Uint8Array {
  const bigger = new Uint8Array(least * 2);
  bigger.set(before);
  return bigger;
}
const startOf = ({ start }: Range, length: number): number => (start < 0 ? length + start : start);
function endOf({ length: count, last }: Range, start: number, length: number): number {
  if (count !== undefined) return start + count;
  if (last === undefined) return length;
  return (last < 0 ? length + last : last) + 1;
}
