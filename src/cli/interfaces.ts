import { setTimeout as sleep } from 'node:timers/promises';
import { ToolError } from '../error.ts';
import { tell } from '../format/destination.ts';
import { HERE, identity, type Namespace, namespacesOf } from '../linux/namespace.ts';
import { ratesBetween } from '../topology/rates.ts';
import { readTopology } from '../topology/read.ts';
import type { NamespaceNode, Topology } from '../topology/topology.ts';
import type { CommandSpec } from './command.ts';
import { json } from './interfaces/json.ts';
import { table } from './interfaces/table.ts';
import { tree } from './interfaces/tree.ts';
import type { View } from './interfaces/words.ts';

const SHAPES = { tree, text: table, json } as const;
interface InterfacesOptions {
  readonly netns: readonly string[];
  readonly T: keyof typeof SHAPES;
  readonly rates?: number;
}

export const command: CommandSpec = {
  name: 'interfaces',
  about: 'Shows the devices of every network namespace, and how they hang together.',
  arguments: [],
  options: [
    {
      flags: '--netns <name>',
      about: 'only of a network namespace: its name, a process in it, or "." for this one; may be repeated',
      repeated: true,
    },
    {
      flags: '-T <shape>',
      about: 'tree unless given; text has a line for each device, json is one object',
      choices: Object.keys(SHAPES),
    },
    { flags: '--rates <seconds>', about: 'measure for so long, and show packets and bits per second', parse: duration },
  ],
  examples: [
    ['sudo hooktap interfaces', 'everything, as a tree'],
    ['sudo hooktap interfaces --netns blue --rates 1', 'what passes in one namespace'],
    ["sudo hooktap interfaces -T text | grep 'port of br0'", 'a line for each device'],
  ],
  run: (_args, options) => interfaces(options as unknown as InterfacesOptions),
};
async function interfaces({ netns, T: shape = 'tree', rates: seconds }: InterfacesOptions): Promise<number> {
  const wanted = netns.includes('all') ? [] : netns.flatMap((name) => (name === '.' ? [HERE] : namespacesOf(name)));
  const [topology, rates] = seconds === undefined ? [readTopology(), undefined] : await measured(seconds);
  const namespaces = wanted.length === 0 ? topology.namespaces : wanted.map((each) => find(each, topology));
  const view: View = { topology, namespaces, rates };
  tell(SHAPES[shape](view));
  if (topology.unseen > 0 && wanted.length === 0) {
    const whose = topology.unseen === 1 ? 'of a process' : `of ${topology.unseen} processes`;
    const many = `the network namespace ${whose} is not seen: there may be others than these`;
    process.stderr.write(`hooktap: ${many}\n  try: sudo hooktap interfaces\n`);
  }
  return 0;
}
async function measured(seconds: number): Promise<[Topology, View['rates']]> {
  const before = readTopology();
  const from = performance.now();
  await sleep(seconds * 1000);
  const after = readTopology();
  return [after, ratesBetween(before, after, (performance.now() - from) / 1000)];
}
function find(namespace: Namespace, { namespaces }: Topology): NamespaceNode {
  const id = identity(namespace);
  const found = namespaces.find((node) => node.id === id);
  if (found !== undefined) return found;
  throw new ToolError('no-such-namespace', `the network namespace "${namespace.label}" is gone`, 'ip netns');
}
function duration(text: string): number {
  const seconds = Number(text);
  if (text === '' || !(seconds > 0 && seconds <= 3600)) throw new RangeError(`expected seconds, not "${text}"`);
  return seconds;
}
