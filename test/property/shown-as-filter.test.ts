/** What is shown can be typed as a filter, whatever the protocol. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { protocols } from '../../dissectors/index.ts';
import { Frame } from '../../src/dissect/frame.ts';
import { Registry } from '../../src/dissect/registry.ts';
import { compileDisplayFilter } from '../../src/filter/display/compile.ts';
import { everyFrame } from '../filter/display/apply.ts';
import { shownIn } from '../filter/display/shown.ts';
import { project } from '../support/project.ts';
import { Random } from '../support/random.ts';
import { StackGrower, underLens } from '../support/stack.ts';

const registry = new Registry(protocols);
const frame = new Frame(registry);
const grower = new StackGrower(registry);
const ROUNDS = 12;

/** The fields that the frame shows and whose filter does not match it. */
function unmatched(of: Frame): string[] {
  const wrong = new Set<string>();
  for (const { filter } of shownIn(of)) {
    try {
      if (!compileDisplayFilter(filter, registry).matches(of)) wrong.add(filter);
    } catch (error) {
      wrong.add((error as Error).message);
    }
  }
  return [...wrong];
}

describe.each(protocols.map((p, id) => ({ name: p.name, id })))('$name', ({ id, name }) => {
  test('shows nothing that cannot be typed as a filter', () => {
    for (let round = 0; round < ROUNDS; round++) {
      const random = new Random(round * 1000 + id);
      const length = random.of([20, 64, 128, 300]) + random.below(16);
      const bytes = round % 3 === 0 ? random.bytes(length) : grower.grow(random, id, length);
      underLens(frame, bytes).dissect(id);
      expect(unmatched(frame), `${name}, round ${round}`).toEqual([]);
    }
  });
});
describe('the fixtures', () => {
  const folder = join(project, 'fixtures', 'protocols');
  test.each(readdirSync(folder).filter((name) => /\.pcap(ng)?$/.test(name)))('%s', async (name) => {
    await everyFrame(join(folder, name), registry, (one) => {
      expect(unmatched(one), `packet ${one.number}`).toEqual([]);
    });
  });
});
