/**
 * Random texts end as a filter or as an error that names a place:
 * node build.mjs test/filter/display/fuzz.ts && node dist/scripts/test/filter/display/fuzz.js [COUNT] [SEED]
 */
import { protocols } from '../../../dissectors/index.ts';
import { Frame } from '../../../src/dissect/frame.ts';
import { Registry } from '../../../src/dissect/registry.ts';
import { compileDisplayFilter } from '../../../src/filter/display/compile.ts';
import { DisplayFilterError } from '../../../src/filter/display/error.ts';
import { FUNCTIONS } from '../../../src/filter/display/functions.ts';
import { OPERATOR_WORDS } from '../../../src/filter/display/lexer.ts';
import { Random } from '../../support/random.ts';
import { StackGrower, underLens } from '../../support/stack.ts';

const registry = new Registry(protocols);
const NAMES = [...registry.fields.keys(), ...protocols.map((p) => p.name), 'frame'];
const VALUES = [
  '0',
  '1',
  '80',
  '0x50',
  '1.5',
  '-1',
  '10.0.0.1',
  '10.0.0.0/8',
  'fe80::1',
  '::/0',
  '00:11:22:33:44:55',
  'aa:bb',
  '"text"',
  '"\\x41"',
  'r"\\d"',
  "'a'",
  'True',
  '"TCP"',
  '"2020-01-01 00:00:00"',
  '"(a|b)*c{2,3}$"',
  '"[^a-z]+"',
  '"\\\\bx(?i)y"',
];
const MARKS = [
  '==',
  '!=',
  '===',
  '!==',
  '<',
  '>=',
  '&',
  '+',
  '-',
  '*',
  '/',
  '%',
  '(',
  ')',
  '{',
  '}',
  ',',
  '..',
  '[0]',
  '[1:2]',
  '[-1:]',
  '[0-2,4]',
  '#1',
  '#[1-2]',
  '@',
  '$',
  '&&',
  '||',
  '^^',
  '!',
  '~',
  '~=',
  ...OPERATOR_WORDS,
];
const CHARACTERS = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).concat([
  '\n',
  '\t',
  '\0',
  'é',
  '😀',
  '\ud800',
  '\u2028',
]);

function randomFilter(random: Random): string {
  const kind = random.below(4);
  if (kind === 0) return Array.from({ length: random.below(40) }, () => random.of(CHARACTERS)).join('');
  const piece = () =>
    random.of([
      () => random.of(NAMES),
      () => random.of(VALUES),
      () => random.of(MARKS),
      () => random.of(MARKS),
      () => `${random.of(Object.keys(FUNCTIONS))}(`,
    ])();
  const words = Array.from({ length: random.below(14) }, piece);
  if (kind === 1) return words.join(random.of([' ', ' ', '']));
  const good = () => `${random.of(NAMES)} ${random.of(MARKS)} ${random.of(VALUES)}`;
  const text = Array.from({ length: random.between(1, 4) }, good).join(` ${random.of(['and', 'or', '||', 'xor'])} `);
  if (kind === 2) return text;
  const at = random.below(text.length);
  return (
    text.slice(0, at) + random.of([random.of(CHARACTERS), random.of(MARKS), '']) + text.slice(at + random.below(3))
  );
}
export interface FuzzTally {
  filters: number;
  refused: number;
  matches: number;
}
/** Throws when something else than a filter or a placed error comes out, or when one takes too long. */
export function fuzz(count: number, seed: number): FuzzTally {
  const random = new Random(seed);
  const frame = new Frame(registry);
  const bytes = new StackGrower(registry).grow(random, registry.id('eth'), 200);
  underLens(frame, bytes).dissect(registry.id('eth'));
  const tally: FuzzTally = { filters: 0, refused: 0, matches: 0 };
  for (let i = 0; i < count; i++) {
    const text = randomFilter(random);
    const before = process.cpuUsage();
    tally.filters++;
    try {
      if (compileDisplayFilter(text, registry).matches(frame)) tally.matches++;
    } catch (error) {
      if (!(error instanceof DisplayFilterError)) throw new Error(`${JSON.stringify(text)}: ${(error as Error).stack}`);
      if (!(error.at >= 0 && error.at <= text.length)) throw new Error(`${JSON.stringify(text)}: place ${error.at}`);
      if (/[\p{Cc}\p{Cs}]/u.test(error.message.replaceAll('\n', '')))
        throw new Error(`${JSON.stringify(text)}: ${JSON.stringify(error.message)}`);
      tally.refused++;
    }
    const { user } = process.cpuUsage(before);
    if (user > 1_000_000) throw new Error(`${JSON.stringify(text)}: took ${user} µs`);
  }
  return tally;
}
if (process.argv[1]?.endsWith('fuzz.js')) {
  const [count = 200_000, seed = 1] = process.argv.slice(2).map(Number);
  console.log(JSON.stringify(fuzz(count, seed)));
}
