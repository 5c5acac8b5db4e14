/**
 * Measures captures beside tcpdump and dumpcap: losses, CPU for each packet, latency. Takes root, and two network namespaces
 * of its own.
 *   node build.mjs && node build.mjs bench/sender.ts && node build.mjs bench/capture.ts && node dist/scripts/bench/capture.js
 * `--packets` are measured after `--warm` others; `--rates` are packets a second asked for, 0: as many as can be.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Program } from '../test/live/program.ts';
import { World } from '../test/live/world.ts';
import { textTable } from '../test/oracle/tally.ts';
import { project } from '../test/support/project.ts';
import { median } from './measure.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    packets: { type: 'string', default: '1000000' },
    warm: { type: 'string', default: '200000' },
    rates: { type: 'string', default: '150000,0' },
    lengths: { type: 'string', default: '64,1400' },
    only: { type: 'string', default: '' },
  },
});
const [RUNS, PACKETS, WARM] = [Number(values.runs), Number(values.packets), Number(values.warm)];
const RATES = values.rates.split(',').map(Number);
const LENGTHS = values.lengths.split(',').map(Number);
const rest = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** CPU time of all threads of a process so far, in seconds. */
function cpuOf(pid: number): number {
  let nanos = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`))
    nanos += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
  return nanos / 1e9;
}
/** `ip netns exec` becomes the program, dumpcap's own children are none: the process is the one that was started. */
interface Capturer {
  readonly name: string;
  command(file: string): string[];
  /** Packets captured and lost, by its last words. */
  counts(err: string): { captured: number; lost: number };
}
const number = (pattern: RegExp, text: string): number => Number(pattern.exec(text)?.[1] ?? Number.NaN);
const asTcpdump = (err: string) => ({
  captured: number(/(\d+) packets? captured/, err),
  lost: number(/(\d+) packets? dropped by kernel/, err),
});
const hooktapCommand = (netns: string, ...args: string[]) => [
  process.execPath,
  join(project, 'dist', 'hooktap.cjs'),
  ...['capture', '--netns', netns, '-i', 'east', '-Z', 'root', '--force', ...args],
];

const world = new World();
const inside = ['ip', 'netns', 'exec', world.right];
const TCPDUMP: Capturer = {
  name: 'tcpdump',
  command: (file) => [...inside, 'tcpdump', '-nn', '-i', 'east', '-Z', 'root', '-B', '32768', '-w', file],
  counts: asTcpdump,
};
const CAPTURERS: readonly Capturer[] = [
  { name: 'hooktap', command: (file) => hooktapCommand(world.right, '-w', file), counts: asTcpdump },
  {
    name: 'hooktap, pcap',
    command: (file) => hooktapCommand(world.right, '-w', file, '--format', 'pcap'),
    counts: asTcpdump,
  },
  TCPDUMP,
  {
    name: 'dumpcap',
    command: (file) => [...inside, 'dumpcap', '-q', '-i', 'east', '-B', '32', '-w', file],
    counts: (err) => ({
      captured: number(/received\/dropped on interface '\S+': (\d+)\//, err),
      lost: number(/received\/dropped on interface '\S+': \d+\/(\d+)/, err),
    }),
  },
];
async function send(count: number, length: number, rate: number): Promise<{ sent: number; perSecond: number }> {
  const args = [join(project, 'dist', 'scripts', 'bench', 'sender.js'), world.left, 'west', count, length, rate];
  await using sender = new Program(process.execPath, args.map(String));
  const { out, code, err } = await sender.end();
  if (code !== 0) throw new Error(`the sender failed: ${err}`);
  return JSON.parse(out) as { sent: number; perSecond: number };
}
interface Measured {
  readonly captured: number;
  readonly lost: number;
  readonly sent: number;
  readonly perSecond: number;
  readonly nanosEach: number;
}
async function measure(capturer: Capturer, file: string, length: number, rate: number): Promise<Measured> {
  const [program, ...args] = capturer.command(file);
  await using running = new Program(program!, args);
  await running.until('it listens', ({ err }) => /listening on|File: |Capturing on/.test(err));
  await rest(700);
  // Everybody is to be warm: programs compile themselves, files have their first pages.
  await send(WARM, length, rate);
  await rest(500);
  const before = cpuOf(running.pid);
  const { sent, perSecond } = await send(PACKETS, length, rate);
  await rest(700);
  const cpu = cpuOf(running.pid) - before;
  const { err } = await running.end('SIGINT');
  const { captured, lost } = capturer.counts(err);
  return { captured, lost, sent: sent + WARM, perSecond, nanosEach: (cpu * 1e9) / (captured - WARM) };
}

async function throughput(folder: string): Promise<void> {
  const cases = RATES.flatMap((rate) => LENGTHS.map((length) => [length, rate] as const));
  for (const [length, rate] of cases) {
    for (const where of ['/dev/null', join(folder, 'capture')]) {
      const found = new Map<Capturer, Measured[]>(CAPTURERS.map((each) => [each, []]));
      for (let run = 0; run < RUNS; run++)
        for (const each of CAPTURERS) {
          found.get(each)!.push(await measure(each, where, length, rate));
          rmSync(join(folder, 'capture'), { force: true });
        }
      // The least of the runs: whatever else the machine did can only have added to it.
      const least = (each: Capturer) => Math.min(...found.get(each)!.map(({ nanosEach }) => nanosEach));
      const reference = least(TCPDUMP);
      const rows = CAPTURERS.map((each) => {
        const all = found.get(each)!;
        const of = (key: keyof Measured) => median(all.map((one) => one[key]));
        const exact = all.every(({ captured, lost, sent }) => captured + lost === sent);
        const share = ((of('lost') / of('sent')) * 100).toFixed(1);
        const nanos = least(each);
        return [
          each.name,
          `${of('perSecond')}`,
          `${share} %`,
          exact ? 'yes' : 'no',
          `${nanos.toFixed(0)} ns`,
          (nanos / reference).toFixed(2),
        ];
      });
      const title = `${length} bytes, ${rate === 0 ? 'full speed' : `${rate}/s`}, to ${where === '/dev/null' ? where : 'a file'}`;
      const head = ['program', 'sent/s', 'lost', 'captured + lost = sent', 'CPU each', 'tcpdump = 1'];
      process.stdout.write(`\n${title}\n${textTable(head, rows)}\n`);
    }
  }
}
/** From the wire to the printed line, which takes the same clock at both ends. */
async function latency(): Promise<void> {
  for (const args of [[], ['--immediate-mode']]) {
    const [program, ...rest_] = hooktapCommand(world.right, '-tt', '--nano', ...args);
    const delays: number[] = [];
    await using running = new Program(program!, rest_, (text) => {
      const now = (performance.timeOrigin + performance.now()) / 1000;
      for (const [time] of text.matchAll(/^\d{10}\.\d{9}/gm)) delays.push(now - Number(time));
    });
    await running.until('it listens', ({ err }) => err.includes('listening on'));
    await rest(500);
    await send(3000, 100, 1000);
    await rest(500);
    await running.end('SIGINT');
    const sorted = delays.toSorted((a, b) => a - b);
    const at = (part: number) => `${((sorted[Math.floor(sorted.length * part)] ?? Number.NaN) * 1000).toFixed(1)} ms`;
    process.stdout.write(
      `latency ${args[0] ?? 'by default'}: p50 ${at(0.5)}, p99 ${at(0.99)} (${sorted.length} lines)\n`,
    );
  }
}
/** Lines at 50,000 packets a second. */
async function printing(): Promise<void> {
  const [program, ...args] = hooktapCommand(world.right);
  await using running = new Program('sh', ['-c', 'exec "$@" > /dev/null', 'sh', program!, ...args]);
  await running.until('it listens', ({ err }) => err.includes('listening on'));
  await rest(500);
  const { sent, perSecond } = await send(500_000, 100, 50_000);
  await rest(1000);
  const { err } = await running.end('SIGINT');
  const { captured, lost } = asTcpdump(err);
  process.stdout.write(`printed live at ${perSecond}/s: ${captured} of ${sent}, lost ${lost}\n`);
}

const folder = mkdtempSync(join(tmpdir(), 'hooktap-bench-'));
try {
  const parts = { throughput: () => throughput(folder), latency, printing };
  for (const [name, part] of Object.entries(parts)) if (values.only === '' || values.only === name) await part();
} finally {
  world[Symbol.dispose]();
  rmSync(folder, { recursive: true, force: true });
}
