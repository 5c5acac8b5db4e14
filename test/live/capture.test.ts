import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readFile } from '../format/reading.ts';
import { project } from '../support/project.ts';
import { withFolder } from '../support/run.ts';
import { built, counters, hooktap, Program, tcpdump } from './program.ts';
import { done, numbered, Sender, World, whyNotLive } from './world.ts';

const why = whyNotLive('tcpdump', 'ping', 'tshark');
if (why !== undefined) console.warn(`capture is not tested: ${why}`);

const QUIET_MS = 300;
const quiet = () => new Promise((resolve) => setTimeout(resolve, QUIET_MS));
const linesOf = (text: string) => text.split('\n').filter((line) => line !== '');
const rest = (milliseconds: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
const digest = (data: Uint8Array) => createHash('sha256').update(data).digest('hex').slice(0, 16);
const once = (...args: string[]) =>
  spawnSync(process.execPath, [join(project, 'dist', 'hooktap.cjs'), 'capture', ...args], { encoding: 'utf8' });

describe.skipIf(why !== undefined)('capture', () => {
  let world: World;
  let sender: Sender;
  beforeAll(() => {
    built();
    world = new World();
    sender = new Sender(world.left, 'west');
  });
  afterAll(() => {
    sender?.[Symbol.dispose]();
    world?.[Symbol.dispose]();
  });
  const right = () => ['--netns', world.right, '-i', 'east'];
  const ping = (...more: string[]) =>
    done('ip', 'netns', 'exec', world.left, 'ping', '-c', '5', '-i', '0.02', ...more, '10.9.0.2');
  const mixture = () => {
    ping();
    ping('-s', '1400', '-p', 'a5');
    for (let i = 0; i < 1000; i++) {
      sender.send(numbered(i, 22 + (i % 1400), i % 7 === 0 ? TAG : undefined));
      // tcpdump is not to lose any on a busy machine.
      if (i % 20 === 0) rest(2);
    }
    ping('-s', '4000');
  };
  const TAG = { protocol: 0x8100, control: 42 };

  test.each(['pcapng', 'pcap', 'nspcap'] as const)('writes what tcpdump writes beside it: %s', async (format) => {
    await withFolder(async (folder) => {
      const [ours, theirs] = [join(folder, 'ours'), join(folder, 'theirs')];
      await using them = await tcpdump(world.right, '-i', 'east', '-U', '-w', theirs);
      await using us = await hooktap(...right(), '-w', ours, '--format', format);
      mixture();
      await them.settled(() => statSync(theirs).size);
      const end = await us.end('SIGINT');
      await them.end('SIGINT');
      expect(end.code).toBe(0);
      const [a, b] = [await readFile(ours), await readFile(theirs)];
      const text = (r: typeof a) => r.packets.map(({ wire, data }) => `${wire} ${data.length} ${digest(data)}`);
      expect(a.packets.length).toBeGreaterThan(1030);
      expect(text(a)).toEqual(text(b));
      const apart = a.packets.map((p, i) => p.seconds - b.packets[i]!.seconds + (p.nanos - b.packets[i]!.nanos) / 1e9);
      // On a busy machine somebody may come between the two of them.
      const furthest = apart.map(Math.abs).toSorted((x, y) => x - y);
      expect(furthest[Math.floor(furthest.length * 0.98)]).toBeLessThan(0.001);
      expect(furthest.at(-1)).toBeLessThan(1);
      expect(counters(end.err)).toEqual({ captured: a.packets.length, received: a.packets.length, dropped: 0 });
    });
  });
  test.each(['-t', '-te', '-tv', '-tq', '-tX', '-tSnl'])('prints as tcpdump does: %s', async (flags) => {
    await using them = await tcpdump(world.right, '-i', 'east', '-l', flags, 'icmp or arp');
    await using us = await hooktap(...right(), flags, 'icmp', 'or', 'arp');
    ping();
    await them.settled();
    const [a, b] = [await us.end('SIGTERM'), await them.end('SIGTERM')];
    expect(linesOf(a.out).length).toBeGreaterThanOrEqual(10);
    // tcpdump ends with an empty line: a ctrl-C on the terminal may have come in the middle of one.
    expect(linesOf(a.out)).toEqual(linesOf(b.out));
    expect(a.code).toBe(0);
  });
  test('on every device, lines begin as those of tcpdump', async () => {
    await using them = await tcpdump(world.right, '-i', 'any', '-l', '-t', 'icmp or arp');
    await using us = await hooktap('--netns', world.right, '-i', 'any', '-t', 'icmp or arp');
    ping();
    done('ip', 'netns', 'exec', world.right, 'ping', '-c', '3', '-i', '0.02', '127.0.0.1');
    await them.settled();
    const [a, b] = [await us.end('SIGINT'), await them.end('SIGINT')];
    const name = `${world.right}/`;
    expect(linesOf(a.out).length).toBeGreaterThanOrEqual(16);
    const lines = linesOf(a.out).map((line) =>
      line.replace(/^\S+ +/, (device) => `${device.slice(name.length).trim().padEnd(5)} `),
    );
    expect(lines).toEqual(linesOf(b.out));
  });
  test('prints and writes at once, and stops at a count', async () => {
    await withFolder(async (folder) => {
      const file = join(folder, 'first.pcapng');
      await using us = await hooktap(...right(), '-w', file, '--print', '-c', '4', '-t', 'icmp');
      ping();
      const { code, out, err } = await us.end();
      expect(code).toBe(0);
      expect(linesOf(out).length).toBe(4);
      expect((await readFile(file)).packets.length).toBe(4);
      expect(counters(err).captured).toBe(4);
    });
  });
  test('a line is out soon after its packet', async () => {
    await using us = await hooktap(...right(), 'icmp');
    ping();
    // Before it is told to end.
    await us.until('all lines are there', ({ out }) => linesOf(out).length === 10);
    await us.end('SIGINT');
  });
  test('the file is whole from its first moment', async () => {
    await withFolder(async (folder) => {
      for (const name of ['a.pcapng', 'b.pcap']) {
        const file = join(folder, name);
        await using us = await hooktap(...right(), '-w', file, 'icmp');
        await us.until('the file has a header', () => (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0);
        ping();
        await quiet();
        us.signal('SIGKILL');
        await us.end();
        const { packets, error } = await readFile(file);
        expect(error).toBeUndefined();
        expect(packets.length).toBe(10);
      }
    });
  });
  test('tells its counters when asked', async () => {
    await using us = await hooktap(...right(), 'icmp');
    ping();
    await quiet();
    us.signal('SIGUSR1');
    const told = 'hooktap: 10 packets captured, 10 packets received by filter, 0 packets dropped by kernel';
    await us.until('it told', ({ err }) => err.includes(told));
    const { err } = await us.end('SIGINT');
    expect(err.endsWith('10 packets captured\n10 packets received by filter\n0 packets dropped by kernel\n')).toBe(
      true,
    );
  });
  test('a reader that has enough ends it without a word', async () => {
    const command = `"$0" "$1" capture --netns ${world.right} -i east -t icmp | head -n 1`;
    await using us = new Program('sh', ['-c', command, process.execPath, join(project, 'dist', 'hooktap.cjs')]);
    await us.until('it listens', ({ err }) => err.includes('listening on'));
    ping();
    ping();
    const { out, err } = await us.end();
    expect(linesOf(out).length).toBe(1);
    expect(err).not.toMatch(/EPIPE|at .*js/);
    expect(err).toMatch(/packets? dropped by kernel/);
  });
  test('what a slow reader makes it lose is told: nothing is missing in the sum', async () => {
    await using us = await hooktap(...right(), '-B', '512', '-t', '-X');
    us.stall();
    const count = 60_000;
    const frame = numbered(1, 1000);
    for (let i = 0; i < count; i++) sender.send(frame);
    us.goOn();
    const { out, err } = await us.end('SIGINT');
    const { captured, received, dropped } = counters(err);
    expect(received).toBe(count);
    expect(dropped).toBeGreaterThan(0);
    expect(captured + dropped).toBe(received);
    expect(out.match(/^02:00:00/gm)?.length).toBe(captured);
  });
  test('stock programs read a file of several devices', async () => {
    await withFolder(async (folder) => {
      const file = join(folder, 'both.pcapng');
      const everywhere = ['--netns', world.left, '--netns', world.right, '-i', 'any'];
      await using us = await hooktap(...everywhere, '-w', file, 'icmp');
      ping();
      await quiet();
      await us.end('SIGINT');
      const fields = ['frame.interface_name', 'frame.packet_flags_direction', 'icmp.type'].flatMap((f) => ['-e', f]);
      const rows = linesOf(done('tshark', '-r', file, '-T', 'fields', ...fields)).map((row) => row.split('\t'));
      expect(rows.length).toBe(20);
      const ways = new Set(rows.map(([device, way, type]) => `${device} ${Number(way)} ${type}`));
      const [west, east] = [`${world.left}/west`, `${world.right}/east`];
      expect(ways).toEqual(new Set([`${west} 2 8`, `${east} 1 8`, `${east} 2 0`, `${west} 1 0`]));
    });
  });
  test('a pcap file of several devices has the header that fits them all', async () => {
    await withFolder(async (folder) => {
      const file = join(folder, 'any.pcap');
      await using us = await hooktap('--netns', world.right, '-i', 'any', '-w', file, 'icmp');
      ping();
      await quiet();
      await us.end('SIGINT');
      const { packets, ports } = await readFile(file);
      expect(ports[0]!.linkType).toBe(276);
      expect(packets.length).toBe(10);
      expect(done('tcpdump', '-nn', '-t', '-r', file)).toMatch(/In +IP 10\.9\.0\.1 > 10\.9\.0\.2: ICMP echo request/);
    });
  });
  test('lists devices and what their packets begin with', () => {
    const { stdout } = once('--netns', world.right, '-D');
    expect(stdout).toBe(
      `1.${world.right}/east [Up, Running, Connected]\n` +
        `2.${world.right}/any (Pseudo-device that captures on all interfaces) [Up, Running]\n` +
        `3.${world.right}/lo [Up, Running, Loopback]\n`,
    );
    expect(once(...right(), '-L').stdout).toContain('  EN10MB (Ethernet)\n');
  });
  test('says what is wrong, and what mends it', () => {
    const cases: [string[], number, RegExp][] = [
      [['-i', 'nothing'], 1, /there is no device "nothing"\n {2}try: hooktap capture -D/],
      [['--netns', 'nowhere'], 1, /there is no network namespace "nowhere"\n {2}try: ip netns/],
      [[...right(), 'tcp prot 80'], 1, /capture filter: /],
      [[...right(), '-c', 'many'], 2, /expected a whole number/],
      [[...right(), '-w', '/nowhere/file'], 1, /no such directory/],
    ];
    for (const [args, code, text] of cases) {
      const { status, stderr } = once(...args);
      expect(stderr).toMatch(text);
      expect(status).toBe(code);
      expect(stderr).not.toMatch(/ at .*js/);
    }
  });
  test('without the right to capture it says so', () => {
    const args = ['-n', process.execPath, join(project, 'dist', 'hooktap.cjs'), 'capture', '-i', 'lo'];
    const command = ['--bounding-set=-all', '--inh-caps=-all', '--reuid=65534', '--clear-groups', ...args.slice(1)];
    const { status, stderr } = spawnSync('setpriv', command, { encoding: 'utf8' });
    expect(stderr).toMatch(/capturing needs CAP_NET_RAW.*\n {2}try: sudo hooktap capture/);
    expect(status).toBe(1);
  });
});
