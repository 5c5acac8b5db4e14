import { expect, test } from 'vitest';
import { protocols } from '../../../dissectors/index.ts';
import { Registry } from '../../../src/dissect/registry.ts';
import { smallCaptures } from '../../support/captures.ts';
import { requireAll, whyNoCaptures } from '../../support/project.ts';
import { Random } from '../../support/random.ts';
import { compareCapture, newTally } from './compare.ts';
import { tsharkHasLua, tsharkTypes } from './tshark.ts';

const why = whyNoCaptures() ?? (tsharkHasLua() ? undefined : 'no tshark with Lua is installed');

/** A slice of what differential.ts does. */
test.skipIf(why !== undefined && !requireAll)(
  `made-up filters find what tshark finds${why === undefined ? '' : ` (${why})`}`,
  async () => {
    const random = new Random(5);
    const registry = new Registry(protocols);
    const tally = newTally();
    const captures = smallCaptures();
    for (let i = 0; i < 5; i++) await compareCapture(random.of(captures), 60, random, registry, tsharkTypes()!, tally);
    expect(tally.differences).toEqual([]);
    expect(tally.matching).toBeGreaterThan(30);
  },
  60_000,
);
