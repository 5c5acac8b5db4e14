import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { layersOf, type Row, readTable } from '../support/captures.ts';
import { FAULT } from '../support/in-process.ts';
import { splitPackets } from '../support/packets.ts';
import { captureFolder } from '../support/project.ts';
import type { Printer } from '../support/run.ts';
import { allKnown, Comparison } from './comparison.ts';
import { Tally } from './tally.ts';

const folder = join(captureFolder, 'tcpdump');

/** How hooktap does on tcpdump's own list of tests. */
export class TestRows {
  /** Rows of which every packet is alike, of those that were run. */
  readonly passed = new Tally();
  /** Packets of the rows without `-v`, and of those with it. */
  readonly plain = new Comparison();
  readonly verbose = new Comparison();
  all = 0;
  /** Rows whose capture has protocols that are not registered. */
  foreign = 0;
  /** Rows with an option that hooktap does not have. */
  readonly options: string[] = [];
  readonly excluded: string[] = [];
}

export async function runTests(hooktap: Printer, only = ''): Promise<TestRows> {
  const result = new TestRows();
  const rows = readTable(readFileSync(join(folder, 'tests.tsv'), 'utf8'));
  for (const row of rows) if (row.name!.includes(only)) await runRow(row, hooktap, result);
  return result;
}
async function runRow(row: Row, hooktap: Printer, result: TestRows): Promise<void> {
  result.all++;
  const name = row.name!;
  const file = `tcpdump/${row.pcap}`;
  const layers = layersOf(file);
  // Where 4.99.3 differs and nothing is kept of it, the row is for another build or another machine.
  const text = row['installed_4.99.3'] === 'differs' ? row['actual_4.99.3']! : row.expected!;
  const truth = join(folder, text);
  if (row['installed_4.99.3'] === 'no such option')
    result.excluded.push(`${name}: tcpdump 4.99.3 has no such option: ${row.args}`);
  else if (text === '') result.excluded.push(`${name}: for another build of tcpdump (${row.needs})`);
  else if (layers === undefined) result.excluded.push(`${name}: tshark refuses ${row.pcap}`);
  else if (!existsSync(truth)) result.excluded.push(`${name}: nothing is expected of it`);
  else if (!layers.every(allKnown)) result.foreign++;
  else await compareRow(row, file, layers, truth, hooktap, result);
}
async function compareRow(
  row: Row,
  file: string,
  layers: readonly (readonly string[])[],
  truth: string,
  hooktap: Printer,
  result: TestRows,
): Promise<void> {
  const args = words(row.args!);
  const ours = await hooktap(join(folder, row.pcap!), ['-#', '-n', ...args]);
  if (ours.code === 2) {
    result.options.push(`${row.name}: ${row.args}`);
    return;
  }
  const comparison = args.some((arg) => /^-\w*v/.test(arg)) ? result.verbose : result.plain;
  comparison.files++;
  if (ours.code === FAULT) comparison.failures.push(`${row.name}: ${ours.err}`);
  const expected = splitPackets(readFileSync(truth, 'latin1'), true);
  const actual = splitPackets(ours.out, true);
  let passed = expected.length >= actual.length;
  expected.forEach((text, packet) => {
    if (text !== undefined)
      passed = comparison.packet(file, packet, layers[packet] ?? [], text, actual[packet]) && passed;
  });
  result.passed.add(passed);
}
/** Words as a shell would split them. */
const words = (line: string): string[] =>
  Array.from(line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g), (m) => m[1] ?? m[2] ?? m[3]!);
