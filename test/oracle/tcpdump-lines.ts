/**
 * Compares hooktap's lines with tcpdump's, letter for letter, over the third-party captures.
 *   node build.mjs test/oracle/tcpdump-lines.ts && node dist/scripts/test/oracle/tcpdump-lines.js --help
 */
import { parseArgs } from 'node:util';
import { inProcess } from '../support/in-process.ts';
import { whyNoCaptures } from '../support/project.ts';
import { command, type Printer, tcpdumpVersion } from '../support/run.ts';
import type { Difference } from './comparison.ts';
import { BRIEF, type Detail, examples, report } from './report.ts';
import { sweep } from './sweep.ts';
import { runTests, type TestRows } from './tcpdump-tests.ts';

const HELP = `tcpdump-lines [options]: compares lines with tcpdump's
  --protocol P     only packets in which tshark sees the layer P
  --file S         only captures with S in their path
  --args "-v -e"   options for both programs, besides -nn -#
  --diffs N        print N differing packets, one of each class first
  --class S        of those, only classes with S in their name
  --classes N      how many classes of differences to list (30)
  --any            also packets with layers that are not registered
  --tests          instead of all captures, tcpdump's own list of tests with their options (--file S: with S in the test's name)
  --long           list all files that failed or could not be compared
  --command        run ./hooktap for each file instead of its parts in this process (slow)`;

/** What is printed for tcpdump's own tests. */
export function testReport(rows: TestRows, detail: Detail = BRIEF): string {
  const { passed, plain, verbose, all, foreign, options, excluded } = rows;
  return [
    `without -v\n${report(plain, detail)}`,
    `with -v\n${report(verbose, detail)}`,
    ...options.map((row) => `hooktap lacks an option: ${row}`),
    ...excluded.map((row) => `not compared: ${row}`),
    `${all} rows: ${passed} passed; ${foreign} have protocols that are not registered, ${options.length} options that hooktap lacks, ${excluded.length} are not compared`,
    `packets without -v ${plain.total}, with -v ${verbose.total}`,
  ].join('\n\n');
}

async function main(): Promise<void> {
  // The value of --args begins with a dash, which parseArgs takes only when it is joined.
  const args = process.argv.slice(2).join('\n').replace('--args\n', '--args=').split('\n');
  const { values } = parseArgs({
    args: args[0] === '' ? [] : args,
    options: {
      protocol: { type: 'string' },
      file: { type: 'string' },
      args: { type: 'string', default: '' },
      diffs: { type: 'string', default: '0' },
      class: { type: 'string', default: '' },
      classes: { type: 'string', default: '30' },
      any: { type: 'boolean', default: false },
      tests: { type: 'boolean', default: false },
      long: { type: 'boolean', default: false },
      command: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const missing = whyNoCaptures() ?? (tcpdumpVersion() === undefined ? 'tcpdump is not installed' : undefined);
  if (values.help || missing !== undefined) {
    console.log(missing ?? HELP);
    process.exitCode = missing === undefined ? 0 : 1;
    return;
  }
  const printer: Printer = values.command ? command : inProcess;
  const detail = { classes: Number(values.classes), lines: values.long ? Number.POSITIVE_INFINITY : BRIEF.lines };
  const show = (differences: readonly Difference[]) =>
    console.log(
      examples(
        differences.filter((d) => d.class.includes(values.class)),
        Number(values.diffs),
      ),
    );
  if (values.tests) {
    const rows = await runTests(printer, values.file);
    show([...rows.plain.differences, ...rows.verbose.differences]);
    console.log(testReport(rows, detail));
    return;
  }
  const { protocol, file, any } = values;
  const comparison = await sweep(
    { args: values.args.split(' ').filter((arg) => arg !== ''), protocol, file, any },
    printer,
  );
  show(comparison.differences);
  console.log(report(comparison, detail));
}
if (process.argv[1]?.endsWith('tcpdump-lines.js')) await main();
