import { literal } from '../src/bytes/text.ts';
import type { Frame } from '../src/dissect/frame.ts';
import type { Line } from '../src/dissect/line.ts';

/** What tcpdump prints of link types for which it has no words. */
export function unsupportedText(w: Line, frame: Frame, d: number): void {
  w.put(UNSUPPORTED);
  w.hexDump(frame.from[d]!, w.limit, true);
}
const UNSUPPORTED = literal('UNSUPPORTED');
