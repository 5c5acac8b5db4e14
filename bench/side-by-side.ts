/**
 * What each tool shows of the same ten drops: `nft monitor trace` (with `meta nftrace set 1` and a rule that
 * asks for connections in every namespace, set up for it), `conntrack -E`, a script for bpftrace in the manner of tcpdrop, dropwatch, and hooktap with and without BPF. Takes
 * root; tools that are not installed, or that the kernel refuses, are told with what they say.
 *   node build.mjs && node build.mjs bench/side-by-side.ts && node dist/scripts/bench/side-by-side.js
 */
import { spawnSync } from 'node:child_process';
import { Program } from '../test/live/program.ts';
import { DROP_SCENARIOS } from '../test/live/trace/drop-scenarios.ts';
import { Network } from '../test/live/trace/network.ts';
import { RULE_SCENARIOS } from '../test/live/trace/rule-scenarios.ts';
import type { Scenario } from '../test/live/trace/scenario.ts';
import { SCENARIOS } from '../test/live/trace/scenarios.ts';
import { type Seen, watch } from '../test/live/trace/watch.ts';

const DROPS = [
  'dropped by a rule in forward',
  'dropped by a rule in output',
  'dropped by the policy of a chain',
  'no socket, UDP',
  'no route',
  'time to live',
  'reverse path filter',
  'the receive buffer is full',
  'a wrong checksum',
  'a tc filter',
];
const OURS = 'net 10.64.0.0/11';
const isOurs = (text: string): boolean => /\b10\.(6[4-9]|[78]\d|9[0-5])\./.test(text);
const rest = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Reason, function, addresses and namespace of each packet that is dropped: what such scripts print. */
const TCPDROP = `
tracepoint:skb:kfree_skb {
  $skb = (struct sk_buff *)args->skbaddr;
  $ip = (struct iphdr *)($skb->head + $skb->network_header);
  printf("reason %d in %s: %s > %s, protocol %d\\n", args->reason, ksym(args->location), ntop($ip->saddr), ntop($ip->daddr), $ip->protocol);
}`;
/** In a mount namespace of its own, as tracefs is not mounted everywhere. */
const BPFTRACE = 'mount -t tracefs tracefs /sys/kernel/tracing 2> /dev/null; exec bpftrace -B line -e "$0"';
const NFTRACE =
  'table inet look { chain in { type filter hook prerouting priority -500; ct state new meta nftrace set 1; meta nftrace set 1; } chain out { type filter hook output priority -500; meta nftrace set 1; } }';

interface Row {
  readonly drop: string;
  readonly shows: Readonly<Record<string, string>>;
}
async function compare(scenario: Scenario, tcpdrop: Program | undefined): Promise<Row> {
  using net = new Network();
  await scenario.build(net);
  const names = net.all();
  const expression = `(${scenario.expression}) and ${OURS}`;
  const send = () => scenario.send(net);
  const all = await watch(net, expression, send, scenario.patience);
  const poorer = await watch(net, expression, send, Math.max(400, scenario.patience ?? 0), true);
  // The others change the rules, or wait for what they print.
  for (const name of names) net.nft(name, NFTRACE);
  const inEach = (...command: string[]) =>
    names.map((name) => new Program('ip', ['netns', 'exec', net.of(name), ...command]));
  const [monitors, trackers] = [inEach('nft', 'monitor', 'trace'), inEach('conntrack', '-E')];
  try {
    await rest(500);
    const before = tcpdrop?.out.length ?? 0;
    await send();
    await rest(500);
    const shows = {
      'nft monitor trace': verdicts(monitors.map(({ out }) => out).join('')),
      'conntrack -E': connections(trackers.map(({ out }) => out).join('')),
      'bpftrace tcpdrop': tcpdrop === undefined ? 'not to be had' : drops(tcpdrop.out.slice(before)),
      hooktap: conclusion(all),
      'hooktap --without-bpf': conclusion(poorer),
    };
    return { drop: scenario.name, shows };
  } finally {
    for (const each of [...monitors, ...trackers]) await each.end('SIGTERM');
  }
}
const linesOf = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '');
const unique = (lines: readonly string[]): string => [...new Set(lines)].join('; ') || 'nothing';

function verdicts(text: string): string {
  const met = linesOf(text).filter(
    (line) => /\b(rule|policy) .*drop|policy drop/.test(line) && !line.includes(' look '),
  );
  const seen = linesOf(text).some(isOurs);
  const found = unique(met.map((line) => line.replace(/^trace id \w+ /, '')));
  return met.length === 0 && seen ? 'the packet, and no verdict but accept' : found;
}
function connections(text: string): string {
  const ours = linesOf(text).filter(isOurs);
  return unique(ours.map((line) => `${/\[(\w+)\]/.exec(line)?.[1]} ${/(\w+) +\d+/.exec(line)?.[1] ?? ''}`.trim()));
}
const drops = (text: string): string => unique(linesOf(text).filter(isOurs).slice(0, 2));

function conclusion(all: readonly Seen[]): string {
  const dropped = all.find(({ journey }) => journey.ending.outcome === 'dropped') ?? all[0];
  return /^ {2}=> (.*)$/m.exec(dropped?.text ?? '')?.[1] ?? 'nothing';
}
function dropwatch(): string {
  const { error, stderr, stdout } = spawnSync('dropwatch', ['-l', 'kas'], {
    input: 'start\nexit\n',
    encoding: 'utf8',
    timeout: 5000,
  });
  return error === undefined ? (linesOf(stderr + stdout)[0] ?? '') : 'not installed';
}
async function bpftrace(): Promise<Program | undefined> {
  const program = new Program('unshare', ['-m', 'sh', '-c', BPFTRACE, TCPDROP]);
  try {
    await program.until('it traces', ({ out }) => out.includes('Attaching'));
    return program;
  } catch (error) {
    process.stdout.write(`bpftrace: ${(error as Error).message}\n`);
    return undefined;
  }
}
const tcpdrop = await bpftrace();
const all = [...RULE_SCENARIOS, ...SCENARIOS, ...DROP_SCENARIOS];
process.stdout.write(`dropwatch: ${dropwatch()}\n`);
try {
  for (const [i, name] of DROPS.entries()) {
    const { drop, shows } = await compare(all.find((scenario) => scenario.name === name)!, tcpdrop);
    process.stdout.write(`\n${i + 1}. ${drop}\n`);
    for (const [tool, text] of Object.entries(shows)) process.stdout.write(`   ${tool.padEnd(22)} ${text}\n`);
  }
} finally {
  await tcpdrop?.end('SIGINT');
}
