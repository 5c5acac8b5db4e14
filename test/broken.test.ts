/** The command on damaged files: what is before the damage on stdout, what happened on stderr, and the exit code. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { failingFixtures } from '../fixtures/all.ts';
import { commandOnFixtures } from '../fixtures/command.ts';
import { beside } from '../fixtures/golden.ts';
import { project } from './support/project.ts';

const kept = (path: string, suffix: string): string =>
  readFileSync(join(project, 'fixtures', beside(path, suffix)), 'latin1');
const [DONE, FAILED] = [0, 1];

let read: ReturnType<typeof commandOnFixtures>;
beforeAll(() => {
  read = commandOnFixtures();
});
test.each(failingFixtures)('$path', ({ path }) => {
  expect(read(path)).toEqual({ code: FAILED, out: kept(path, '.txt'), err: kept(path, '.err') });
});
test('a whole file', () => {
  expect(read('first.pcap')).toEqual({ code: DONE, out: kept('first.pcap', '.txt'), err: '' });
});
