import { ASCII_COLUMN, putAsciiRow, putHexRow } from '../bytes/put.ts';
import type { Text } from '../bytes/text.ts';
import type { Frame } from '../dissect/frame.ts';
import { NONE } from '../dissect/protocol.ts';

const ROW = 16;
const LINE_END = 0x0a;

/** The packet's bytes in hexadecimal and as text; each layer begins in a row of its own, which names it. */
export function dumpLayers(w: Text, frame: Frame): void {
  const { depth, joined } = frame;
  const own = joined === NONE ? depth : joined + 1;
  dumpPart(w, frame, 0, own, frame.start, joined === NONE ? frame.end : frame.joinedFrom);
  if (joined !== NONE) dumpPart(w, frame, own, depth, frame.joinedFrom, frame.end);
}
/** The layers `[first, last)`, which lie in the bytes `[start, end)`. */
function dumpPart(w: Text, frame: Frame, first: number, last: number, start: number, end: number): void {
  const { registry, joined } = frame;
  const nameOf = (d: number): string => registry.protocols[frame.layer[d]!]!.name;
  const unread = last === frame.depth && (joined === NONE || first > joined) ? frame.restFrom : NONE;
  let at = start;
  const upTo = (to: number, name: string): void => {
    dump(w, frame.bytes, at, Math.min(to, end), start, name);
    at = Math.max(at, Math.min(to, end));
  };
  for (let d = first; d < last; d++) {
    const next = d + 1 < last ? frame.from[d + 1]! : unread;
    upTo(next === NONE ? frame.limit(d) : next, nameOf(d));
  }
  if (unread !== NONE) upTo(frame.restTo, 'data');
  // What a payload leaves belongs to the layers below it, from the top down.
  for (let d = last - 2; d >= first; d--) upTo(frame.limit(d), `${nameOf(d)}, behind its payload`);
  upTo(end, last > first ? 'trailer' : 'data');
}
/** `start` is where positions count from. */
function dump(w: Text, bytes: Uint8Array, from: number, to: number, start: number, name: string): void {
  for (let row = from; row < to; row += ROW) {
    w.str('  ');
    w.hexPadded(row - start, 4);
    w.char(0x3a);
    const p = w.open(128);
    const end = Math.min(row + ROW, to);
    w.at = putHexRow(w.view, p, bytes, row, end);
    w.at = putAsciiRow(w.view, w.at, p + ASCII_COLUMN, bytes, row, end);
    if (row === from) {
      for (let column = end - row; column < ROW; column++) w.char(0x20);
      w.str(`  ${name}`);
    }
    w.char(LINE_END);
  }
}
