import { literal } from '../../src/bytes/text.ts';
import type { Line } from '../../src/dissect/line.ts';
import { nsap } from '../bgp/prefix.ts';
import { say } from '../say.ts';
import { unknownData } from '../unknown-data.ts';

const IN_OPTION = literal('\n\t  ');

/** `49.0001.0000.0000.0001.00`, all of which must have been captured. */
export function addressText(w: Line, at: number, size: number): void {
  if (w.need(at, size)) w.str(nsap(Uint8Array.from({ length: size }, (_, i) => w.u8(at + i))));
}
/** Were they captured? If not, the text ends here; unlike a cut, `-x` goes on to leave the link layer out. */
export function isCaptured(w: Line, at: number, size: number): boolean {
  if (w.has(at, size)) return true;
  w.trunc();
  return false;
}
/** Writes the value of an option; tells how many of its bytes were read, or that they make no sense. */
export type OptionText = (w: Line, at: number, size: number, type: number) => number | undefined;
/** The end of the text, if it ended: nothing is to follow, or the options make no sense. */
export type Ended = 'done' | 'wrong' | undefined;
interface Options {
  readonly names: Readonly<Record<number, string>>;
  /** All bytes of an option must have been captured. */
  readonly isWhole: boolean;
  readonly values: Readonly<Record<number, OptionText>>;
}
/** The `length` bytes of options at `from`. */
export function optionsText(w: Line, from: number, length: number, { names, isWhole, values }: Options): Ended {
  let at = from;
  let left = length;
  while (left > 0 && !w.cut) {
    const type = left < 2 ? 0 : w.u8(at);
    const size = left < 2 ? 0 : w.u8(at + 1);
    if (left < 2 || size > left - 2) {
      if (left < 2) w.str(', bad opts/li');
      else say(w, ', opt (', type, ') too long');
      return 'wrong';
    }
    at += 2;
    left -= 2 + size;
    if (isWhole && !isCaptured(w, at, size)) return 'done';
    say(w, '\n\t  ', names[type] ?? 'Unknown', ' Option #', type, ', length ', size, ', value: ');
    const read = valueText(w, at, size, type, values[type]);
    if (read === undefined) return 'wrong';
    if (w.verbose > 1) unknownData(w, at, read, IN_OPTION);
    at += read;
  }
  return undefined;
}
function valueText(w: Line, at: number, size: number, type: number, write?: OptionText): number | undefined {
  if (write !== undefined) return write(w, at, size, type);
  unknownData(w, at, size, IN_OPTION);
  return size;
}
