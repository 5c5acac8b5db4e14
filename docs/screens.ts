/**
 * Makes the pictures of the dashboard from a real run over the demo's network: `npm run screens`, as root, with tmux.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { project } from '../test/support/project.ts';
import { Tmux } from '../test/support/tmux.ts';
import { svgOf } from './svg.ts';

const COLUMNS = 120;
const ROWS = 34;
const folder = join(project, 'docs', 'screens');

interface Shot {
  readonly name: string;
  readonly title: string;
  /** Pressed before it, one after the other. */
  readonly keys: readonly string[];
  readonly shows: RegExp;
}
const SHOTS: readonly Shot[] = [
  {
    name: 'packets',
    title: 'Packets: a list, and of one its fields and its bytes',
    keys: ['2', 's', '=VXLAN', 'Enter', 'Tab', 'End', 'Up', 'Up', 'Up'],
    shows: /Details/,
  },
  {
    name: 'conversations',
    title: 'Conversations: who talks to whom, and how TCP fares',
    keys: ['3'],
    shows: /established|closed/,
  },
  { name: 'topology', title: 'Topology: namespaces, devices, and how they hang together', keys: ['4'], shows: /br0/ },
  {
    name: 'journeys',
    title: 'Journeys: the way of a packet through the kernel, to the rule that dropped it',
    keys: ['5', 's', '=NETFILTER', 'Enter'],
    shows: /dropped/,
  },
  { name: 'drops', title: 'Drops: where packets die, and why', keys: ['6'], shows: /NETFILTER|rule/ },
  { name: 'overview', title: 'Overview: rates, protocols, who talks, what is lost', keys: ['1'], shows: /Protocols/ },
];
/** All scenes of the demo were played by then. */
const WARM_UP_MS = 40_000;

async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  using tmux = new Tmux(join(project, 'hooktap demo --ui'), COLUMNS, ROWS);
  await tmux.until('live', 30_000);
  await setTimeout(WARM_UP_MS);
  for (const { name, title, keys, shows } of SHOTS) {
    for (const key of keys) {
      tmux.keys(key);
      await setTimeout(150);
    }
    await tmux.until(shows, 30_000);
    await setTimeout(600);
    writeFileSync(join(folder, `${name}.svg`), svgOf(tmux.screen(true), title));
    tmux.keys('Escape', 'Escape');
  }
  tmux.keys('q');
}
await main();
