import { type Literal, literal } from '../../src/bytes/text.ts';
import type { Line } from '../../src/dissect/line.ts';

/** How a message's text ends: with the length (but not with `-v`), as cut, or with nothing more. */
export type Ending = 'length' | 'cut' | 'nothing';
/** Writes what a type of message says behind its name; it begins at `at`. */
export type MessageText = (w: Line, at: number, length: number, code: number) => Ending;

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
/** A 32-bit lifetime, whose largest value means for ever. */
export function lifetimeText(w: Line, seconds: number): void {
  if (seconds === 0xffff_ffff) {
    w.str('infinity');
    return;
  }
  w.dec(seconds);
  w.char(0x73);
}
