/**
 * Random texts as filters: each is a program or an error that points into the text, soon.
 * node build.mjs test/filter/capture/fuzz.ts && node dist/scripts/test/filter/capture/fuzz.js [TEXTS] [SEED]
 */
import { compile, matcher } from '../../../src/filter/capture/compile.ts';
import { FilterError } from '../../../src/filter/capture/error.ts';
import { LINK_LAYERS } from '../../../src/filter/capture/link/table.ts';
import { CONSTANTS, KEYWORDS, PROTOCOL_WORDS } from '../../../src/filter/capture/words.ts';
import { Random } from '../../support/random.ts';
import { Expressions } from './expressions.ts';
import { randomPacket } from './packets.ts';
import { run } from './wanted.ts';

const [texts = 200_000, seed = 1] = process.argv.slice(2).map(Number);
const random = new Random(seed);
const packets = Array.from({ length: 50 }, () => randomPacket(random));
const WORDS = [...KEYWORDS.keys(), ...PROTOCOL_WORDS.keys(), ...CONSTANTS.keys()];
const VALUES = [
  '1',
  '80',
  '0x10',
  '017',
  '1.2.3.4',
  '10.1',
  '1.2.3.0/24',
  '::1',
  'fe80::/10',
  '1:2:3:4:5:6',
  '$1f',
  'http',
  '1-5',
  '\\tcp',
  '4294967296',
];
const SIGNS = [
  '(',
  ')',
  '[',
  ']',
  '+',
  '-',
  '*',
  '/',
  '%',
  '&',
  '|',
  '^',
  '<<',
  '>>',
  '<',
  '>',
  '=',
  '==',
  '!=',
  '!',
  '&&',
  '||',
  ':',
  '\\',
  ';',
  '\u0000',
  'é',
  '😀',
];
const LINKS = [...LINK_LAYERS.flatMap((link) => link.types), 999];

function words(): string {
  const pick = (): string =>
    random.of(
      random.of([WORDS, WORDS, VALUES, SIGNS, ['and', 'or', 'not', 'tcp', 'port', 'host', 'len', 'ip', '(', ')']]),
    );
  return Array.from({ length: random.below(16) }, pick).join(random.chance(0.8) ? ' ' : '');
}

function characters(): string {
  return String.fromCharCode(
    ...Array.from({ length: random.below(60) }, () =>
      random.chance(0.9) ? random.between(9, 126) : random.below(65_536),
    ),
  );
}

/** A filter that makes sense, with a few characters changed. */
function mutated(): string {
  const text = [...new Expressions(random, random.of([1, 105, 276, 9]), packets).filter()];
  for (let times = random.below(4); times > 0; times--) {
    text.splice(
      random.below(text.length + 1),
      random.below(3),
      random.chance(0.5) ? random.of(SIGNS) : characters().slice(0, 2),
    );
  }
  return text.join('');
}

const tally = { texts: 0, compiled: 0, refused: 0, slowestMs: 0, slowest: '' };
for (; tally.texts < texts; tally.texts++) {
  const text = random.of([words, words, characters, mutated])();
  const linkType = random.chance(0.5) ? 1 : random.of(LINKS);
  const target = random.chance(0.5) ? 'file' : 'kernel';
  const start = performance.now();
  try {
    const match = matcher(compile(text, { linkType, target, optimise: random.chance(0.9), hosts: () => [] }));
    for (const packet of packets.slice(0, 5)) run(match, packet);
    tally.compiled++;
  } catch (error) {
    const right = error instanceof FilterError && error.at >= 0 && error.at <= text.length && error.reason !== '';
    if (!right) {
      console.log(`FAULT ${linkType} ${JSON.stringify(text)}\n${(error as Error).stack}`);
      process.exitCode = 1;
    }
    tally.refused++;
  }
  const ms = performance.now() - start;
  if (ms > tally.slowestMs) Object.assign(tally, { slowestMs: Math.round(ms), slowest: text.slice(0, 100) });
}
console.log(JSON.stringify(tally));
