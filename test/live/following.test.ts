import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { built, counters, hooktap } from './program.ts';
import { done, EXPERIMENT, numbered, Sender, World, whyNotLive } from './world.ts';

const why = whyNotLive();
if (why !== undefined) console.warn(`devices that come and go are not tested: ${why}`);

const rest = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const WANTED = `ether proto ${EXPERIMENT}`;
const lines = (text: string) => text.split('\n').filter((line) => line.includes('0x88b5')).length;
const devicesOf = (text: string) =>
  [...new Set(text.split('\n').flatMap((line) => /^(\S+) +(?:In|Out|B|M|P) /.exec(line)?.[1] ?? []))].sort();

describe.skipIf(why !== undefined)('devices and namespaces that come and go', () => {
  let world: World;
  beforeAll(() => {
    built();
    world = new World();
  });
  afterAll(() => world?.[Symbol.dispose]());
  /** A further cable between the namespaces. */
  const cable = (west: string, east: string) => {
    done('ip', '-n', world.left, 'link', 'add', west, 'type', 'veth', 'peer', 'name', east, 'netns', world.right);
    done('ip', '-n', world.left, 'link', 'set', west, 'up');
    done('ip', '-n', world.right, 'link', 'set', east, 'up');
  };
  const cut = (west: string) => spawnSync('ip', ['-n', world.left, 'link', 'del', west]);
  function send(device: string, count: number): void {
    using sender = new Sender(world.left, device);
    for (let i = 0; i < count; i++) sender.send(numbered(i, 60));
  }

  test.each([['any'], ['ea*']])('a device that comes later is captured on: -i %s', async (name) => {
    await using us = await hooktap('--netns', world.right, '-i', name, '-t', WANTED);
    send('west', 3);
    try {
      cable('west2', 'east2');
      await us.until('it told', ({ err }) => err.includes(`${world.right}/east2 is new`));
      send('west2', 5);
      await us.until('all are there', ({ out }) => lines(out) === 8);
    } finally {
      cut('west2');
    }
    await us.until('it told', ({ err }) => err.includes(`${world.right}/east2 is gone`));
    send('west', 2);
    await us.until('all are there', ({ out }) => lines(out) === 10);
    const { code, out, err } = await us.end('SIGINT');
    expect(code).toBe(0);
    expect(devicesOf(out)).toEqual([`${world.right}/east`, `${world.right}/east2`]);
    expect(counters(err)).toEqual({ captured: 10, received: 10, dropped: 0 });
  });
  test('a pattern may match nothing yet', async () => {
    await using us = await hooktap('--netns', world.right, '-i', 'late?', '-t', WANTED);
    try {
      cable('west2', 'late1');
      await us.until('it told', ({ err }) => err.includes('/late1 is new'));
      send('west2', 4);
      await us.until('all are there', ({ out }) => lines(out) === 4);
    } finally {
      cut('west2');
    }
    expect((await us.end('SIGINT')).code).toBe(0);
  });
  test('a named device that is deleted and made again, beside another one', async () => {
    try {
      cable('west2', 'east2');
      await using us = await hooktap('--netns', world.right, '-i', 'east,east2', '-t', WANTED);
      send('west2', 2);
      await us.until('all are there', ({ out }) => lines(out) === 2);
      cut('west2');
      await us.until('it told', ({ err }) => err.includes('/east2 is gone'));
      send('west', 2);
      await us.until('all are there', ({ out }) => lines(out) === 4);
      cable('west2', 'east2');
      await us.until('it told', ({ err }) => err.includes('/east2 is new'));
      send('west2', 2);
      await us.until('all are there', ({ out }) => lines(out) === 6);
      expect((await us.end('SIGINT')).code).toBe(0);
    } finally {
      cut('west2');
    }
  });
  test('a renamed device is known by its new name', async () => {
    try {
      cable('west2', 'east2');
      await using us = await hooktap('--netns', world.right, '-i', 'any', '-t', WANTED);
      send('west2', 1);
      await us.until('all are there', ({ out }) => lines(out) === 1);
      done('ip', '-n', world.right, 'link', 'set', 'east2', 'name', 'east3');
      await rest(100);
      send('west2', 1);
      await us.until('all are there', ({ out }) => lines(out) === 2);
      expect(devicesOf(us.out)).toEqual([`${world.right}/east2`, `${world.right}/east3`]);
      await us.end('SIGINT');
    } finally {
      cut('west2');
    }
  });
  test('a namespace that comes later is captured in, and let go of when it is deleted', async () => {
    const name = `${world.left}-late`;
    await using us = await hooktap('--netns', 'all', '-i', 'any', '-t', WANTED);
    try {
      done('ip', 'netns', 'add', name);
      await us.until('it told', ({ err }) => err.includes(`the network namespace "${name}" is new`));
      done('ip', '-n', world.left, 'link', 'add', 'west2', 'type', 'veth', 'peer', 'name', 'inner', 'netns', name);
      done('ip', '-n', world.left, 'link', 'set', 'west2', 'up');
      done('ip', '-n', name, 'link', 'set', 'inner', 'up');
      send('west2', 3);
      const inner = (text: string) => text.split('\n').filter((line) => line.startsWith(`${name}/inner`)).length;
      const statistics = () => done('ip', '-n', name, '-s', 'link', 'show', 'inner');
      await us
        .until('all are there', ({ out }) => inner(out) === 3)
        .catch((error: Error) => {
          throw new Error(`${error.message}${statistics()}`);
        });
    } finally {
      spawnSync('ip', ['netns', 'del', name]);
    }
    await us.until('it told', ({ err }) => err.includes(`the network namespace "${name}" is gone`));
    // Nobody holds it any more: the other end of its cable is gone, too.
    const gone = () => spawnSync('ip', ['-n', world.left, 'link', 'show', 'west2']).status !== 0;
    await us.until('the cable is gone', gone);
    send('west', 1);
    await us.until('it goes on', ({ out }) => out.includes(`${world.right}/east`));
    expect((await us.end('SIGINT')).code).toBe(0);
  });
  test('a namespace that was named is deleted: told, and the others go on', async () => {
    const name = `${world.left}-gone`;
    done('ip', 'netns', 'add', name);
    try {
      await using us = await hooktap('--netns', name, '--netns', world.right, '-i', 'any', '-t', WANTED);
      done('ip', 'netns', 'del', name);
      await us.until('it told', ({ err }) => err.includes(`the network namespace "${name}" is gone`));
      send('west', 2);
      await us.until('it goes on', ({ out }) => lines(out) === 2);
      expect((await us.end('SIGINT')).code).toBe(0);
    } finally {
      spawnSync('ip', ['netns', 'del', name]);
    }
  });
  test('when nothing is left and nothing can come, it ends', async () => {
    const name = `${world.left}-only`;
    done('ip', 'netns', 'add', name);
    await using us = await hooktap('--netns', name, '-i', 'lo', '-t', WANTED);
    done('ip', 'netns', 'del', name);
    const { code, err } = await us.end();
    expect(code).toBe(1);
    expect(err).toMatch(/is gone\n(.*\n)*hooktap: nothing is left to capture on\n {2}try: hooktap capture -D/);
  });
  test('200 devices in 50 namespaces', async () => {
    const names = Array.from({ length: 50 }, (_, i) => `${world.left}-n${i}`);
    try {
      const script = names.flatMap((name, n) => [
        `netns add ${name}`,
        ...[0, 1].map((i) => `-n ${name} link add a${n}x${i} type veth peer name b${n}x${i}`),
        ...[0, 1].flatMap((i) => [`-n ${name} link set a${n}x${i} up`, `-n ${name} link set b${n}x${i} up`]),
      ]);
      done('sh', '-c', script.map((line) => `ip ${line}`).join('\n'));
      const scope = names.flatMap((name) => ['--netns', name]);
      for (const devices of ['any', 'a*,b*']) {
        await using us = await hooktap(...scope, '-i', devices, '-t', WANTED);
        for (const [n, name] of names.entries()) {
          for (const i of [0, 1]) {
            using sender = new Sender(name, `a${n}x${i}`);
            for (let packet = 0; packet < 5; packet++) sender.send(numbered(packet, 60));
          }
        }
        await us.until('all are there', ({ out }) => lines(out) >= 1000);
        const { code, out, err } = await us.end('SIGINT');
        expect(code).toBe(0);
        // Each is seen leaving one end and coming in at the other.
        expect(counters(err)).toEqual({ captured: 1000, received: 1000, dropped: 0 });
        expect(devicesOf(out).length).toBe(200);
      }
    } finally {
      for (const name of names) spawnSync('ip', ['netns', 'del', name]);
    }
  });
});
