/**
 * Measures hooktap beside tcpdump and tshark, and says whether the bars are met.
 *   node build.mjs && node build.mjs bench/run.ts && node dist/scripts/bench/run.js [--quick] [--runs N] [--only NAME]
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { textTable } from '../test/oracle/tally.ts';
import { project } from '../test/support/project.ts';
import { type Captures, captures, FULL_SIZES, QUICK_SIZES, type Sizes } from './generate.ts';
import { type Command, cpuSeconds, inTurn, peakMiB, wallSeconds, warm } from './measure.ts';

const HOOKTAP = join(project, 'dist', 'hooktap.cjs');
const hooktap = (...args: string[]): Command => [process.execPath, HOOKTAP, 'read', ...args];
const tcpdump = (...args: string[]): Command => ['tcpdump', ...args];

interface Result {
  readonly what: string;
  /** As shown: `1.234 s`. */
  readonly theirs: string;
  readonly ours: string;
  readonly value: number;
  /** At most this. */
  readonly bar: number;
  readonly unit: string;
}
interface Bench {
  readonly name: string;
  run(files: Captures, sizes: Sizes, runs: number): Result;
}

const seconds = (value: number): string => `${value.toFixed(3)} s`;
/** CPU time beside tcpdump's. */
function cpu(name: string, what: string, bar: number, file: keyof Captures, ours: string[], theirs: string[]): Bench {
  return {
    name,
    run(files, _sizes, runs) {
      const path = files[file];
      const pair = inTurn(
        runs,
        () => cpuSeconds(hooktap(path, ...ours)),
        () => cpuSeconds(tcpdump('-nn', '-r', path, ...theirs)),
      );
      return { what, theirs: seconds(pair.theirs), ours: seconds(pair.ours), value: pair.ratio, bar, unit: '×' };
    },
  };
}
/** So many packets of the mixed capture are enough for tshark, which is slow. */
const SLICE = 100_000;
const FIVE = ['frame.number', 'frame.time_epoch', 'ip.src', 'ip.dst', 'tcp.dstport'].flatMap((name) => ['-e', name]);
/**
 * CPU time of a packet of the mixed capture. Ours reads all of it, and its start counts; tshark reads a part, and what it
 * takes to start and read one packet does not count, so that the part it reads does not matter. tshark verifies no
 * checksums: -K.
 */
function besideTshark(name: string, what: string, bar: number, ours: string[], theirs: string[]): Bench {
  return {
    name,
    run({ mix }, sizes, runs) {
      const slice = Math.min(sizes.mix, SLICE);
      const tshark = (count: number) => cpuSeconds(['tshark', '-n', '-r', mix, '-c', String(count), ...theirs]);
      const pair = inTurn(
        Math.min(runs, 3),
        () => cpuSeconds(hooktap(mix, ...ours)) / sizes.mix,
        () => (tshark(slice) - tshark(1)) / (slice - 1),
      );
      const micros = (value: number) => `${(value * 1e6).toFixed(1)} µs`;
      return { what, theirs: micros(pair.theirs), ours: micros(pair.ours), value: pair.ratio, bar, unit: '×' };
    },
  };
}
const memory = (name: string, what: string, file: keyof Captures): Bench => ({
  name,
  run: (files) => {
    const peak = peakMiB(hooktap(files[file]));
    return { what, theirs: '', ours: `${peak.toFixed(0)} MiB`, value: peak, bar: 150, unit: ' MiB' };
  },
});
const start: Bench = {
  name: 'start',
  run(files, _sizes, runs) {
    const pair = inTurn(
      runs * 5,
      () => wallSeconds(hooktap(files.one)),
      () => wallSeconds([process.execPath, '-e', '0']),
    );
    const what = 'one packet, wall time, beside node -e 0';
    return { what, theirs: seconds(pair.theirs), ours: seconds(pair.ours), value: pair.ratio, bar: 1.6, unit: '×' };
  },
};
/** As many packets of both, so that the compiler's warming up weighs the same; what starting costs is taken off. */
const growth: Bench = {
  name: 'growth',
  run(files, sizes, runs) {
    const count = sizes.halfOpen;
    const idle = inTurn(
      runs,
      () => cpuSeconds(hooktap(files.one)),
      () => 1,
    ).ours;
    const perPacket = (...args: string[]) => (cpuSeconds(hooktap(...args)) - idle) / count;
    const pair = inTurn(
      runs,
      () => perPacket(files.halfOpen),
      () => perPacket(files.small, '-c', String(count)),
    );
    const nanos = (value: number) => `${(value * 1e9).toFixed(0)} ns`;
    const what = 'CPU per packet of half-open connections, beside small packets';
    return { what, theirs: nanos(pair.theirs), ours: nanos(pair.ours), value: pair.ratio, bar: 1.5, unit: '×' };
  },
};

/** What a capture filter costs shows best where nothing is printed. */
function counted(name: string, what: string, bar: number, file: keyof Captures, filter: string): Bench {
  return cpu(name, what, bar, file, ['--count', filter], ['--count', filter]);
}
/** Loads of fixed and of computed places, masks, and several ways through the program. */
const COMPLEX =
  '(tcp[tcpflags] & (tcp-syn|tcp-fin) != 0 and net 10.0.0.0/8) or (udp and (port 53 or port 123) and not host 10.1.2.3)' +
  ' or (ip[2:2] > 1000 and portrange 1024-2048)';

/** Layers 2 to 4, of which most packets fail the first test and some the last. */
const DISPLAYED = 'tcp.flags.syn == 1 and tcp.flags.ack == 0 and ip.addr == 10.0.0.0/8';
/** Once for tshark, which takes half a minute. */
const display: Bench = {
  name: 'display',
  run(files, _sizes, runs) {
    const theirs = cpuSeconds(['tshark', '-n', '-r', files.mix, '-Y', DISPLAYED]);
    const pair = inTurn(
      runs,
      () => cpuSeconds(hooktap(files.mix, '--count', '-Y', DISPLAYED)),
      () => theirs,
    );
    const what = 'count mixed packets with a display filter, beside tshark -Y';
    return { what, theirs: seconds(theirs), ours: seconds(pair.ours), value: pair.ratio, bar: 0.05, unit: '×' };
  },
};

const BENCHES: readonly Bench[] = [
  cpu('copy', 'copy small packets (-w /dev/null)', 0.8, 'small', ['-w', '/dev/null'], ['-w', '/dev/null']),
  cpu('lines-small', 'lines of small packets', 0.25, 'small', [], []),
  cpu('lines-big', 'lines of big packets', 0.45, 'big', [], []),
  cpu('lines-mix', 'lines of mixed packets', 0.6, 'mix', [], []),
  cpu('hex-small', 'lines and bytes of small packets (-x)', 0.15, 'small', ['-x'], ['-x']),
  counted('count-simple', 'count small packets with a simple capture filter', 1, 'small', 'tcp'),
  counted('count-complex', 'count small packets with a complex capture filter', 1, 'small', COMPLEX),
  counted('count-mix', 'count mixed packets with a complex capture filter', 1.15, 'mix', COMPLEX),
  display,
  memory('memory-small', 'peak memory, small packets', 'small'),
  memory('memory-big', 'peak memory, big packets', 'big'),
  besideTshark(
    'fields',
    'five fields (-T fields), beside tshark',
    0.03,
    ['-T', 'fields', ...FIVE],
    ['-T', 'fields', ...FIVE],
  ),
  besideTshark('json', 'every field (-T json), beside tshark -T ek', 0.06, ['-T', 'json', '-K'], ['-T', 'ek']),
  besideTshark('tree', 'every field with its place (-T tree), beside tshark -V', 0.1, ['-T', 'tree', '-K'], ['-V']),
  start,
  growth,
];

/** Of so many packets of a file are the outputs compared: in hex, those of the longest packets are 60 MB. */
const COMPARED: Readonly<Record<keyof Captures, number>> = {
  small: 20_000,
  mix: 20_000,
  big: 2_000,
  halfOpen: 20_000,
  one: 1,
};
/** A benchmark of different output compares nothing. What is longer than the buffer would be cut, at any place. */
function sameOutput(path: string, args: string[]): boolean {
  const print = ([program, ...rest]: Command) => {
    const options = { env: { ...process.env, TZ: 'UTC' }, maxBuffer: 2 ** 28 };
    const { stdout, error } = spawnSync(program, rest, options);
    if (error !== undefined) throw new Error(`${program} ${rest.join(' ')}: ${error.message}`);
    return stdout;
  };
  return print(hooktap(path, ...args)).equals(print(tcpdump('-nn', '-r', path, ...args)));
}

function measured(bench: Bench, files: Captures, sizes: Sizes, runs: number): Result {
  try {
    return bench.run(files, sizes, runs);
  } catch (error) {
    const what = `${bench.name}: ${(error as Error).message}`;
    return { what, theirs: '', ours: '', value: Number.NaN, bar: 0, unit: '×' };
  }
}
function main(): void {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      runs: { type: 'string' },
      only: { type: 'string', default: '' },
    },
  });
  const sizes = values.quick ? QUICK_SIZES : FULL_SIZES;
  const runs = Number(values.runs ?? (values.quick ? 3 : 5));
  const files = captures(sizes);
  for (const [file, path] of Object.entries(files) as [keyof Captures, string][]) {
    warm(path);
    for (const args of [[], ['-x']].map((more) => ['-c', `${COMPARED[file]}`, ...more]))
      if (!sameOutput(path, args)) console.log(`OUTPUT DIFFERS from tcpdump's: ${path} ${args.join(' ')}`);
  }
  const results: Result[] = [];
  for (const bench of BENCHES) {
    if (!bench.name.includes(values.only)) continue;
    process.stderr.write(`${bench.name}\n`);
    results.push(measured(bench, files, sizes, runs));
  }
  const rows = results.map((r) => {
    if (Number.isNaN(r.value)) return [r.what, '', '', '', '', 'FAILED'];
    const value = r.unit === '×' ? r.value.toFixed(r.value < 0.2 ? 3 : 2) : r.value.toFixed(0);
    return [r.what, r.theirs, r.ours, value + r.unit, `≤ ${r.bar}${r.unit}`, r.value <= r.bar ? 'met' : 'FALLS SHORT'];
  });
  console.log(textTable(['what', 'beside', 'hooktap', 'ratio', 'bar', ''], rows));
  if (values.quick) console.log('Small files: starting weighs more than it does in the full benchmark.');
  else if (!results.every((r) => r.value <= r.bar)) process.exitCode = 1;
}
if (process.argv[1]?.endsWith('run.js')) main();
