/** `files:5,filesize:1000`: names out of a list, each with a number. */
export const criteria =
  <Name extends string>(names: readonly Name[]) =>
  (text: string): Partial<Record<Name, number>> => {
    const found: Partial<Record<Name, number>> = {};
    for (const part of text.split(',')) {
      const [name, value] = part.split(':');
      const known = names.find((each) => each === name);
      const number = Number(value === '' ? undefined : value);
      const whole = known === ('duration' as string) || Number.isSafeInteger(number);
      if (known === undefined || !(number > 0) || !Number.isFinite(number) || !whole)
        throw new RangeError(`expected ${names.map((each) => `${each}:NUMBER`).join(', ')}, not "${part}"`);
      found[known] = number;
    }
    return found;
  };

/** One word, or a part of one: bare, with a backslash, or in quotes. */
const PART = /\\(.)|'([^']*)'|"((?:[^"\\]|\\.)*)"|([^\s\\'"]+)/gsy;
/** The words of a command. Quotes keep spaces, and that is all there is: no variables, no patterns, no shell. */
export function commandLine(text: string): string[] {
  const words: string[] = [];
  for (let at = 0; at < text.length; ) {
    const space = /\s*/y;
    space.lastIndex = at;
    at += space.exec(text)![0].length;
    let word: string | undefined;
    for (PART.lastIndex = at; ; at = PART.lastIndex) {
      const match = PART.exec(text);
      if (match === null) break;
      const [, escaped, single, double, bare] = match;
      word = (word ?? '') + (escaped ?? single ?? double?.replace(/\\(["\\])/g, '$1') ?? bare!);
    }
    if (word !== undefined) words.push(word);
    else if (at < text.length) throw new RangeError(`a quote is not closed in "${text}"`);
  }
  if (words.length === 0) throw new RangeError('expected a command');
  return words;
}
