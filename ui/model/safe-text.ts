/**
 * Text that a terminal shows in as many columns as we count, and that it does not obey. Letters that terminals and
 * libraries disagree about are escaped: emoji, what is written from right to left, what combines with the letter before.
 */
export function safe(text: string): string {
  return PLAIN.test(text) ? text : text.replace(UNSAFE, escaped);
}
const PLAIN = /^[\x20-\x7e]*$/;
/** Has it one column for each letter? */
export const isAscii = (text: string): boolean => PLAIN.test(text);
/** Two columns each, everywhere: kana, the unified ideographs, Hangul syllables, full-width forms. */
const WIDE = /[\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff60]/g;
/** All but ASCII, Latin, Greek, Cyrillic, the arrows, lines and blocks that we draw with, and what is wide. */
const UNSAFE =
  /[^\x20-\x7e\u00a1-\u00ac\u00ae-\u02af\u0391-\u03c9\u0410-\u044f\u0401\u0451\u2013-\u201e\u2026\u2190-\u2195\u2500-\u259f\u25b2-\u25cf\u2800-\u28ff\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff60]/gu;
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\0': '\\0' };
function escaped(letter: string): string {
  const code = letter.codePointAt(0)!;
  return SHORT[letter] ?? (code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`);
}
/** Columns of a text that is safe. */
export function columnsOf(text: string): number {
  return PLAIN.test(text) ? text.length : text.length + (text.match(WIDE)?.length ?? 0);
}
/** As much of a safe text as fits so many columns, ending in `…` when there is more; filled up to them. */
export function filled(text: string, columns: number, align: 'left' | 'right' = 'left'): string {
  const cut = shortened(text, columns);
  const space = ' '.repeat(Math.max(0, columns - columnsOf(cut)));
  return align === 'left' ? cut + space : space + cut;
}
/** As much of a safe text as fits so many columns, ending in `…` when there is more. */
export function shortened(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  if (columns <= 0) return '';
  let kept = '';
  let left = columns - 1;
  for (const letter of text) {
    left -= columnsOf(letter);
    if (left < 0) break;
    kept += letter;
  }
  return `${kept}…`;
}
/** The same of a device behind its namespace: when there is no room for both, the name of the device is what tells more. */
export function shortenedPlace(text: string, columns: number): string {
  const cut = text.lastIndexOf('/');
  const room = columns - columnsOf(text.slice(cut));
  if (cut < 0 || room < 2) return shortened(text, columns);
  return shortened(text.slice(0, cut), room) + text.slice(cut);
}
