/**
 * The same tasks done in hooktap's dashboard and in termshark, by scripts in a terminal: keys pressed, and seconds waited
 * until the screen shows what was wanted. Needs tmux and termshark (apt-get install tmux termshark).
 *   node build.mjs && node build.mjs bench/tasks.ts && node dist/scripts/bench/tasks.js
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Tmux, whyNoTmux } from '../test/support/tmux.ts';
import { captures, QUICK_SIZES } from './generate.ts';

/** Keys by tmux's names, `=text` types text; then what the screen has to show, and what it must not show any more. */
interface Phase {
  readonly keys: readonly string[];
  readonly shows: RegExp;
  readonly gone?: RegExp;
}
interface Way {
  /** What brings the screen to where the task begins: not counted. */
  readonly before?: readonly Phase[];
  readonly phases: readonly Phase[];
}
interface Task {
  readonly name: string;
  readonly hooktap: Way;
  /** A text: why it cannot be done. */
  readonly termshark: Way | string;
}
interface Cost {
  readonly keys: number;
  readonly seconds: number;
}
const COLUMNS = 120;
const ROWS = 40;
/** A person is not faster; programs that redraw lose keys that come sooner. Not counted. */
const BETWEEN_KEYS_MS = 150;
const PATIENCE_MS = 120_000;
/** Somebody would have given up. */
class GivenUp extends Error {}
/** Of the capture's 7,844 DNS packets the first one that asks for it is packet 88,067. */
const NAME = 'host1540.example.org';
/** termshark shows a percentage as long as tshark reads. */
const READING = /\d %/;
/** Ours, too, behind the number of packets. */
const FILLING = /packets.* \d+%/;

const phase = (keys: readonly string[], shows: RegExp, gone?: RegExp): Phase => ({
  keys,
  shows,
  ...(gone === undefined ? {} : { gone }),
});
/** It takes the filter only when it has looked at it, which is when it shows how the word may go on. */
const TERMSHARK_DNS = [
  phase(['/', '=dns'], /dnsserver/),
  phase(['Enter'], /^ \d+ .* DNS /m, /\d %|\[SYN\]|UDP {2}|ICMP {2}/),
];
/** Over what is typed it lays the filters that were there before, which the next key closes. */
const TERMSHARK_EARLIER = /┃dns +┃/;
const HOOKTAP_DNS = [phase(['/', '=dns', 'Enter'], /7,844 match/, /\d%/)];

/** In this order: each begins where the one before ended. */
function tasks(saved: string): readonly Task[] {
  return [
    {
      name: 'Open a capture and see the first packet',
      hooktap: { phases: [phase([], /^│ +1 +0\.000000 /m)] },
      termshark: { phases: [phase([], /^ 1 +0\.00000 /m)] },
    },
    {
      name: 'Go to the last packet',
      hooktap: {
        phases: [phase([], /100,000 packets/, FILLING), phase(['G'], /^│ *100000 +\d/m)],
      },
      termshark: { phases: [phase([], /Filter:/, READING), phase(['G'], /Frame 100000:/)] },
    },
    { name: 'Filter `dns`', hooktap: { phases: HOOKTAP_DNS }, termshark: { phases: TERMSHARK_DNS } },
    {
      name: "Show a field's bytes: the transaction id",
      hooktap: { phases: [phase(['Enter', 'Down'], /─ dns\.id [┘┐╯]/)] },
      termshark: {
        before: [phase(['Tab', 'Home'], /Frame 32:/)],
        phases: [phase(['Tab', ...times('Down', 5), 'Right', 'Down'], /Transaction ID: 0x/)],
      },
    },
    {
      name: 'List TCP conversations by bytes',
      hooktap: { phases: [phase(['3'], /Conversations: tcp.*[\s\S]*vBytes/)] },
      termshark: {
        phases: [
          phase([':', '=convs', 'Enter'], /TCP \(\d+\)/),
          phase(['Up', 'Up', ...times('Right', 3), 'Enter'], /Port A/),
          phase(['Down', ...times('Right', 5), 'Enter', 'Enter'], /Bytes v/),
        ],
      },
    },
    {
      name: 'Show only the packets of one conversation',
      hooktap: { phases: [phase(['Enter'], /Packets: ip\S* == /, /\d%/)] },
      termshark: {
        phases: [
          phase(['Down', 'Tab', 'Right', 'Enter'], /Not Selected/),
          phase(['1'], /A ↔ B/),
          phase(['1'], /Display filter applied/),
          phase(['Enter', 'q'], /Filter: .*[\s\S]*^ \d+ .* TCP /m, /\d %|DNS/),
        ],
      },
    },
    {
      name: 'Find a text that is far away',
      hooktap: {
        before: [phase(['F', 'g'], /^│ +1 +0\.000000 /m)],
        phases: [phase(['s', `=${NAME}`, 'Enter'], /^│ *88067 /m)],
      },
      termshark: {
        before: [
          phase(['Escape'], /Filter:/, /Display filter applied/),
          phase([':', '=clear-filter', 'Enter'], /^ 1 +0\.00000 /m, READING),
        ],
        phases: [
          phase(['C-f', `=frame contains "${NAME}"`], TERMSHARK_EARLIER),
          phase(['Enter'], /Find:/, TERMSHARK_EARLIER),
          phase(['Enter'], /Frame 88067:/),
        ],
      },
    },
    {
      name: 'Save the packets that match',
      hooktap: { before: HOOKTAP_DNS, phases: [phase(['w', `=${saved}`, 'Enter'], /7,844 packets are in/)] },
      termshark: 'not there: it writes what it captures',
    },
    {
      name: 'Copy a filter of the packet',
      hooktap: { phases: [phase(['y'], /copied: /)] },
      termshark: 'not there: it copies fields and bytes',
    },
    {
      name: 'See the shares of protocols',
      hooktap: { phases: [phase(['1'], /─ Protocols [\s\S]*dns/)] },
      termshark: 'not there',
    },
  ];
}
function times(key: string, count: number): string[] {
  return Array<string>(count).fill(key);
}
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Presses the keys, and waits: how long, in seconds. */
async function go(tmux: Tmux, { keys, shows, gone }: Phase): Promise<number> {
  for (const key of keys) {
    await pause(BETWEEN_KEYS_MS);
    tmux.keys(key);
  }
  const start = performance.now();
  for (;;) {
    const screen = tmux.screen();
    const waited = performance.now() - start;
    if (shows.test(screen) && gone?.test(screen) !== true) return waited / 1000;
    if (waited > PATIENCE_MS) throw new GivenUp(`waited in vain for ${shows} without ${gone}:\n${screen}`);
    await pause(10);
  }
}
async function cost(tmux: Tmux, { before = [], phases }: Way): Promise<Cost> {
  for (const each of before) await go(tmux, each);
  let seconds = 0;
  for (const each of phases) seconds += await go(tmux, each);
  const keys = phases.flatMap((each) => each.keys);
  // A text is as many keys as it has letters.
  return { keys: keys.reduce((sum, key) => sum + (key.startsWith('=') ? key.length - 1 : 1), 0), seconds };
}
async function all(command: string, ways: readonly (Way | string)[]): Promise<(Cost | string)[]> {
  using tmux = new Tmux(command, COLUMNS, ROWS);
  const costs: (Cost | string)[] = [];
  for (const way of ways) {
    costs.push(typeof way === 'string' ? way : await cost(tmux, way).catch(givenUp));
    process.stderr.write(`${cell(costs.at(-1)!)}\n`);
  }
  return costs;
}
function givenUp(error: unknown): string {
  if (!(error instanceof GivenUp)) throw error;
  process.stderr.write(`${error.message}\n`);
  return `not done within ${PATIENCE_MS / 1000} s`;
}
const cell = (cost: Cost | string): string =>
  typeof cost === 'string' ? `${cost} | ` : `${cost.keys} | ${cost.seconds.toFixed(cost.seconds < 10 ? 2 : 0)}`;

async function main(): Promise<void> {
  if (whyNoTmux !== undefined) throw new Error(whyNoTmux);
  if (spawnSync('termshark', ['--version']).error !== undefined)
    throw new Error('there is no termshark to compare with: apt-get install termshark');
  const { mix } = captures(QUICK_SIZES);
  const folder = mkdtempSync(join(tmpdir(), 'hooktap-tasks-'));
  try {
    const rows = tasks(join(folder, 'saved.pcapng'));
    const ours = await all(
      `${process.execPath} dist/hooktap.cjs ui ${mix}`,
      rows.map(({ hooktap }) => hooktap),
    );
    // With a home of its own: nobody's settings, and no captures of yesterday.
    const theirs = await all(
      `env HOME=${folder} termshark ${mix}`,
      rows.map(({ termshark }) => termshark),
    );
    const lines = rows.map(({ name }, i) => `| ${name} | ${cell(ours[i]!)} | ${cell(theirs[i]!)} |`);
    const head = [
      '| task | hooktap ui: keys | seconds | termshark: keys | seconds |',
      '| --- | ---: | ---: | ---: | ---: |',
    ];
    process.stdout.write(`${[...head, ...lines].join('\n')}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
await main();
