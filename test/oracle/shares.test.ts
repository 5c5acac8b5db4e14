/** The tree of protocols, against `tshark -z io,phs`. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { protocols } from '../../dissectors/index.ts';
import { openFile } from '../../src/capture/file.ts';
import type { Frame } from '../../src/dissect/frame.ts';
import { Registry } from '../../src/dissect/registry.ts';
import { Shares, type ShareTree } from '../../src/flow/shares.ts';
import { run } from '../../src/session.ts';
import { NEEDS, type Sink } from '../../src/sink/sink.ts';
import { captureFolder, requireAll, whyNoCaptures } from '../support/project.ts';
import { tshark, tsharkVersion } from './conversations.ts';

const registry = new Registry(protocols);
const known = new Set(['frame', ...registry.shown]);
const CAPTURES = [
  'arkime/pcap/v6.pcap',
  'ndpi/pcap/dropbox.pcap',
  'ndpi/pcap/ftp.pcap',
  'ndpi/pcap/iphone.pcap',
  'ndpi/pcap/wa_voice.pcap',
  'ndpi/pcap/zoom_p2p.pcapng',
  'pcapplusplus/pcap/DnsPackets.pcap',
  'zeek/traces/tunnels/gre-within-gre.pcap',
];
/**
 * What lies on TCP tshark counts in the packet that completes a message, we in each; of what ICMP quotes it leaves out
 * the layers between, and everywhere the extension headers of IPv6.
 */
const OTHERWISE = /:(tcp|icmp|icmpv6):|:icmpv6$/;
/** By chain of layers: packets and bytes. */
type Chains = Map<string, string>;

async function ours(path: string): Promise<Chains> {
  const shares = new Shares(registry);
  const frame = (one: Frame) => shares.see(one);
  const sink: Sink = { needs: NEEDS.streams, whole: true, begin() {}, frame, flush() {}, end() {} };
  await using source = await openFile(path);
  await run({ source, registry, sinks: [sink] });
  const chains: Chains = new Map();
  const add = ({ protocol, packets, bytes, children }: ShareTree, below: string) => {
    chains.set(`${below}${protocol}`, `${packets} ${bytes}`);
    for (const child of children) add(child, `${below}${protocol}:`);
  };
  add(shares.tree('packets'), '');
  return chains;
}
function theirs(path: string): Chains {
  const chains: Chains = new Map();
  const below: string[] = [];
  for (const line of tshark(path, ['-q', '-z', 'io,phs']).split('\n')) {
    const [, indent, name, packets, bytes] = /^( *)(\S+) +frames:(\d+) bytes:(\d+)$/.exec(line) ?? [];
    if (indent === undefined) continue;
    below.length = indent.length / 2;
    below.push(name!);
    chains.set(['frame', ...below.filter((layer) => layer !== 'frame')].join(':'), `${packets} ${bytes}`);
  }
  return chains;
}

const why = whyNoCaptures() ?? (tsharkVersion() === undefined ? 'tshark is not installed' : undefined);
test.skipIf(why !== undefined && !requireAll)(
  `trees of protocols are tshark's${why === undefined ? '' : ` (${why})`}`,
  async () => {
    let compared = 0;
    for (const name of CAPTURES) {
      const path = join(captureFolder, name);
      const found = await ours(path);
      for (const [chain, counts] of theirs(path)) {
        if (OTHERWISE.test(chain) || !chain.split(':').every((layer) => known.has(layer))) continue;
        expect(found.get(chain), `${name}: ${chain}`).toBe(counts);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(60);
  },
  60_000,
);
