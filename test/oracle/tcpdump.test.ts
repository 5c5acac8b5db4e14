/** The bars for "prints what tcpdump 4.99.3 prints, letter for letter". */
import { describe, expect, test } from 'vitest';
import { inProcess } from '../support/in-process.ts';
import { requireAll, whyNoCaptures } from '../support/project.ts';
import { command, tcpdumpVersion } from '../support/run.ts';
import { report } from './report.ts';
import { sweep } from './sweep.ts';
import { testReport } from './tcpdump-lines.ts';
import { runTests } from './tcpdump-tests.ts';

const VERSION = '4.99.3';
const PLAIN = 0.99;
const VERBOSE = 0.85;

const version = tcpdumpVersion();
const noTcpdump = version === VERSION ? undefined : `needs tcpdump ${VERSION}, found ${version ?? 'none'}`;
const missing = whyNoCaptures();
const timeout = 300_000;

/** A test that says why it cannot run; where nothing may be skipped it fails. */
const testUnless = (why: string | undefined) => (name: string, body: () => Promise<void>) =>
  test.skipIf(why !== undefined && !requireAll)(
    why === undefined ? name : `${name} (${why})`,
    { timeout },
    async () => {
      if (why !== undefined) throw new Error(why);
      await body();
    },
  );

describe('lines of the third-party captures', () => {
  const withBoth = testUnless(missing ?? noTcpdump);

  withBoth('every capture, plain', async () => {
    const comparison = await sweep({ args: [] }, inProcess);
    const text = report(comparison);
    console.log(text);
    expect(
      comparison.failures.filter((f) => f.includes('a fault in hooktap')),
      text,
    ).toEqual([]);
    expect(comparison.total.all).toBeGreaterThan(10_000);
    expect(comparison.total.ratio, text).toBeGreaterThanOrEqual(PLAIN);
  });
  withBoth('every capture, -v', async () => {
    const comparison = await sweep({ args: ['-v'] }, inProcess);
    const text = report(comparison);
    expect(
      comparison.failures.filter((f) => f.includes('a fault in hooktap')),
      text,
    ).toEqual([]);
    expect(comparison.total.ratio, text).toBeGreaterThanOrEqual(VERBOSE);
  });
  withBoth('one capture in fifty through the command itself', async () => {
    const question = { args: ['-e'], every: 50 };
    const built = await sweep(question, command);
    expect(built.files).toBeGreaterThan(5);
    const inside = await sweep(question, inProcess);
    expect(built.differences).toEqual(inside.differences);
    expect(built.total).toEqual(inside.total);
  });
});

testUnless(missing)("tcpdump's own tests", async () => {
  const rows = await runTests(inProcess);
  const text = testReport(rows);
  console.log(text);
  expect([...rows.plain.failures, ...rows.verbose.failures], text).toEqual([]);
  expect(rows.plain.total.ratio, text).toBeGreaterThanOrEqual(PLAIN);
  expect(rows.verbose.total.ratio, text).toBeGreaterThanOrEqual(VERBOSE);
});
