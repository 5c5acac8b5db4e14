/** Our own captures: they are what their descriptions make, print what is kept beside them, and other programs agree. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { protocols } from '../dissectors/index.ts';
import { failingFixtures, fixtures, soundFixtures } from '../fixtures/all.ts';
import { beside, goldensOf } from '../fixtures/golden.ts';
import { openFile } from '../src/capture/file.ts';
import { Registry } from '../src/dissect/registry.ts';
import { run } from '../src/session.ts';
import { NEEDS } from '../src/sink/sink.ts';
import { sideBySide } from './oracle/difference.ts';
import { type Exception, exceptionFor } from './oracle/exceptions.ts';
import { inProcess } from './support/in-process.ts';
import { splitPackets } from './support/packets.ts';
import { project, requireAll } from './support/project.ts';
import { tcpdump, tcpdumpVersion, withFolder } from './support/run.ts';

const folder = join(project, 'fixtures');
const registry = new Registry(protocols);
const everything = [...fixtures, ...failingFixtures];

describe('the files', () => {
  test.each(everything)('$path is what its description makes', ({ path, bytes }) => {
    // A difference of bytes says nothing to a reader: npm run fixtures, and git tells which files it is.
    expect(readFileSync(join(folder, path)).equals(bytes)).toBe(true);
  });
  test('nothing else is there', () => {
    const kept = fixtures.flatMap(({ path }) => [path, ...goldensOf(path).map(({ suffix }) => beside(path, suffix))]);
    const failing = failingFixtures.flatMap(({ path }) => [path, beside(path, '.txt'), beside(path, '.err')]);
    const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.\w+$/.test(name));
    expect(found.filter((name) => !name.endsWith('.ts')).toSorted()).toEqual([...kept, ...failing].toSorted());
  });
  test('are small', async () => {
    for (const { path, bytes } of fixtures) {
      expect(bytes.length, path).toBeLessThan(20_000);
      expect((await chainsOf(path)).length, path).toBeLessThan(40);
    }
  });
});

describe('lines', () => {
  const cases = fixtures.flatMap(({ path }) => goldensOf(path).map(({ suffix, args }) => ({ path, suffix, args })));
  test.each(cases)('$path $args', async ({ path, suffix, args }) => {
    const { out } = await inProcess(join(folder, path), args);
    expect(out).toBe(readFileSync(join(folder, beside(path, suffix)), 'latin1'));
  });
});

/** The layers of each packet, as hooktap names them. */
async function chainsOf(path: string): Promise<string[][]> {
  const chains: string[][] = [];
  await using source = await openFile(join(folder, path));
  const sink = {
    needs: NEEDS.layers,
    begin() {},
    frame({ layer, depth }: { layer: Int16Array; depth: number }) {
      chains.push(Array.from(layer.subarray(0, depth), (id) => registry.protocols[id]!.name));
    },
    flush() {},
    end() {},
  };
  await run({ source, registry, sinks: [sink] });
  return chains;
}
test('every protocol occurs in sound packets', async () => {
  const seen = new Set<string>();
  for (const { path } of soundFixtures)
    for (const chain of await chainsOf(path)) for (const name of chain) seen.add(name);
  expect(protocols.map(({ name }) => name).filter((name) => !seen.has(name))).toEqual([]);
});

/** A test that says why it cannot run; where nothing may be skipped it fails. */
function testWith(program: string, version: RegExp, found: string | undefined, body: () => Promise<void>): void {
  const good = found !== undefined && version.test(found);
  const why = good ? '' : ` (found version ${found ?? 'none'})`;
  test.skipIf(!good && !requireAll)(`${program}${why}`, async () => {
    if (!good) throw new Error(`needs ${program} ${version.source}, found ${found ?? 'none'}`);
    await body();
  });
}

/** Where tcpdump prints something else, besides what is known of third-party captures. */
const EXCEPTIONS: readonly Exception[] = [
  {
    file: 'formats/byte-orders.pcapng',
    packets: [2],
    right: 'hooktap',
    reason: 'libpcap reads a section of the other byte order in the one of the first',
  },
  { file: 'formats/link-types.pcapng', right: 'hooktap', reason: 'libpcap reads files with one link type only' },
  { file: 'formats/solaris.snoop', right: 'hooktap', reason: 'libpcap does not read snoop' },
  { file: 'broken/compressed-cut.gz', right: 'hooktap', reason: 'libpcap reads nothing that is compressed' },
  { file: 'broken/compressed-checksum.gz', right: 'hooktap', reason: 'libpcap reads nothing that is compressed' },
  {
    file: 'broken/deep.pcap',
    right: 'tcpdump',
    reason: 'more layers than hooktap follows; tcpdump would follow them for ever',
  },
  {
    file: 'broken/link-type.pcap',
    right: 'hooktap',
    reason: 'tcpdump dumps the bytes of a link type that it does not know; hooktap says so and stops',
  },
];
const excuse = (file: string, packet: number, theirs: string, ours: string): Exception | undefined =>
  EXCEPTIONS.find((e) => e.file === file && (e.packets?.includes(packet) ?? true)) ??
  exceptionFor(file, packet, theirs, ours);

testWith('tcpdump', /^4\.99\.3$/, tcpdumpVersion(), async () => {
  const needed = new Set<Exception>();
  const different: string[] = [];
  for (const { path } of everything)
    for (const { args } of goldensOf(path)) {
      const file = join(folder, path);
      const theirs = splitPackets((await tcpdump(file, ['-nn', '-#', ...args])).out);
      const ours = splitPackets((await inProcess(file, ['-#', ...args])).out);
      for (let packet = 1; packet < Math.max(theirs.length, ours.length); packet++) {
        const [expected = '', actual = ''] = [theirs[packet], ours[packet]];
        if (expected === actual) continue;
        const excused = excuse(path, packet, expected, actual);
        if (excused !== undefined) needed.add(excused);
        else different.push(`${path} packet ${packet} ${args.join(' ')}\n${sideBySide(expected, actual)}`);
      }
    }
  expect(different.join('\n')).toBe('');
  expect(EXCEPTIONS.filter((exception) => !needed.has(exception))).toEqual([]);
});

/** What tshark counts as a layer and hooktap does not. */
const NO_LAYER: Readonly<Record<string, string>> = {
  ethertype: 'the type field of Ethernet, which tshark gives a name of its own',
  data: 'bytes that nobody dissects',
};
/** The other way round. */
const OUR_LAYER: Readonly<Record<string, string>> = {
  'dns.tcp': 'the length in front of a message, which tshark reads as part of DNS',
  'gtp.control': 'what tells the versions of GTP apart, which has no bytes of its own',
};
const shownAs = new Map(protocols.map(({ name, shownAs }) => [name, shownAs ?? name]));
interface Chain {
  readonly file: string;
  readonly packet?: number;
  readonly reason: string;
}
/** Where the layers differ, and tshark has its reasons as hooktap has. */
const CHAINS: readonly Chain[] = [
  { file: 'protocols/atm.pcap', reason: 'tshark begins with LLC, and knows no other beginning' },
  { file: 'protocols/bgp-updates.pcap', packet: 12, reason: 'a message that was cut: tshark leaves it to TCP' },
  { file: 'protocols/http-binary.pcap', reason: 'the port alone makes it HTTP for tcpdump and hooktap' },
  { file: 'protocols/igmp.pcap', reason: 'tshark counts each version of IGMP as a layer above IGMP' },
  { file: 'protocols/ndp.pcap', packet: 9, reason: 'the packet in an option of a redirect, which tshark dissects' },
  { file: 'protocols/eapol.pcap', reason: 'tshark has fields of EAP, but does not list it above EAPOL' },
  { file: 'protocols/l2tp.pcap', packet: 9, reason: 'L2F on the port of L2TP, which tcpdump names' },
  { file: 'protocols/mpls.pcap', packet: 5, reason: 'tshark takes for Ethernet what has addresses of known companies' },
  { file: 'protocols/netlink.pcap', packet: 3, reason: 'two messages, of which tshark makes two layers' },
  { file: 'protocols/nflog.pcap', packet: 2, reason: 'tshark goes through IPv4 to IPv6' },
  { file: 'protocols/nflog.pcap', packet: 3, reason: 'a bridged frame, which tshark takes for IP' },
  { file: 'protocols/ppp-link.pcap', packet: 4, reason: 'what was rejected, which tshark dissects' },
  { file: 'protocols/vxlan-gpe.pcap', reason: 'tshark has fields of VXLAN-GPE, but no layer' },
  { file: 'protocols/igmp-routing.pcap', reason: 'version 1 of PIM is a type of IGMP: hooktap counts one layer' },
  { file: 'protocols/ldp.pcap', packet: 3, reason: 'a version that does not exist: tcpdump says so, tshark is silent' },
  { file: 'protocols/ldp.pcap', packet: 12, reason: 'a message that was cut: tshark leaves it to TCP' },
  { file: 'protocols/snmp.pcap', packet: 16, reason: 'tshark reads the message twice' },
  { file: 'protocols/snmp-damaged.pcap', reason: 'tshark wants more than the port of SNMP, and reads opaque values' },
  ...[12, 14, 15].map((packet) => ({
    file: 'protocols/kerberos.pcap',
    packet,
    reason: 'the port alone makes it Kerberos for tcpdump and hooktap',
  })),
  { file: 'protocols/nfs-odd-2.pcap', packet: 7, reason: 'a reply to no call, which only its port makes one of NFS' },
  { file: 'protocols/quic.pcap', packet: 6, reason: 'a short header, which only the packets before tell from noise' },
  { file: 'protocols/ip.pcap', packet: 2, reason: 'the default port of RTP, which tshark leaves to the user' },
  { file: 'protocols/pim.pcap', packet: 3, reason: 'the default port of RTP, which tshark leaves to the user' },
  { file: 'protocols/udp-copies.pcap', packet: 16, reason: 'two bytes of a payload, which tshark takes for WireGuard' },
  ...[12, 15].map((packet) => ({
    file: 'protocols/radius.pcap',
    packet,
    reason: 'a code or a length that RADIUS does not have: tcpdump says so, tshark is silent',
  })),
  { file: 'protocols/rtp.pcap', reason: 'the default port of RTP, which tshark leaves to the user' },
  { file: 'protocols/sip.pcap', packet: 3, reason: 'the port alone makes it SIP for tcpdump and hooktap' },
  { file: 'protocols/sip.pcap', packet: 4, reason: 'the port alone makes it SIP for tcpdump and hooktap' },
  { file: 'protocols/streams.pcap', packet: 1, reason: "tshark leaves TPKT out below RDP's connection request" },
  {
    file: 'protocols/streams.pcap',
    packet: 3,
    reason: 'TLS on the port of RDP, in which tshark sees TPKT that goes on',
  },
  ...[4, 5, 6, 7].map((packet) => ({
    file: 'protocols/tls-started.pcap',
    packet,
    reason: 'tshark remembers that the connection changed to TLS; hooktap sees it in the layer above SMTP',
  })),
  { file: 'protocols/gtpv2.pcap', packet: 4, reason: 'a message that rides along is a layer of its own' },
  { file: 'protocols/vxlan.pcap', packet: 9, reason: "the port that is VXLAN's on Linux by default, but not IANA's" },
];
/** A file that tshark finds other packets in. */
const OTHER_PACKETS = { 'formats/blocks.pcapng': 'tshark counts a custom block as a packet' };

const registered = new Set(protocols.map(({ name }) => name));
/** As far as every protocol is one that hooktap knows. */
function knownChain(chain: string): string {
  const names = chain.split(':').filter((name) => NO_LAYER[name] === undefined);
  const unknown = names.findIndex((name) => !registered.has(name));
  return names.slice(0, unknown < 0 ? undefined : unknown).join(':');
}
const ourChain = (chain: readonly string[]): string =>
  chain
    .filter((name) => OUR_LAYER[name] === undefined)
    .map((name) => shownAs.get(name))
    .join(':');

/** One file with the packets of all, so that tshark needs to start only once; fragments and streams are left apart. */
function tsharkChains(paths: readonly string[], temporary: string): string[] {
  const all = join(temporary, 'all.pcapng');
  const env = { ...process.env, WIRESHARK_CONFIG_DIR: temporary };
  execFileSync('mergecap', ['-a', '-w', all, ...paths.map((path) => join(folder, path))], { env });
  const apart = ['ip.defragment', 'ipv6.defragment', 'tcp.desegment_tcp_streams'].flatMap((name) => [
    '-o',
    `${name}:FALSE`,
  ]);
  const args = ['-n', ...apart, '-r', all, '-T', 'fields', '-e', 'frame.protocols'];
  return execFileSync('tshark', args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    .trimEnd()
    .split('\n');
}
const tsharkVersion = /TShark \(Wireshark\) (\S+)/.exec(
  spawnSync('tshark', ['--version'], { encoding: 'utf8' }).stdout ?? '',
)?.[1];

testWith('tshark', /^4\.0\./, tsharkVersion, async () => {
  const paths = soundFixtures.map(({ path }) => path).filter((path) => !(path in OTHER_PACKETS));
  const theirs = await withFolder(async (temporary) => tsharkChains(paths, temporary));
  const needed = new Set<Chain>();
  const different: string[] = [];
  let next = 0;
  for (const file of paths)
    for (const [i, chain] of (await chainsOf(file)).entries()) {
      const [expected, actual] = [knownChain(theirs[next++]!), ourChain(chain)];
      if (expected === actual) continue;
      const known = CHAINS.find((one) => one.file === file && (one.packet ?? i + 1) === i + 1);
      if (known !== undefined) needed.add(known);
      else different.push(`${file} packet ${i + 1}: tshark ${expected}, hooktap ${actual}`);
    }
  expect(different).toEqual([]);
  expect(next).toBe(theirs.length);
  expect(CHAINS.filter((chain) => !needed.has(chain))).toEqual([]);
});
