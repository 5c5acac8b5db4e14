import { Field } from '../../src/bytes/field.ts';
import type { Registry } from '../../src/dissect/registry.ts';
import { ToolError } from '../../src/error.ts';
import { compileDisplayFilter } from '../../src/filter/display/compile.ts';
import { FilterMistake } from '../../src/filter/mistake.ts';
import type { Completion, Verdict } from './prompt.ts';

/** What is said of a display filter while it is typed: that it holds, that it is not finished, or what is wrong where. */
export function judgeFilter(text: string, registry: Registry): Verdict {
  if (text.trim() === '') return { style: 'plain', says: 'all packets' };
  try {
    compileDisplayFilter(text, registry);
    return { style: 'good', says: '' };
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    const reason = error instanceof FilterMistake ? error.reason : error.message;
    const hint = error.hint === undefined ? '' : ` (${error.hint})`;
    // At its end a filter is not wrong but not finished.
    const unfinished = error instanceof FilterMistake && error.at >= lastWord(text);
    return { style: unfinished ? 'warning' : 'bad', says: reason + hint };
  }
}
const lastWord = (text: string): number => text.search(/[\w.]*\s*$/);

/** Field and protocol names, and behind a comparison the names of the field's values. */
export function completeFilter(text: string, at: number, registry: Registry): Completion {
  const before = text.slice(0, at);
  const value = /([\w.]+)\s*(?:==|!=|eq|ne)\s*("?)([\w-]*)$/.exec(before);
  if (value !== null) {
    const [, name, , part] = value;
    return { from: at - part!.length - value[2]!.length, words: valuesOf(registry, name!, part!) };
  }
  const word = /[\w.]*$/.exec(before)![0];
  return { from: at - word.length, words: namesFrom(registry, word) };
}
const MOST_WORDS = 50;
function namesFrom(registry: Registry, word: string): string[] {
  if (word === '') return [];
  const wanted = word.toLowerCase();
  const protocols = [...new Set(registry.shown)].filter((name) => name.startsWith(wanted));
  const fields = [...registry.fields.keys()].filter((name) => name.startsWith(wanted));
  // Whole protocols first; then what has the fewest parts.
  const parts = (name: string) => name.split('.').length;
  return [...protocols, ...fields.toSorted((a, b) => parts(a) - parts(b) || a.localeCompare(b))].slice(0, MOST_WORDS);
}
function valuesOf(registry: Registry, name: string, part: string): string[] {
  const values = new Set<string>();
  for (const { field } of registry.meanings(name)) {
    const names = field instanceof Field ? field.spec.names : field.names;
    for (const value of Object.values(names ?? {}))
      if (value.toLowerCase().startsWith(part.toLowerCase())) values.add(`"${value}"`);
  }
  return [...values].slice(0, MOST_WORDS);
}
