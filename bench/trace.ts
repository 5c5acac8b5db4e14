/**
 * Measures what tracing costs: how long it takes to begin and to end, how many journeys come out whole, and what other traffic
 * pays. Takes root, and network namespaces of its own.
 *   node build.mjs && node build.mjs bench/datagrams.ts && node build.mjs bench/trace.ts && node dist/scripts/bench/trace.js
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Program } from '../test/live/program.ts';
import { Network } from '../test/live/trace/network.ts';
import { textTable } from '../test/oracle/tally.ts';
import { project } from '../test/support/project.ts';
import { median } from './measure.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    packets: { type: 'string', default: '100000' },
    rate: { type: 'string', default: '20000' },
    only: { type: 'string', default: '' },
  },
});
const [RUNS, PACKETS, RATE] = [Number(values.runs), Number(values.packets), Number(values.rate)];
const LENGTH = 64;
const [PORT, OTHER_PORT] = [5555, 5556];
const rest = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const datagrams = [process.execPath, join(project, 'dist', 'scripts', 'bench', 'datagrams.js')];
const main = [process.execPath, join(project, 'dist', 'hooktap.cjs'), 'trace', '-T', 'json'];

interface Setting {
  readonly title: string;
  readonly address: string;
  build(net: Network): void;
}
const VETH: Setting = { title: 'veth', address: '10.70.0.2', build: (net) => void net.pair() };
const ROUTER: Setting = {
  title: 'router with NAT',
  address: '10.72.0.2',
  build: (net) =>
    void net
      .router()
      .nft('r', 'table ip nat { chain post { type nat hook postrouting priority 100; oifname "r1" masquerade; } }'),
};
interface Sent {
  readonly sent: number;
  readonly perSecond: number;
  /** In seconds, of the sender: with what the kernel does for it, up to the other end's socket. */
  readonly cpu: number;
}
async function send(net: Network, { address }: Setting, count: number, rate = 0): Promise<Sent> {
  const args = [net.of('a'), 'send', address, PORT, count, LENGTH, rate].map(String);
  await using sender = new Program(datagrams[0]!, [datagrams[1]!, ...args]);
  const { out, err, code } = await sender.end();
  if (code !== 0) throw new Error(`the sender failed: ${err}`);
  return JSON.parse(out) as Sent;
}
async function tracing(expression: string, file = '/dev/null'): Promise<{ program: Program; began: number }> {
  const start = performance.now();
  const program = new Program('sh', ['-c', `exec "$@" > ${file}`, 'sh', ...main, expression]);
  await program.until('it traces', ({ err }) => err.includes('tracing'));
  return { program, began: performance.now() - start };
}
async function within(setting: Setting, body: (net: Network) => Promise<void>): Promise<void> {
  using net = new Network();
  setting.build(net);
  await using receiver = new Program(datagrams[0]!, [datagrams[1]!, net.of('b'), 'receive', String(PORT)]);
  await receiver.until('it receives', ({ out }) => out.includes('ready'));
  // Neighbours and connections are to be known.
  await send(net, setting, 2000, 2000);
  await body(net);
  await receiver.end('SIGKILL');
}
const share = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(2)} %`;

/** Of all packets: those whose journey has every step and its end. */
async function completeness(folder: string): Promise<void> {
  const rows: string[][] = [];
  for (const setting of [VETH, ROUTER])
    await within(setting, async (net) => {
      const file = join(folder, 'journeys');
      const { program } = await tracing(`udp port ${PORT}`, file);
      await using _ends = program;
      const { sent, perSecond } = await send(net, setting, PACKETS, RATE);
      await rest(1000);
      const { err } = await program.end('SIGINT');
      const [, events, lost] = /(\d+) events, (\d+) lost/.exec(err) ?? [];
      const whole = wholeJourneys(file);
      rows.push([setting.title, String(perSecond), events!, lost!, share(whole, sent)]);
    });
  const head = ['network', 'packets/s', 'events', 'lost', 'whole journeys'];
  process.stdout.write(`\n${PACKETS} packets, all matched\n${textTable(head, rows)}\n`);
}
/** Whole are those that took the way that most took, which is the whole one: everything else has a hole, or an end of its own. */
function wholeJourneys(file: string): number {
  const ways = new Map<string, number>();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line === '') continue;
    const { steps, outcome } = JSON.parse(line) as { outcome: string; steps: { device: string; hook: string }[] };
    // A connection's first packet asks for a route.
    const way = `${steps.flatMap(({ device, hook }) => (hook === 'route' ? [] : `${device} ${hook}`))} ${outcome}`;
    ways.set(way, (ways.get(way) ?? 0) + 1);
  }
  return Math.max(0, ...ways.values());
}
/** What traffic pays: the sender's speed, in turns without tracing, with it, and with all of it traced. */
async function cost(): Promise<void> {
  const rows: string[][] = [];
  for (const setting of [VETH, ROUTER])
    await within(setting, async (net) => {
      const found: Record<'without' | 'unmatched' | 'matched', Sent[]> = { without: [], unmatched: [], matched: [] };
      for (let run = 0; run < RUNS; run++) {
        found.without.push(await send(net, setting, PACKETS));
        for (const [name, port] of [
          ['unmatched', OTHER_PORT],
          ['matched', PORT],
        ] as const) {
          const { program } = await tracing(`udp port ${port}`);
          await using _ends = program;
          await rest(300);
          found[name].push(await send(net, setting, PACKETS));
          await program.end('SIGINT');
        }
      }
      const ratio = (name: 'unmatched' | 'matched', of: (sent: Sent) => number): string =>
        median(found[name].map((sent, i) => of(sent) / of(found.without[i]!))).toFixed(2);
      for (const name of ['unmatched', 'matched'] as const)
        rows.push([
          setting.title,
          name,
          ratio(name, ({ perSecond }) => perSecond),
          ratio(name, ({ sent, cpu }) => sent / cpu),
        ]);
    });
  process.stdout.write(
    `\nThroughput of a sender at full speed, without tracing = 1\n${textTable(['network', 'traffic', 'by the clock', 'by CPU time'], rows)}\n`,
  );
}
async function times(): Promise<void> {
  const [begin, end]: number[][] = [[], []];
  await within(ROUTER, async () => {
    for (let run = 0; run < RUNS; run++) {
      const { program, began } = await tracing(`udp port ${OTHER_PORT}`);
      begin!.push(began);
      await rest(500);
      const start = performance.now();
      await program.end('SIGINT');
      end!.push(performance.now() - start);
    }
  });
  const text = (all: number[]) => `${median(all).toFixed(0)} ms (best ${Math.min(...all).toFixed(0)} ms)`;
  process.stdout.write(`\nFrom the command to the first event: ${text(begin!)}; to end: ${text(end!)}\n`);
}

const folder = mkdtempSync(join(tmpdir(), 'hooktap-bench-'));
try {
  const parts = { times, completeness: () => completeness(folder), cost };
  for (const [name, part] of Object.entries(parts)) if (values.only === '' || values.only === name) await part();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
