import { endsEarly } from '../../format/damage.ts';
import type { Window } from '../window.ts';

/** A frame that carries something else: zstd and lz4 have the same (RFC 8878, section 3.1.2). */
export const isSkippable = (magic: number): boolean => magic >>> 4 === 0x184d2a5;

/** Where the skippable frame ends that begins at byte `at`. */
export async function skippableEnd(input: Window, at: number, data: string): Promise<number> {
  if (!(await input.reach(at, 8, false))) throw endsEarly(input.end, data);
  const end = at + 8 + input.view.getUint32(input.from + 4, true);
  if (!(await input.reach(end, 0, false))) throw endsEarly(input.end, data);
  return end;
}
