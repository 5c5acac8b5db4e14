/** The shape of the code: who may import whom, and how big a file may be. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
/** Longer files say in their first comment why. */
const MOST_LINES = 400;

/** For each part of the tree, the other parts it may import; `error` is for everybody. Longer paths come first. */
const MAY_IMPORT: readonly (readonly [part: string, imports: readonly string[]])[] = [
  ['src/bytes', []],
  ['src/frame', ['src/bytes']],
  ['src/dissect', ['src/bytes', 'src/frame']],
  ['src/flow', ['src/bytes', 'src/frame', 'src/dissect']],
  ['src/filter', ['src/bytes', 'src/frame', 'src/dissect', 'src/flow']],
  ['src/format', ['src/bytes', 'src/frame']],
  ['src/linux', ['src/bytes']],
  ['src/topology', ['src/linux']],
  ['src/capture', ['src/bytes', 'src/frame', 'src/linux', 'src/format', 'src/filter']],
  [
    'src/trace',
    ['src/bytes', 'src/frame', 'src/linux', 'src/topology', 'src/capture', 'src/filter', 'src/flow', 'src/format'],
  ],
  ['src/diagnose', ['src/trace', 'src/flow', 'src/topology']],
  [
    'src/sink',
    ['src/bytes', 'src/frame', 'src/dissect', 'src/flow', 'src/filter', 'src/format', 'src/capture/source.ts'],
  ],
  ['src/session.ts', ['src/frame', 'src/dissect', 'src/flow', 'src/filter', 'src/sink', 'src/capture/source.ts']],
  ['src/error.ts', []],
  ['src/index.ts', ['src']],
  ['src/cli', ['src', 'dissectors', 'ui']],
  ['dissectors', ['src/bytes', 'src/dissect', 'src/frame']],
  ['ui/widget', ['ui/model', 'ui/theme.ts']],
  ['ui', ['src']],
];
/** Packages, and the only parts that may import them. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  commander: ['src/cli'],
  koffi: ['src/linux'],
  'pcap-parser': ['src/capture'],
  cap: ['src/capture/cap'],
  blessed: ['ui/widget'],
  'blessed-contrib': ['ui/widget'],
};

const sources = ['src', 'dissectors', 'ui']
  .flatMap((folder) => list(join(ROOT, folder)))
  .map((path) => ({ path: relative(ROOT, path), text: readFileSync(path, 'utf8') }));

function list(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}
const partOf = (path: string): string => MAY_IMPORT.find(([part]) => within(path, part))?.[0] ?? '';
const within = (path: string, part: string): boolean => path === part || path.startsWith(`${part}/`);
const importsOf = (text: string): string[] =>
  [...text.matchAll(/^(?:import|export)\b[^;'=]*\bfrom '([^']+)';$|\bimport\('([^']+)'\)/gm)].map(
    (match) => match[1] ?? match[2]!,
  );

describe('imports go one way', () => {
  it('every file belongs to a part whose imports are decided', () => {
    expect(sources.filter(({ path }) => partOf(path) === '').map(({ path }) => path)).toEqual([]);
  });
  it('no part imports what is above it', () => {
    const wrong = sources.flatMap(({ path, text }) => {
      const part = partOf(path);
      const allowed = [part, 'src/error.ts', ...MAY_IMPORT.find(([name]) => name === part)![1]];
      return importsOf(text)
        .filter((target) => target.startsWith('.'))
        .map((target) => normalize(join(dirname(path), target)))
        .filter((target) => !allowed.some((name) => within(target, name)))
        .map((target) => `${path} imports ${target}`);
    });
    expect(wrong).toEqual([]);
  });
  it('packages are imported only where they belong', () => {
    const wrong = sources.flatMap(({ path, text }) =>
      importsOf(text)
        .filter((target) => !target.startsWith('.') && !target.startsWith('node:'))
        .filter((target) => !(PACKAGES[target.split('/')[0]!] ?? []).some((part) => within(path, part)))
        .map((target) => `${path} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe('files', () => {
  it(`have at most ${MOST_LINES} lines, or say in their first comment why not`, () => {
    const long = sources.filter(({ text }) => text.split('\n').length > MOST_LINES);
    expect(
      long.filter(({ text }) => !/^\/\*\*[\s\S]*?\blong\b[\s\S]*?\*\//.test(text)).map(({ path }) => path),
    ).toEqual([]);
  });
  it('have names that say what is in them', () => {
    const vague = /(^|\/)(utils?|helpers?|manager|common|misc)(\.|\/)/;
    expect(sources.filter(({ path }) => vague.test(path)).map(({ path }) => path)).toEqual([]);
  });
  it('index protocol bytes in one place: dissectors read through fields', () => {
    const indexing = /\bbytes\[[^\]]+\]!?\s*(<<|\|)/;
    const wrong = sources.filter(({ path, text }) => path.startsWith('dissectors/') && indexing.test(text));
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });
});
