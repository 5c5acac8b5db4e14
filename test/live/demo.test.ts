import { spawnSync } from 'node:child_process';
import { accessSync, constants, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readFile } from '../format/reading.ts';
import { project } from '../support/project.ts';
import { withFolder } from '../support/run.ts';
import { gone, machine, traces } from './leftovers.ts';
import { built, Program } from './program.ts';
import { done, whyNotLive } from './world.ts';

const why = whyNotLive('setpriv', 'unshare', 'nft');
if (why !== undefined) console.warn(`the demo is not tested: ${why}`);

const demo = [join(project, 'dist', 'hooktap.cjs'), 'demo'];
/** Some user without rights: nobody. */
const NOBODY = ['--reuid', '65534', '--regid', '65534', '--clear-groups', process.execPath, ...demo];

/** What each scene has to say, with journeys. */
const CAUSES = [
  /1 {2}A web server.*delivered at web\/eth0 to web \(pid \d+\), at its socket 10\.77\.2\.10:8080/s,
  /destination 10\.77\.1\.1:80 -> 10\.77\.2\.10:8080\n +by rule \d+ of ip nat prerouting:/,
  /2 {2}A rule.*dropped by router, rule \d+ of inet wall forward:\n +tcp dport 5432 drop comment "audit"/s,
  /3 {2}A port.*dropped at web\/eth0: no socket is open for it \[NO_SOCKET\]/s,
  /4 {2}A source.*dropped at router\/lan: .*rp_filter\) \[IP_RPFILTER\]/s,
  /5 {2}A packet.*need to frag \(mtu 1000\).*dropped at router\/lan: .*\[PKT_TOO_BIG\]/s,
  /6 {2}Two ends.*vni 42.*dropped at db\/eth0: .*\[VXLAN_VNI_NOT_FOUND\]/s,
  /7 {2}A virtual.*dropped at router\/tap0: .*\[FULL_RING\]/s,
];
/** The same without BPF. */
const POORER_CAUSES = [
  /no journeys: they take root/,
  /rules +rule \d+ of ip nat prerouting: tcp dport 80 dnat to/,
  /the router handed it on to 10\.77\.2\.10:8080, which answered/,
  CAUSES[2]!,
  /web answered with a reset/,
  /it counted IPReversePathFilter/,
  /the next link takes 1000 bytes/,
  /it reached db with VNI 42, where the only VXLAN device has 43/,
];

const lines = (text: string): string[] => text.split('\n');

describe.skipIf(why !== undefined)('hooktap demo', () => {
  beforeAll(built);

  test('tells what became of each packet, keeps the packets, and leaves nothing behind', async () => {
    await withFolder(async (folder) => {
      const before = machine();
      const file = join(folder, 'demo.pcapng');
      await using us = new Program(process.execPath, [...demo, '--keep', file]);
      await us.until('it is under way', ({ out }) => out.includes('3  A port'));
      const during = traces(us.pid);
      expect(during.namespaces.size).toBe(4);
      expect(during.processes.length).toBe(3);
      const { code, out, err } = await us.end();
      expect(err).toBe('');
      for (const cause of CAUSES) expect(out).toMatch(cause);
      expect(out).toMatch(/Done in [\d.]+ s; the network is gone/);
      // Not a terminal: nothing that only a terminal understands.
      expect(out).not.toContain('\x1b');
      expect(code).toBe(0);
      await gone(during);
      expect(machine()).toEqual(before);
      expect(done('nft', 'list', 'tables')).not.toContain(`hooktap-${us.pid}`);
      expect(readdirSync(folder)).toEqual(['demo.pcapng']);
      const { packets, ports } = await readFile(file);
      expect(packets.length).toBeGreaterThan(50);
      expect(ports.map(({ name }) => name)).toEqual(expect.arrayContaining(['client/eth0', 'router/lan', 'db/vx0']));
    });
  });
  test('does not overwrite a file', async () => {
    await using us = new Program(process.execPath, [...demo, '--keep', join(project, 'README.md')]);
    const { code, out, err } = await us.end();
    expect([code, out, err]).toEqual([1, '', expect.stringContaining('README.md is there already')]);
  });
  test('fits a terminal of 80 columns', async () => {
    await using us = new Program(process.execPath, demo);
    const { out } = await us.end();
    const wide = lines(Buffer.from(out, 'latin1').toString()).filter((line) => line.length > 80);
    expect(wide).toEqual([]);
  });
  test('killed in the middle it leaves nothing behind, and can be started again', async () => {
    const before = machine();
    await using us = new Program(process.execPath, demo);
    await us.until('it is under way', ({ out }) => out.includes('4  A source'));
    const during = traces(us.pid);
    await us.end('SIGKILL');
    await gone(during);
    expect(machine()).toEqual(before);
    await using again = new Program(process.execPath, demo);
    const { code, out } = await again.end();
    expect(code).toBe(0);
    for (const cause of CAUSES) expect(out).toMatch(cause);
  });
  test('interrupted it ends in order', async () => {
    await using us = new Program(process.execPath, demo);
    await us.until('it is under way', ({ out }) => out.includes('2  A rule'));
    const during = traces(us.pid);
    const { code, out } = await us.end('SIGINT');
    expect(code).toBe(130);
    expect(out).toContain('nothing is left of it');
    expect(out).not.toContain('7  A virtual');
    await gone(during);
  });
  test('needs no programs', async () => {
    await using us = new Program('/usr/bin/env', ['PATH=/nonexistent', process.execPath, ...demo]);
    const { code, out } = await us.end();
    expect(code).toBe(0);
    for (const cause of CAUSES) expect(out).toMatch(cause);
  });
  test('without root it tells what it can from packets, rules and counters', async () => {
    await using us = new Program('setpriv', NOBODY);
    const { code, out, err } = await us.end();
    expect(err).toBe('');
    expect(code).toBe(0);
    for (const cause of POORER_CAUSES) expect(out).toMatch(cause);
    expect(out).toContain('sudo ./hooktap demo');
    expect(out).not.toMatch(/^ {3}trace/m);
    expect(out).toMatch(mayOpenTap() ? /router counted a drop at tap0/ : /left out: .*\/dev\/net\/tun/);
  });
  test('without root, killed in the middle, it leaves nothing behind', async () => {
    await using us = new Program('setpriv', NOBODY);
    await us.until('it is under way', ({ out }) => out.includes('4  A source'));
    const during = traces(us.pid);
    expect(during.processes.length).toBeGreaterThan(2);
    await us.end('SIGKILL');
    await gone(during);
  });
  test('refuses where no network can be built', async () => {
    // A limit of the machine's: no user namespace may be made in this one.
    const script = 'echo 0 > /proc/sys/user/max_user_namespaces && exec setpriv "$@"';
    const { status, stdout, stderr } = spawnSync(
      'unshare',
      ['-Ur', 'sh', '-c', script, 'sh', '--bounding-set=-all', '--inh-caps=-all', process.execPath, ...demo],
      { encoding: 'utf8' },
    );
    expect(stderr).toMatch(/hooktap: no network can be built: .*\n {2}try: sudo \.\/hooktap demo/);
    expect(stdout).toBe('');
    expect(status).toBe(1);
  });
});
function mayOpenTap(): boolean {
  try {
    accessSync('/dev/net/tun', constants.W_OK);
    return (spawnSync('stat', ['-c', '%A', '/dev/net/tun'], { encoding: 'utf8' }).stdout.at(-3) ?? '-') === 'w';
  } catch {
    return false;
  }
}
