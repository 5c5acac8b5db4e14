import { type Literal, literal } from '../src/bytes/text.ts';
import type { Line } from '../src/dissect/line.ts';

export const LINE = literal('\n\t');
/** What tcpdump has no words for, or shows once more with `-vv`. */
export function unknownData(w: Line, from: number, length: number, indent: Literal): void {
  if (from <= w.limit) {
    w.hexDump(from, Math.min(from + length, w.limit), false, indent);
    return;
  }
  w.put(indent);
  w.str('Dissector error: print_unknown_data called with pointer past end of packet');
}
