import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readFile } from '../format/reading.ts';
import { project } from '../support/project.ts';
import { withFolder } from '../support/run.ts';
import { built, hooktap, Program } from './program.ts';
import { done, EXPERIMENT, numbered, Sender, World, whyNotLive } from './world.ts';

const why = whyNotLive('setpriv', 'unshare');
if (why !== undefined) console.warn(`giving up rights is not tested: ${why}`);

/** Some user without rights: nobody. */
const USER = 65_534;
const NET_RAW = 1n << 13n;
const WANTED = `ether proto ${EXPERIMENT}`;
const command = [process.execPath, join(project, 'dist', 'hooktap.cjs'), 'capture'];
const listening = (program: Program) => program.until('it listens', ({ err }) => err.includes('listening on'));

/** What the kernel says of each thread of a process. */
function threads(pid: number): Record<string, string>[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) =>
    Object.fromEntries(
      readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8')
        .split('\n')
        .map((line) => line.split(/:\s+/) as [string, string]),
    ),
  );
}
const capabilities = (status: Record<string, string>) => BigInt(`0x${status.CapEff}`) | BigInt(`0x${status.CapPrm}`);

describe.skipIf(why !== undefined)('rights', () => {
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
  const send = (count: number) => {
    for (let i = 0; i < count; i++) sender.send(numbered(i, 60));
  };
  const withOwnFolder = (work: (folder: string) => Promise<void>) =>
    withFolder(async (folder) => {
      chmodSync(folder, 0o755);
      const own = join(folder, 'own');
      mkdirSync(own);
      chownSync(own, USER, USER);
      await work(own);
    });
  const sudo = (...args: string[]) =>
    new Program('env', [`SUDO_UID=${USER}`, `SUDO_GID=${USER}`, 'SUDO_USER=nobody', ...command, ...args]);

  test('with sudo it becomes who called it, in every thread, and so do its files', async () => {
    await withOwnFolder(async (folder) => {
      const file = join(folder, 't.pcapng');
      await using us = sudo(...right(), '-w', file, WANTED);
      await us.until('the file is there', () => statSync(file, { throwIfNoEntry: false }) !== undefined);
      for (const status of threads(us.pid)) {
        expect(status.Uid).toBe(Array(4).fill(USER).join('\t'));
        expect(status.Gid).toBe(Array(4).fill(USER).join('\t'));
        expect(status.Groups!.trim()).toBe(String(USER));
        expect(capabilities(status)).toBe(0n);
      }
      expect(threads(us.pid).filter((status) => status.NoNewPrivs === '1').length).toBeGreaterThanOrEqual(2);
      expect(statSync(file).uid).toBe(USER);
      send(5);
      await us.until('packets are there', () => statSync(file).size > 600);
      us.signal('SIGHUP');
      await us.until('there is another file', () => readdirSync(folder).length === 2);
      expect(statSync(`${file}.1`).uid).toBe(USER);
      expect((await us.end('SIGINT')).code).toBe(0);
      expect((await readFile(file)).packets.length).toBe(5);
    });
  });
  test('a file that the user may not write is refused, with the way to remain root', async () => {
    await withFolder(async (folder) => {
      chmodSync(folder, 0o755);
      await using us = sudo(...right(), '-w', join(folder, 't.pcapng'), WANTED);
      const { code, err } = await us.end();
      expect(code).toBe(1);
      expect(err).toMatch(/not allowed to write it as nobody\n {2}try: -Z root/);
      await using root = sudo(...right(), '-w', join(folder, 't.pcapng'), '-Z', 'root', WANTED);
      await listening(root);
      expect((await root.end('SIGINT')).code).toBe(0);
      expect(statSync(join(folder, 't.pcapng')).uid).toBe(0);
    });
  });
  test('-Z names another user', async () => {
    await using us = await hooktap(...right(), '-Z', 'nobody', '-t', WANTED);
    await us.until('it is nobody', () => threads(us.pid).every(({ Uid }) => Uid!.startsWith(`${USER}\t`)));
    send(3);
    await us.until('lines are there', ({ out }) => out.includes('0x88b5'));
    expect((await us.end('SIGINT')).code).toBe(0);
  });
  test('only the thread that may have to open more sockets keeps what that takes', async () => {
    await using us = sudo('--netns', 'all', '-i', 'any', '-t', WANTED);
    await listening(us);
    await us.until('rights are gone', () => threads(us.pid).filter(({ NoNewPrivs }) => NoNewPrivs === '1').length >= 2);
    const all = threads(us.pid);
    for (const { Uid } of all) expect(Uid).toBe(Array(4).fill(USER).join('\t'));
    const kept = all.map(capabilities).filter((mask) => mask !== 0n);
    // Reading everything, packet sockets, looking into processes, entering namespaces.
    expect(kept).toEqual([(1n << 2n) | NET_RAW | (1n << 19n) | (1n << 21n)]);
    const name = `${world.left}-late`;
    try {
      done('ip', 'netns', 'add', name);
      await us.until('it told', ({ err }) => err.includes(`the network namespace "${name}" is new`));
      done('ip', '-n', name, 'link', 'set', 'lo', 'up');
      using inside = new Sender(name, 'lo');
      const there = ({ out }: Program) => out.includes(`${name}/lo`);
      for (let i = 0; i < 40 && !there(us); i++) {
        inside.send(numbered(i, 60));
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      expect(there(us)).toBe(true);
    } finally {
      spawnSync('ip', ['netns', 'del', name]);
    }
    expect((await us.end('SIGINT')).code).toBe(0);
  });
  test('CAP_NET_RAW alone is enough', async () => {
    const rights = ['--reuid', String(USER), '--clear-groups', '--inh-caps=-all,+net_raw', '--ambient-caps=+net_raw'];
    await using us = new Program('ip', [
      ...['netns', 'exec', world.right, 'setpriv', ...rights, '--bounding-set=-all,+net_raw'],
      ...[...command, '-i', 'east', '-t', WANTED],
    ]);
    await listening(us);
    send(3);
    await us.until('lines are there', ({ out }) => (out.match(/0x88b5/g)?.length ?? 0) === 3);
    // The thread of the program and the one that captures have none left.
    expect(threads(us.pid).filter((status) => capabilities(status) === 0n && status.NoNewPrivs === '1').length).toBe(2);
    expect((await us.end('SIGINT')).code).toBe(0);
  });
  test('an ordinary user captures in a user namespace', async () => {
    const script = `ip link set lo up; timeout 60 "$@" -i lo -t -c 4 icmp & c=$!
      while kill -0 $c; do ping -c 2 -i 0.2 127.0.0.1; done > /dev/null 2>&1; wait $c`;
    const args = ['--reuid', String(USER), '--clear-groups', 'unshare', '-Urn', 'sh', '-c', script, 'sh', ...command];
    await using us = new Program('setpriv', args);
    const { code, out, err } = await us.end();
    expect(err).toContain('listening on lo');
    expect(out.match(/ICMP echo (request|reply)/g)?.length).toBe(4);
    expect(code).toBe(0);
  });
});
