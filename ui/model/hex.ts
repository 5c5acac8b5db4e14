import { type Line, type Span, span } from './pane.ts';

/** `0010  45 00 00 3c 1c 46 40 00  40 06 b1 e6 c0 a8 00 68  E..<.F@. @......h` takes so many columns. */
const columnsFor = (bytes: number): number => 6 + bytes * 4 + 2;
/** As many bytes in a row as fit, in eights. */
export function bytesInRow(columns: number): number {
  for (const count of [32, 16]) if (columnsFor(count) <= columns) return count;
  return 8;
}
/** Rows of a packet's bytes; `[from, to)` is meant at the moment. */
export function hexLines(
  bytes: Uint8Array,
  firstRow: number,
  rows: number,
  perRow: number,
  from: number,
  to: number,
): Line[] {
  const lines: Line[] = [];
  for (let row = firstRow; row < firstRow + rows && row * perRow < bytes.length; row++)
    lines.push(hexLine(bytes, row * perRow, perRow, from, to));
  return lines;
}
function hexLine(bytes: Uint8Array, start: number, perRow: number, from: number, to: number): Line {
  const line: Span[] = [span(start.toString(16).padStart(4, '0'), 'dim'), span('  ')];
  const text: Span[] = [];
  for (let i = 0; i < perRow; i++) {
    const at = start + i;
    const byte = bytes[at];
    const meant = at >= from && at < to;
    const style = meant ? 'place' : 'plain';
    const gap = i % 8 === 7 ? '  ' : ' ';
    line.push(span(byte === undefined ? '  ' : byte.toString(16).padStart(2, '0'), style));
    // What is meant is one run, gaps included.
    line.push(span(i + 1 === perRow ? ' ' : gap, meant && at + 1 < to && i + 1 < perRow ? 'place' : 'plain'));
    if (byte === undefined) continue;
    const shown = byte > 0x1f && byte < 0x7f ? String.fromCharCode(byte) : '.';
    text.push(span(shown, meant ? 'place' : shown === '.' ? 'dim' : 'plain'));
  }
  return [...line, span(' '), ...text];
}
/** Which byte a click at a column of a row means; undefined: none. */
export function byteAt(column: number, row: number, perRow: number): number | undefined {
  for (let i = 0; i < perRow; i++) {
    const left = 6 + i * 3 + (i >> 3);
    if (column >= left && column < left + 2) return row * perRow + i;
    const text = 6 + perRow * 3 + ((perRow - 1) >> 3) + 1 + i;
    if (column === text) return row * perRow + i;
  }
  return undefined;
}
