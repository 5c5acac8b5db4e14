/**
 * Compares display filters with tshark's over made-up filters and captures that others made:
 * node build.mjs test/filter/display/differential.ts && node dist/scripts/test/filter/display/differential.js [SEED] [CAPTURES] [FILTERS]
 * FILTERS is for each capture. Needs a tshark with Lua; what it answered is kept in the temporary folder.
 */
import { protocols } from '../../../dissectors/index.ts';
import { Registry } from '../../../src/dissect/registry.ts';
import { smallCaptures } from '../../support/captures.ts';
import { Random } from '../../support/random.ts';
import { compareCapture, newTally } from './compare.ts';
import { tsharkTypes } from './tshark.ts';

process.env.TZ = 'UTC';
const [seed = 1, captures = 40, filters = 50] = process.argv.slice(2).map(Number);
const types = tsharkTypes();
if (types === undefined) throw new Error('tshark is not installed');
const registry = new Registry(protocols);
const random = new Random(seed);
const small = smallCaptures();
const tally = newTally();
for (let i = 0; i < captures; i++) await compareCapture(random.of(small), filters, random, registry, types, tally);
const { differences, ...counts } = tally;
for (const difference of differences) console.log(difference);
console.log(JSON.stringify({ seed, ...counts, differences: differences.length }));
