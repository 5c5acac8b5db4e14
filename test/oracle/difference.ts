/** What a difference is about, so that a thousand packets with the same one make one line of a report. */
export function classOf(expected: string, actual: string | undefined): string {
  if (actual === undefined) return '(packet not printed)';
  let at = 0;
  while (at < expected.length && expected[at] === actual[at]) at++;
  // Back to the start of the word, so that "length 12" and "length 13" differ in a number, not in a digit.
  while (at > 0 && /[\w.:]/.test(expected[at - 1]!)) at--;
  return `${around(expected, at)}  ⇒  ${around(actual, at)}`;
}
/** A few words on both sides of a place. */
const around = (text: string, at: number): string => {
  const before = normalised(text.slice(Math.max(0, at - 24), at))
    .split(' ')
    .slice(-2)
    .join(' ');
  const after = normalised(text.slice(at, at + 80))
    .split(' ')
    .slice(0, 2)
    .join(' ');
  return `${before}‹${after === '' ? 'end' : after}`;
};
/** Numbers lose their value. */
const normalised = (text: string): string =>
  text
    .replaceAll(/\b0x[0-9a-f]+/gi, '0xH')
    .replaceAll(/\b([0-9a-f]{1,4}:+){2,}[0-9a-f.]*/gi, 'A')
    .replaceAll(/\b\d+(\.\d+)+/g, 'D')
    .replaceAll(/\b\d+/g, 'N')
    .replaceAll('\n', '⏎')
    .replaceAll('\t', '→');

/** A character that nobody can see, shown. */
const visible = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: showing them is the purpose.
  text.replaceAll(/[\x00-\x08\x0b-\x1f\x7f-\xff]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);

/** So many lines show what it is about, where the others are hexadecimal mostly. */
const MOST_LINES = 40;

/** Both texts, one under the other, with a mark where they part. */
export function sideBySide(expected: string, actual: string | undefined): string {
  const theirs = visible(expected).split('\n');
  const ours = visible(actual ?? '(packet not printed)').split('\n');
  const lines: string[] = [];
  for (let i = 0; lines.length < MOST_LINES && i < Math.max(theirs.length, ours.length); i++) {
    const a = theirs[i];
    const b = ours[i];
    if (a === b) {
      lines.push(`    = ${a}`);
      continue;
    }
    if (a !== undefined) lines.push(`    - ${a}`);
    if (b !== undefined) lines.push(`    + ${b}`);
    if (a !== undefined && b !== undefined) {
      let at = 0;
      while (at < a.length && a[at] === b[at]) at++;
      lines.push(`      ${' '.repeat(at)}^`);
    }
  }
  return lines.join('\n');
}
