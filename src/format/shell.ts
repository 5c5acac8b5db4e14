/** A file's name as a person should see it: names are hostile, too. */
export function displayed(path: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  return path.replace(/[\u0000-\u001f\u007f-\u009f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
/** A file's name as a shell takes it for one word. */
export function quoted(path: string): string {
  return /^[\w./:@%+=,-]+$/.test(path) ? path : `'${displayed(path).replaceAll("'", `'\\''`)}'`;
}
/** What a message calls the input. */
export function inputName(path: string): string {
  return path === '-' ? 'the standard input' : displayed(path);
}
