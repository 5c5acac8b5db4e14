import { putAsciiRow, putHexRow } from '../bytes/put.ts';
import type { Text } from '../bytes/text.ts';
import type { Frame } from '../dissect/frame.ts';
import { NONE } from '../dissect/protocol.ts';

const ROW = 16;
/** Where the text begins behind the start of the bytes: eight groups of five characters, and two spaces. */
const ASCII_COLUMN = 42;
const LINE_END = 0x0a;

/** The packet's bytes in hexadecimal and as text; each layer begins in a row of its own, which names it. */
export function dumpLayers(w: Text, frame: Frame): void {
  const { registry, depth, end } = frame;
  const nameOf = (d: number): string => registry.protocols[frame.layer[d]!]!.name;
  let at = frame.start;
  const upTo = (to: number, name: string): void => {
    dump(w, frame, at, Math.min(to, end), name);
    at = Math.max(at, Math.min(to, end));
  };
  for (let d = 0; d < depth; d++) {
    const next = d + 1 < depth ? frame.from[d + 1]! : frame.restFrom;
    upTo(next === NONE ? frame.limit(d) : next, nameOf(d));
  }
  if (frame.restFrom !== NONE) upTo(frame.restTo, 'data');
  // What a payload leaves belongs to the layers below it, from the top down.
  for (let d = depth - 2; d >= 0; d--) upTo(frame.limit(d), `${nameOf(d)}, behind its payload`);
  upTo(end, 'trailer');
}
function dump(w: Text, frame: Frame, from: number, to: number, name: string): void {
  for (let row = from; row < to; row += ROW) {
    w.str('  ');
    w.hexPadded(row - frame.start, 4);
    w.char(0x3a);
    const p = w.open(128);
    const end = Math.min(row + ROW, to);
    w.at = putHexRow(w.view, p, frame.bytes, row, end);
    w.at = putAsciiRow(w.view, w.at, p + ASCII_COLUMN, frame.bytes, row, end);
    if (row === from) {
      for (let column = end - row; column < ROW; column++) w.char(0x20);
      w.str(`  ${name}`);
    }
    w.char(LINE_END);
  }
}
