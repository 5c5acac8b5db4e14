import type { Line, Span, Style } from './pane.ts';
import { columnsOf } from './safe-text.ts';

/** A line in which so many columns from one on have another style; where it has none, it gets spaces. */
export function highlighted(line: Line, from: number, columns: number, style: Style): Line {
  const out: Span[] = [];
  const add = (text: string, how: Style) => {
    const last = out.at(-1);
    if (last?.style === how) out[out.length - 1] = { text: last.text + text, style: how };
    else out.push({ text, style: how });
  };
  let at = 0;
  const isMeant = () => at >= from && at < from + columns;
  for (const { text, style: own } of line) {
    for (const letter of text) {
      add(letter, isMeant() ? style : own);
      at += columnsOf(letter);
    }
  }
  while (at < from + columns) {
    add(' ', isMeant() ? style : 'plain');
    at++;
  }
  return out;
}
