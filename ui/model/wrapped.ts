import { columnsOf, shortened } from './safe-text.ts';

/** A text on as many lines as it needs, each with `indent` in front; it is parted at spaces, and words that are too long are cut. */
export function wrapped(text: string, columns: number, indent: string): string[] {
  const room = Math.max(1, columns - columnsOf(indent));
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (columnsOf(longer) <= room) line = longer;
    else {
      if (line !== '') lines.push(line);
      line = shortened(word, room);
    }
  }
  return [...lines, line].map((each) => indent + each);
}
