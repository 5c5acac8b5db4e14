import type { Line } from '../../src/dissect/line.ts';

/** How a message's text ends: with the length (but not with `-v`), as cut, or with nothing more. */
export type Ending = 'length' | 'cut' | 'nothing';
/** Writes what a type of message says behind its name; it begins at `at`. */
export type MessageText = (w: Line, at: number, length: number, code: number) => Ending;

/** A 32-bit lifetime, whose largest value means for ever. */
export function lifetimeText(w: Line, seconds: number): void {
  if (seconds === 0xffff_ffff) {
    w.str('infinity');
    return;
  }
  w.dec(seconds);
  w.char(0x73);
}
