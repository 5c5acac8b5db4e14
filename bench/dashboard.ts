/**
 * Measures the dashboard in a terminal of tmux: live beside a sender, and over big captures.
 *   node build.mjs && node build.mjs bench/sender.ts && node build.mjs bench/dashboard.ts && node dist/scripts/bench/dashboard.js
 * With a file as its argument it measures that file only, with `live` only what is live. Needs root and tmux.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { protocols } from '../dissectors/index.ts';
import { ring } from '../src/capture/ring.ts';
import { EVERYTHING } from '../src/capture/selection.ts';
import { Registry } from '../src/dissect/registry.ts';
import { namespacesOf } from '../src/linux/namespace.ts';
import { World } from '../test/live/world.ts';
import { textTable } from '../test/oracle/tally.ts';
import { project } from '../test/support/project.ts';
import { Tmux } from '../test/support/tmux.ts';
import { Dashboard, LogStore, openStore, Screen } from '../ui/index.ts';
import { captures, FULL_SIZES } from './generate.ts';

const SELF = join(project, 'dist', 'scripts', 'bench', 'dashboard.js');
const SENDER = join(project, 'dist', 'scripts', 'bench', 'sender.js');
const PACKETS_PER_SECOND = 100_000;
const SECONDS = 30;
const SIZE = { columns: 160, rows: 50 } as const;
const FILTER = 'tcp.port == 24111 || udp.length > 900';
const VIEWS = ['1', '2', '3', '4', '5', '6'];
/** Clock ticks of /proc/…/stat in a second. */
const TICKS = 100;

interface Measured {
  readonly [what: string]: number;
}
const percentile = (values: readonly number[], part: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? 0;
/** CPU seconds of the thread that draws. */
function threadSeconds(): number {
  const fields = readFileSync(`/proc/self/task/${process.pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}
/** In the terminal: captures in a namespace, goes through the views, and writes down what it took. */
async function live(netns: string, result: string): Promise<void> {
  const source = await ring.open({
    ...EVERYTHING,
    devices: ['any'],
    namespaces: namespacesOf(netns),
    haste: 'usual',
  });
  const store = new LogStore(source);
  const terminal = new Screen({ unicode: true, term: 'xterm-256color', mouse: true });
  const registry = new Registry(protocols);
  const namespaces = namespacesOf(netns);
  const dashboard = new Dashboard({ registry, source, store, filter: '', theme: 'dark', terminal, namespaces });
  await setTimeout(2000);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  dashboard.app.drawTimes.length = 0;
  const [cpu, at, pictures, seen] = [threadSeconds(), performance.now(), dashboard.app.pictures, store.count];
  await setTimeout(SECONDS * 1000);
  const seconds = (performance.now() - at) / 1000;
  const measured: Measured = {
    'packets/s': (store.count - seen) / seconds,
    'lost by the kernel': store.lost,
    'redraw p99 ms': percentile(dashboard.app.drawTimes, 0.99),
    'redraws/s': (dashboard.app.pictures - pictures) / seconds,
    'event loop delay p99 ms': delay.percentile(99) / 1e6,
    'UI thread, cores': (threadSeconds() - cpu) / seconds,
    'memory MiB': process.memoryUsage.rss() / 2 ** 20,
    'let go': store.first,
  };
  dashboard.app.end();
  await dashboard.finished;
  writeFileSync(result, JSON.stringify(measured));
}
/** In the terminal: opens a file, and does with it what people do first. */
async function file(path: string, result: string): Promise<void> {
  const start = performance.now();
  const { source, store } = await openStore(path);
  const terminal = new Screen({ unicode: true, term: 'xterm-256color', mouse: true });
  const registry = new Registry(protocols);
  const dashboard = new Dashboard({
    registry,
    source,
    store,
    filter: '',
    theme: 'dark',
    terminal,
    namespaces: undefined,
  });
  while (store.count === 0) await setTimeout(1);
  dashboard.app.draw();
  const first = performance.now() - start + process.uptime() * 1000 - performance.now();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await dashboard.ingest.done;
  const indexed = performance.now() - start;
  const jumped = performance.now();
  dashboard.app.key('G', 'G');
  const jump = performance.now() - jumped;
  const filtering = performance.now();
  for (const letter of `/${FILTER}`) dashboard.app.key(letter, letter);
  dashboard.app.key('enter', undefined);
  while (dashboard.listed.progress !== undefined) await setTimeout(10);
  const filtered = performance.now() - filtering;
  const measured: Measured = {
    packets: store.count,
    'first packets ms': first,
    'index s': indexed / 1000,
    'to the last packet ms': jump,
    'filter s': filtered / 1000,
    'event loop delay p99 ms': delay.percentile(99) / 1e6,
    'event loop delay most ms': delay.max / 1e6,
    'redraw p99 ms': percentile(dashboard.app.drawTimes, 0.99),
    'memory MiB': process.memoryUsage.rss() / 2 ** 20,
  };
  dashboard.app.end();
  await dashboard.finished;
  writeFileSync(result, JSON.stringify(measured));
}
async function inTerminal(role: string, argument: string, meanwhile?: (tmux: Tmux) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hooktap-'));
  const result = join(folder, 'result.json');
  try {
    using tmux = new Tmux(`${process.execPath} ${SELF} ${role} ${argument} ${result}`, SIZE.columns, SIZE.rows);
    await meanwhile?.(tmux);
    while (!tmux.ended) await setTimeout(100);
    const measured = JSON.parse(readFileSync(result, 'utf8')) as Measured;
    const rows = Object.entries(measured).map(([what, value]) => [what, value.toFixed(value < 100 ? 2 : 0)]);
    console.log(`${textTable([`${role} ${argument}`, ''], rows)}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
async function besideSender(): Promise<void> {
  using world = new World();
  const count = PACKETS_PER_SECOND * (SECONDS + 6);
  const words = [SENDER, world.left, 'west', count, 200, PACKETS_PER_SECOND].map(String);
  const sender = spawn(process.execPath, words, { stdio: 'ignore' });
  try {
    await inTerminal('live', world.right, async (tmux) => {
      // Somebody looks at everything meanwhile.
      for (let i = 0; i < 2 * SECONDS && !tmux.ended; i++) {
        tmux.keys(VIEWS[i % VIEWS.length]!, 'Down');
        await setTimeout(500);
      }
    });
  } finally {
    sender.kill();
  }
}
async function main(): Promise<void> {
  const [role, argument, result] = process.argv.slice(2);
  if (role === 'live' && argument === undefined) await besideSender();
  else if (role === 'live') await live(argument!, result!);
  else if (role === 'file') await file(argument!, result!);
  else if (role !== undefined) await inTerminal('file', role);
  else {
    await besideSender();
    const { mix, big } = captures(FULL_SIZES);
    for (const path of [mix, big]) await inTerminal('file', path);
  }
}
await main();
