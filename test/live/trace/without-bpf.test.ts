import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { project } from '../../support/project.ts';
import { built, Program } from '../program.ts';
import { done, whyNotLive } from '../world.ts';
import { Network, ping, tcp, tcpServer, udp, udpServer } from './network.ts';
import { datagrams, deafSocket, REFUSING_FILTER, SMALL_BUFFER, wrongChecksum } from './python.ts';

const why = whyNotLive('setpriv', 'unshare', 'ping', 'nft', 'python3');
if (why !== undefined) console.warn(`tracing without BPF is not tested: ${why}`);

const hooktap = [process.execPath, join(project, 'dist', 'hooktap.cjs')];
/** Some user without rights: nobody. */
const ORDINARY = ['--reuid', '65534', '--clear-groups', 'unshare', '-Urnm', 'sh'];
const SCRIPT = join(project, 'test', 'live', 'trace', 'without-bpf.sh');

/** What is said of a journey in JSON, as far as it is looked at here. */
interface Told {
  readonly number: number;
  readonly packet: { readonly summary: string; readonly tcp?: { readonly flags: readonly string[] } };
  readonly outcome: string;
  readonly where: { readonly netns: string; readonly device: string; readonly hook: string };
  readonly reason?: string;
  readonly meaning?: string;
  readonly symbol?: string;
  readonly rule?: { readonly table: string; readonly comment?: string };
  readonly socket?: { readonly local?: string; readonly process?: string; readonly to?: string };
  readonly reply_to?: number;
  readonly last: { readonly source: string; readonly destination: string };
  readonly steps: readonly {
    readonly netns: string;
    readonly device: string;
    readonly hook: string;
    readonly changed?: object;
  }[];
}
const journeysOf = (out: string): Told[] =>
  out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
/** Traces as an ordinary user while a script runs in the network of without-bpf.sh. */
async function asOrdinary(expression: string, script: string): Promise<{ journeys: Told[]; err: string }> {
  const trace = [...hooktap, 'trace', '-T', 'json', expression, '--', 'sh', '-c', `${script}; sleep 0.5`];
  await using program = new Program('setpriv', [...ORDINARY, SCRIPT, ...trace]);
  const { code, out, err } = await program.end();
  expect(err).toMatch(/BPF is refused: .*EPERM\); journeys are made from packets seen at devices/);
  expect(code, err).toBe(0);
  return { journeys: journeysOf(out), err };
}
/** In a mount namespace of its own, which ends with the program. */
const NO_TRACEPOINTS = 'umount -a -t tracefs';
const TRACEPOINTS = 'mount -t tracefs tracefs /mnt';
async function traceWith(mounts: string, expression: string, send: string[]) {
  const trace = [...hooktap, 'trace', '--without-bpf', '-T', 'json', expression, '--', 'sh', '-c', '"$@"; sleep 0.6'];
  const args = ['-m', 'sh', '-c', `${mounts}; exec "$@"`, 'sh', ...trace, 'sh', ...send];
  await using program = new Program('unshare', args);
  const { out, err } = await program.end();
  return { journeys: journeysOf(out), err };
}
/** Why the kernel's tracepoints cannot be opened; undefined where they can. */
function whyNoTracepoints(): string | undefined {
  const doctor = [...hooktap, 'doctor', '-T', 'json'];
  const args = ['-m', 'sh', '-c', `${TRACEPOINTS}; exec "$@"`, 'sh', ...doctor];
  const checks = journeysOf(spawnSync('unshare', args, { encoding: 'utf8' }).stdout) as unknown as Check[];
  const { works, found } = checks.find(({ name }) => name === 'tracefs')!;
  return works ? undefined : found;
}
interface Check {
  readonly name: string;
  readonly works: boolean;
  readonly found: string;
}
const from = (net: Network, command: string[]) => ['ip', 'netns', 'exec', net.of('a'), ...command];
const route = ({ steps }: Told) => steps.map(({ netns, device, hook }) => `${netns}/${device} ${hook}`);
const THROUGH = ['a/a0 transmit', 'r/r0 receive', 'r/r1 transmit', 'b/b0 receive'];

describe.skipIf(why !== undefined)('without BPF, as an ordinary user in a user namespace', () => {
  beforeAll(built);

  test('a ping through a router, and its answer', async () => {
    const { journeys } = await asOrdinary('icmp', 'ip netns exec a ping -c 1 -W 1 10.72.0.2');
    const [there, back] = journeys;
    expect(route(there!)).toEqual(THROUGH);
    expect(there).toMatchObject({
      outcome: 'delivered',
      where: { netns: 'b', device: 'b0' },
      socket: { to: 'the kernel (ICMP)' },
    });
    expect(there!.steps[2]!.changed).toMatchObject({ ttl: ['64', '63'] });
    expect(back).toMatchObject({ reply_to: there!.number, outcome: 'delivered', where: { netns: 'a', device: 'a0' } });
    expect(route(back!)).toEqual(['b/b0 transmit', 'r/r1 receive', 'r/r0 transmit', 'a/a0 receive']);
    expect(journeys.length).toBe(2);
  });
  test('a ping whose answer nobody asks for is answered all the same', async () => {
    const { journeys } = await asOrdinary('icmp[0] = 8', 'ip netns exec a ping -c 1 -W 1 10.72.0.2');
    expect(journeys.map(({ outcome }) => outcome)).toEqual(['delivered']);
  });
  test('a ping to an own address is told from its answer, also where it gets none', async () => {
    const own = (last: number) => `ip netns exec b ping -c 1 -W 1 127.0.0.${last}`;
    const deaf = 'ip netns exec b sysctl -qw net.ipv4.icmp_echo_ignore_all=1';
    const { journeys } = await asOrdinary('icmp', `${own(1)}; sleep 0.3; ${deaf}; ${own(2)}; true`);
    expect(journeys.map(({ outcome, reply_to: to }) => [outcome, to])).toEqual([
      ['delivered', undefined],
      ['delivered', journeys[0]!.number],
      ['unknown', undefined],
    ]);
    expect(journeys[2]!.meaning).toContain('was not answered');
  });
  test('TCP with both ends translated: conntrack tells that it is the same packet', async () => {
    const listen =
      'ip netns exec b python3 -c "import socket;s=socket.socket();s.bind((\'0.0.0.0\',80));s.listen();c,_=s.accept();c.recv(9);c.close();c,_=s.accept()" & sleep 1';
    const { journeys } = await asOrdinary(
      'tcp and host 10.71.0.2',
      `${listen}; ip netns exec a python3 -c "import socket;s=socket.create_connection(('10.71.0.1',8080));s.send(b'hello');s.recv(1)"; sleep 0.6; kill $!`,
    );
    const [syn, answer] = journeys;
    const path = [
      'a/a0 transmit',
      'r/r0 receive',
      'r/r0 prerouting',
      'r/r1 postrouting',
      'r/r1 transmit',
      'b/b0 receive',
    ];
    expect(route(syn!)).toEqual(path);
    expect(syn!.last).toMatchObject({ destination: '10.72.0.2:80' });
    expect(syn!.last.source).toMatch(/^10\.72\.0\.1:/);
    expect(syn).toMatchObject({ outcome: 'delivered', socket: { process: 'python3' } });
    expect(answer).toMatchObject({
      reply_to: syn!.number,
      packet: { tcp: { flags: ['SYN', 'ACK'] } },
      outcome: 'delivered',
    });
    const data = journeys.find(({ packet }) => packet.summary.includes('5 bytes'))!;
    expect(route(data)).toEqual(THROUGH);
    expect(data).toMatchObject({ outcome: 'delivered', where: { netns: 'b', device: 'b0' } });
  });
  test('rules that dropped packets are named, also in front of the first device', async () => {
    const send = (port: number) =>
      `ip netns exec a python3 -c "import socket;socket.socket(2,2).sendto(b'x',('10.72.0.2',${port}))" 2> /dev/null`;
    const { journeys } = await asOrdinary('udp', `${send(9)}; ${send(99)}; ${send(7)}`);
    const [forward, output, closed] = [9, 99, 7].map(
      (port) => journeys.find((j) => j.packet.summary.includes(`:${port},`) || j.packet.summary.endsWith(`:${port}`))!,
    );
    expect(forward).toMatchObject({
      outcome: 'dropped',
      where: { netns: 'r', hook: 'forward' },
      reason: 'NETFILTER_DROP',
      rule: { table: 'wall', comment: 'no discard' },
    });
    expect(output).toMatchObject({ outcome: 'dropped', where: { netns: 'a', hook: 'output' }, rule: { table: 'own' } });
    expect(closed).toMatchObject({ outcome: 'dropped', where: { netns: 'b', device: 'b0' }, reason: 'NO_SOCKET' });
  });
  test('what is not known is not claimed', async () => {
    const off =
      'ip netns exec r sysctl -qw net.ipv4.ip_forward=0; ip -n a link add gone type veth peer name end netns b; ip -n a link set gone up; ip -n a addr add 10.73.0.1/24 dev gone; ip -n a neigh add 10.73.0.2 lladdr 02:00:00:00:00:01 dev gone';
    const { journeys } = await asOrdinary(
      'icmp[0] = 8',
      `${off}; ip netns exec a ping -c 1 -W 1 10.72.0.2; ip -n b link set end up; ip netns exec a ping -c 1 -W 1 10.73.0.2; true`,
    );
    const [forward, address] = journeys;
    expect(forward).toMatchObject({ outcome: 'unknown', where: { netns: 'r', device: 'r0' } });
    expect(forward!.meaning).toContain('not seen any more after r0');
    expect(address).toMatchObject({ outcome: 'unknown', where: { netns: 'b', device: 'end' } });
  });
  test('doctor says what works, and what is missing', async () => {
    await using program = new Program('setpriv', [...ORDINARY, SCRIPT, ...hooktap, 'doctor', '-T', 'json']);
    const checks = journeysOf((await program.end()).out) as unknown as {
      name: string;
      works: boolean;
      found: string;
    }[];
    expect(checks.find(({ name }) => name === 'BPF')).toMatchObject({ works: false });
    const poorer = checks.find(({ name }) => name === 'trace without BPF')!;
    expect(poorer).toMatchObject({ works: true });
    expect(poorer.found).toMatch(/packets at devices, rules of nftables, connections/);
  });
});
describe.skipIf(why !== undefined)('without BPF, because it was asked for', () => {
  beforeAll(built);
  const trace = async (expression: string, ...send: string[]) => {
    const { journeys, err } = await traceWith(NO_TRACEPOINTS, expression, send);
    expect(err).toMatch(/^hooktap: journeys are made from packets seen at devices: no reasons to drop them but rules/);
    return journeys;
  };
  const places = (net: Network, { steps }: Told) =>
    steps.map(({ netns, device, hook }) => `${net.short(netns)}/${device} ${hook}`);

  test('through a bridge each way is a copy of its own', async () => {
    using net = new Network();
    net.ip('s', 'link add br0 type bridge');
    for (const [i, name] of ['a', 'b', 'c'].entries()) {
      net.cable('s', `p${i}`, '', name, `${name}0`, `10.75.0.${i + 1}/24`);
      net.ip('s', `link set p${i} master br0`);
    }
    net.ip('s', 'link set br0 up');
    net.ip('a', 'neigh add 10.75.0.2 lladdr 02:00:00:00:00:77 dev a0');
    net.ip('b', 'link set b0 address 02:00:00:00:00:77');
    net.ip('s', 'link set p1 down').ip('s', 'link set p1 up');
    const [flooded] = await trace('udp port 4000 and net 10.75.0.0/24', ...from(net, udp('10.75.0.2', 4000)));
    const seen = places(net, flooded!);
    expect(seen.slice(0, 2)).toEqual(['a/a0 transmit', 's/p0 receive']);
    expect(seen.slice(2).sort()).toEqual(['b/b0 receive', 'c/c0 receive', 's/p1 transmit', 's/p2 transmit']);
  });
  test('in a tunnel it is the packet that it was', async () => {
    using net = new Network().pair();
    for (const [name, own, other] of [
      ['a', 1, 2],
      ['b', 2, 1],
    ] as const) {
      net.ip(name, `link add vx0 type vxlan id 7 remote 10.70.0.${other} dstport 4789 dev ${name}0`);
      net.ip(name, `addr add 10.76.0.${own}/24 dev vx0`).ip(name, 'link set vx0 up');
    }
    const [there] = await trace('icmp[0] = 8 and net 10.76.0.0/24', ...from(net, ping('10.76.0.2')));
    expect(places(net, there!)).toEqual(['a/vx0 transmit', 'a/a0 transmit', 'b/b0 receive', 'b/vx0 receive']);
    expect(there!.steps[1]!.changed).toHaveProperty('tunnel');
    expect(there).toMatchObject({ outcome: 'delivered', where: { device: 'vx0' } });
  });
  test('TCP over a cable ends at its socket', async () => {
    using net = new Network().pair();
    await net.serve('b', ...tcpServer(80));
    const journeys = await trace('tcp dst port 80 and net 10.70.0.0/24', ...from(net, tcp('10.70.0.2', 80)));
    expect(journeys.length).toBeGreaterThanOrEqual(3);
    for (const each of journeys) {
      expect(places(net, each)).toEqual(['a/a0 transmit', 'b/b0 receive']);
      expect(each.outcome).toBe('delivered');
    }
    expect(journeys[0]!.socket!.process).toBe('node');
  });
  test('what a socket may have dropped is not called delivered', async () => {
    using net = new Network().pair();
    await net.serve('b', ...deafSocket(SMALL_BUFFER));
    const journeys = await trace('udp port 9 and net 10.70.0.0/24', ...from(net, datagrams('10.70.0.2', 9, 1000)));
    expect(journeys.length).toBe(9);
    expect(journeys.at(-1)).toMatchObject({ outcome: 'unknown', where: { device: 'b0' } });
    expect(journeys.at(-1)!.meaning).toMatch(/its socket dropped \d+ packets meanwhile/);
  });
  test('a wrong checksum is found, and a right one is not', async () => {
    using net = new Network().pair();
    net.ip('b', 'link set b0 address 02:00:00:00:00:01');
    net.ip('a', 'neigh replace 10.70.0.2 lladdr 02:00:00:00:00:01 dev a0');
    await net.serve('b', ...udpServer(9));
    const [wrong] = await trace('udp port 9 and net 10.70.0.0/24', ...from(net, wrongChecksum('10.70.0.2')));
    expect(wrong).toMatchObject({ outcome: 'dropped', where: { device: 'b0' }, reason: 'UDP_CSUM' });
    const [right] = await trace('udp port 9 and net 10.70.0.0/24', ...from(net, udp('10.70.0.2', 9)));
    expect(right).toMatchObject({ outcome: 'delivered', where: { device: 'b0' } });
  });
  test('namespaces that come while it traces are entered, and left when they go', async () => {
    using net = new Network();
    const args = [...hooktap.slice(1), 'trace', '--without-bpf', '-T', 'json', 'icmp and net 10.70.0.0/24'];
    await using program = new Program(hooktap[0]!, args);
    await program.until('it traces', ({ err }) => err.includes('tracing'));
    net.pair();
    const whole = () =>
      journeysOf(program.out.slice(0, program.out.lastIndexOf('\n') + 1)).filter(
        (each) => each.outcome === 'delivered' && `${places(net, each)}` === 'a/a0 transmit,b/b0 receive',
      );
    // Until they have been found, and their devices, nothing is seen of them.
    for (let tries = 0; tries < 100 && whole().length === 0; tries++) {
      net.attempt('a', ...ping('10.70.0.2'));
      await setTimeout(50);
    }
    done('ip', 'netns', 'del', net.of('a'));
    // A socket there would keep the namespace, and with it the cable.
    await program.until('it has left', () => !done('ip', '-n', net.of('b'), '-o', 'link').includes('b0'));
    expect(whole()[0]).toMatchObject({ where: { device: 'b0' }, socket: { to: 'the kernel (ICMP)' } });
    await program.end('SIGINT');
  });
  test('nothing stays behind', async () => {
    using net = new Network().router();
    net.nft('r', 'table inet wall { chain f { type filter hook forward priority 0; } }');
    await trace('udp port 4001', ...from(net, udp('10.72.0.2', 4001)));
    expect(done('ip', 'netns', 'exec', net.of('r'), 'nft', 'list', 'tables')).toBe('table inet wall\n');
  });
});
describe.skipIf(why !== undefined)("without BPF, with the kernel's tracepoints", () => {
  beforeAll(built);
  /** Traces; where the kernel refuses its tracepoints, that has to be said, and there are no reasons. */
  const trace = async (expression: string, ...send: string[]): Promise<Told[] | undefined> => {
    const refused = whyNoTracepoints();
    const { journeys, err } = await traceWith(TRACEPOINTS, expression, send);
    expect(err).toContain(refused === undefined ? "those of the kernel's tracepoints" : 'no reasons to drop them');
    return refused === undefined ? journeys : undefined;
  };

  test('the setting that no ring knows of: rp_filter', async () => {
    using net = new Network().pair();
    net.ip('a', 'addr add 10.79.0.1/32 dev lo');
    net.ip('b', 'link set b0 address 02:00:00:00:00:01');
    net.ip('a', 'neigh replace 10.70.0.2 lladdr 02:00:00:00:00:01 dev a0');
    net.set('b', 'net.ipv4.conf.all.rp_filter', 1);
    const sent = await trace('icmp[0] = 8 and net 10.70.0.0/24', 'sh', '-c', `${strange(net)}; true`);
    if (sent === undefined) return;
    expect(sent.map(({ outcome, where, reason, packet }) => [outcome, where.device, reason, packet.summary])).toEqual([
      ['dropped', 'b0', 'IP_RPFILTER', expect.stringContaining('10.79.0.1 >')],
    ]);
    expect(sent[0]!.meaning).toContain('rp_filter');
    expect(sent[0]!.symbol).toMatch(/^ip_rcv/);
  });
  test('the filter of a socket that is there', async () => {
    using net = new Network().pair();
    await net.serve('b', ...deafSocket(REFUSING_FILTER));
    const refused = await trace('udp port 9 and net 10.70.0.0/24', ...from(net, udp('10.70.0.2', 9)));
    if (refused === undefined) return;
    expect(refused).toMatchObject([{ outcome: 'dropped', where: { device: 'b0' }, reason: 'SOCKET_FILTER' }]);
  });
  test('what nothing dropped is delivered all the same', async () => {
    using net = new Network().pair();
    await net.serve('b', ...tcpServer(80));
    const tcps = await trace('net 10.70.0.0/24 and tcp dst port 80', ...from(net, tcp('10.70.0.2', 80)));
    expect(tcps?.filter(({ outcome }) => outcome !== 'delivered') ?? []).toEqual([]);
    const pings = await trace('net 10.70.0.0/24 and icmp', ...from(net, ping('10.70.0.2')));
    expect(pings?.map(({ outcome }) => outcome) ?? ['delivered', 'delivered']).toEqual(['delivered', 'delivered']);
  });
});
const strange = (net: Network): string => from(net, ping('10.70.0.2', '-I', '10.79.0.1')).join(' ');
