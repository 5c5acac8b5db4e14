import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { libc } from '../../src/linux/library.ts';
import { inNamespace } from '../../src/linux/namespace.ts';
import { readFile } from '../format/reading.ts';
import { project } from '../support/project.ts';
import { withFolder } from '../support/run.ts';
import { built, counters, hooktap, Program } from './program.ts';
import { done, EXPERIMENT, namespace, numbered, Sender, World, whyNotLive } from './world.ts';

const why = whyNotLive('tshark');
if (why !== undefined) console.warn(`what captures survive is not tested: ${why}`);

const WANTED = `ether proto ${EXPERIMENT}`;
const rest = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const hooktapFile = join(project, 'dist', 'hooktap.cjs');

describe.skipIf(why !== undefined)('a capture survives', () => {
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
  const send = (count: number, length = 1000) => {
    for (let i = 0; i < count; i++) sender.send(numbered(i, length));
  };
  /** A disk of a megabyte. */
  async function withSmallDisk(work: (folder: string) => Promise<void>): Promise<void> {
    await withFolder(async (folder) => {
      const disk = join(folder, 'disk');
      mkdirSync(disk);
      done('mount', '-t', 'tmpfs', '-o', 'size=1m', 'hooktap', disk);
      try {
        await work(disk);
      } finally {
        spawnSync('umount', [disk]);
      }
    });
  }

  test.each(['t.pcapng', 't.pcap'])('a full disk, with every packet before that: %s', async (name) => {
    await withSmallDisk(async (disk) => {
      const file = join(disk, name);
      await using us = await hooktap(...right(), '-w', file, WANTED);
      for (let i = 0; i < 40; i++) {
        send(50);
        await rest(20);
      }
      const { code, err } = await us.end();
      expect(code).toBe(1);
      expect(err).toMatch(/the disk is full; the packets written before are in it\n {2}try: df -h/);
      expect(err).toMatch(/packets captured\n.*received by filter\n.*dropped by kernel/);
      const { packets, error } = await readFile(file);
      expect(error).toBeUndefined();
      expect(packets.length).toBeGreaterThan(500);
      for (const [i, { data }] of packets.entries())
        expect(Buffer.from(data)).toEqual(Buffer.from(numbered(i % 50, 1000)));
      done('tshark', '-r', file, '-c', '1');
    });
  });
  test('a reader of its packets that goes away', async () => {
    const command = `"$0" "$1" capture --netns ${world.right} -i east -w - ${WANTED} | head -c 5000 > /dev/null`;
    await using us = new Program('sh', ['-c', command, process.execPath, hooktapFile]);
    await us.until('it listens', ({ err }) => err.includes('listening on'));
    for (let i = 0; i < 20; i++) {
      send(5);
      await rest(30);
    }
    const { err } = await us.end();
    expect(err).not.toMatch(/EPIPE|at .*js/);
    expect(err).toMatch(/packets? dropped by kernel/);
  });
  test.each(['t.pcapng', 't.pcap'])('SIGKILL, up to its last second: %s', async (name) => {
    await withFolder(async (folder) => {
      const file = join(folder, name);
      await using us = await hooktap(...right(), '-w', file, WANTED);
      let sent = 0;
      for (; sent < 2000; sent += 20) {
        send(20);
        await rest(10);
      }
      await rest(1000);
      us.signal('SIGKILL');
      await us.end();
      const { packets, error } = await readFile(file);
      expect(error).toBeUndefined();
      expect(packets.length).toBe(sent);
    });
  });
  test('SIGTERM under load: what was taken is written', async () => {
    await withFolder(async (folder) => {
      const file = join(folder, 't.pcapng');
      await using us = await hooktap(...right(), '-w', file, WANTED);
      send(30_000, 200);
      const { code, err } = await us.end('SIGTERM');
      expect(code).toBe(0);
      const { captured, received, dropped } = counters(err);
      expect([received, captured + dropped]).toEqual([30_000, 30_000]);
      expect((await readFile(file)).packets.length).toBe(captured);
    });
  });
  test('SIGUSR1 and SIGUSR2, many of them', async () => {
    await using us = await hooktap(...right(), '-t', WANTED);
    for (let i = 0; i < 20; i++) {
      us.signal(i % 2 === 0 ? 'SIGUSR1' : 'SIGUSR2');
      send(1, 60);
      await rest(10);
    }
    const { code, err } = await us.end('SIGINT');
    expect(code).toBe(0);
    expect(err.match(/hooktap: \d+ packets? captured, /g)?.length).toBeGreaterThan(3);
    expect(counters(err.trimEnd().split('\n').slice(-3).join('\n')).received).toBe(20);
  });
  test('a device that goes down and up again, in the middle of a file', async () => {
    await withFolder(async (folder) => {
      const file = join(folder, 't.pcapng');
      await using us = await hooktap(...right(), '-w', file, WANTED);
      send(10);
      await rest(100);
      done('ip', '-n', world.right, 'link', 'set', 'east', 'down');
      await rest(100);
      done('ip', '-n', world.right, 'link', 'set', 'east', 'up');
      // Waits until the kernel has taken in that the cable is whole again.
      using again = new Sender(world.left, 'west');
      for (let i = 0; i < 10; i++) again.send(numbered(i, 1000));
      await rest(100);
      const { code, err } = await us.end('SIGINT');
      expect(code).toBe(0);
      expect(err).toMatch(/went down\n(.*\n)*.*is up again/);
      expect((await readFile(file)).packets.length).toBe(20);
    });
  });
  test.each([
    ['0', 1000],
    ['1', 1],
    ['14', 14],
  ])('a snapshot length of %s', async (length, kept) => {
    await withFolder(async (folder) => {
      const file = join(folder, 't.pcapng');
      await using us = await hooktap(...right(), '-s', length, '-w', file, '--print', '-e', '-v', WANTED);
      send(5);
      await rest(100);
      expect((await us.end('SIGINT')).code).toBe(0);
      const { packets } = await readFile(file);
      expect(packets.map(({ data, wire }) => [data.length, wire])).toEqual(Array(5).fill([kept, 1000]));
    });
  });

  /** Devices of many kinds in the left namespace; what each is sent, it is seen to send. */
  const KINDS: Record<string, string[][]> = {
    bridge: [
      ['add', 'br9', 'type', 'bridge'],
      ['set', 'br9', 'up'],
    ],
    ifb: [
      ['add', 'ifb9', 'type', 'ifb'],
      ['set', 'ifb9', 'up'],
    ],
    vxlan: [
      ['add', 'vx9', 'type', 'vxlan', 'id', '9', 'dev', 'west', 'remote', '10.9.0.2', 'dstport', '4789'],
      ['set', 'vx9', 'up'],
    ],
    macvlan: [
      ['add', 'mv9', 'link', 'west', 'type', 'macvlan', 'mode', 'bridge'],
      ['set', 'mv9', 'up'],
    ],
  };
  test.each(Object.entries(KINDS))('a %s', async (_kind, commands) => {
    const device = commands[0]![1]!;
    for (const command of commands) done('ip', '-n', world.left, 'link', ...command);
    try {
      using own = new Sender(world.left, device);
      await using us = await hooktap('--netns', world.left, '-i', device, '-t', '-e', WANTED);
      for (let i = 0; i < 5; i++) own.send(numbered(i, 100));
      await us.until('all are there', ({ out }) => (out.match(/0x88b5/g)?.length ?? 0) === 5);
      expect((await us.end('SIGINT')).code).toBe(0);
    } finally {
      spawnSync('ip', ['-n', world.left, 'link', 'del', device]);
    }
  });

  const ioctl = libc<(fd: number, request: number, argument: Uint8Array) => number>(
    'int ioctl(int, unsigned long, _Inout_ void *)',
  );
  const [TUNSETIFF, IFF_TUN, IFF_NO_PI] = [0x400454ca, 1, 0x1000];
  /** Opens a TUN device; it is gone when the descriptor is closed. */
  function tun(of: string, name: string): number {
    return inNamespace(namespace(of), () => {
      const fd = openSync('/dev/net/tun', 'r+');
      const request = new Uint8Array(40);
      request.set(Buffer.from(name));
      new DataView(request.buffer).setUint16(16, IFF_TUN | IFF_NO_PI, true);
      expect(ioctl(fd, TUNSETIFF, request)).toBe(0);
      return fd;
    });
  }
  test('a tun beside Ethernet and the loopback device: each as it is, or all cooked', async () => {
    const fd = tun(world.left, 'tun9');
    try {
      done('ip', '-n', world.left, 'addr', 'add', '10.8.0.1/24', 'dev', 'tun9');
      done('ip', '-n', world.left, 'link', 'set', 'tun9', 'up');
      const ping = (to: string) =>
        spawnSync('ip', ['netns', 'exec', world.left, 'ping', '-c', '2', '-i', '0.1', '-W', '1', to]);
      const devices = ['--netns', world.left, '-i', 'tun9,west,lo'];
      for (const args of [[], ['--cooked'], ['--format', 'pcap']]) {
        await withFolder(async (folder) => {
          const file = join(folder, 't');
          await using us = await hooktap(...devices, '-w', file, ...args, 'icmp');
          for (const to of ['10.8.0.2', '10.9.0.2', '127.0.0.1']) ping(to);
          await rest(200);
          expect((await us.end('SIGINT')).code).toBe(0);
          const { packets, ports } = await readFile(file);
          const types = args.length === 0 ? [101, 1, 1] : args[0] === '--cooked' ? [276, 276, 276] : [276];
          expect(ports.map(({ linkType }) => linkType)).toEqual(types);
          expect(packets.length).toBe(2 + 4 + 4);
          const read = done('tshark', '-r', file, '-T', 'fields', '-e', 'ip.dst', '-Y', 'icmp.type == 8').split('\n');
          expect(read.filter((row) => row !== '').length).toBe(6);
        });
      }
      await using us = await hooktap('--netns', world.left, '-i', 'tun9', '-t', 'icmp');
      ping('10.8.0.2');
      await us.until(
        'all are there',
        ({ out }) => (out.match(/^IP 10\.8\.0\.1 > 10\.8\.0\.2: ICMP/gm)?.length ?? 0) === 2,
      );
      await us.end('SIGINT');
    } finally {
      closeSync(fd);
    }
  });
  test('a sink that is slower than the sender: what is missing is told', async () => {
    await using us = await hooktap(...right(), '-B', '512', '-w', '-', WANTED);
    us.stall();
    send(40_000, 500);
    await rest(300);
    us.goOn();
    const { err } = await us.end('SIGINT');
    const { captured, received, dropped } = counters(err);
    expect(received).toBe(40_000);
    expect(dropped).toBeGreaterThan(0);
    expect(captured + dropped).toBe(received);
  });
  test('what it writes to is a file by the time that it listens', async () => {
    await withFolder(async (folder) => {
      const file = join(folder, 't.pcapng');
      await using us = await hooktap(...right(), '-w', file, WANTED);
      await us.until('it is there', () => (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0);
      done('tshark', '-r', file);
      await us.end('SIGINT');
    });
  });
});
