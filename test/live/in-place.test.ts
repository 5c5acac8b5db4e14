import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readFile } from '../format/reading.ts';
import { withFolder } from '../support/run.ts';
import { built, counters, hooktap, type Program } from './program.ts';
import { done, EXPERIMENT, numbered, Sender, World, whyNotLive } from './world.ts';

const why = whyNotLive('capinfos', 'tshark');
if (why !== undefined) console.warn(`packets written by the capturing thread are not tested: ${why}`);

const WANTED = `ether proto ${EXPERIMENT} or vlan`;
/** How long to send as fast as can be. */
const SECONDS = Number(process.env.HOOKTAP_FULL_SPEED_SECONDS ?? 2);
const rest = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe.skipIf(why !== undefined)('the capturing thread writes packets itself', () => {
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
  const TAG = { protocol: 0x8100, control: 42 };
  async function send(count: number, tagged: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      sender.send(numbered(i, 60 + ((i * 37) % 1400), i % tagged === 0 ? TAG : undefined));
      if (i % 50 === 49) await rest(2);
    }
  }
  /** Waits until a program counted so many packets. */
  async function counted(us: Program, count: number): Promise<void> {
    const asking = setInterval(() => us.signal('SIGUSR1'), 50);
    try {
      await us.until('all were counted', ({ err }) => err.includes(`hooktap: ${count} packets captured`));
    } finally {
      clearInterval(asking);
    }
  }

  test.each([
    ['none of them tagged', Number.POSITIVE_INFINITY],
    ['some with a tag to be put back', 9],
    ['all of them tagged', 1],
  ])('the same as where packets are handed out: %s', async (_, tagged) => {
    await withFolder(async (folder) => {
      const [direct, handed] = [join(folder, 'direct'), join(folder, 'handed')];
      await using a = await hooktap(...right(), '-w', direct, WANTED);
      // Counting makes the difference.
      await using b = await hooktap(...right(), '-w', handed, '-c', '1000000', WANTED);
      const count = 2000;
      await send(count, tagged);
      await counted(a, count);
      await counted(b, count);
      for (const each of [a, b]) expect((await each.end('SIGINT')).code).toBe(0);
      const [ours, theirs] = [await readFile(direct), await readFile(handed)];
      expect(ours.error).toBeUndefined();
      const about = ({ packets }: typeof ours) =>
        packets.map(({ data, wire, port, direction, flags }) => {
          return [Buffer.from(data).toString('latin1'), wire, port, direction, flags].join(' ');
        });
      expect(about(ours).length).toBe(count);
      expect(about(ours)).toEqual(about(theirs));
      const times = (r: typeof ours) => r.packets.map(({ seconds, nanos }) => seconds * 1e9 + nanos);
      const mine = times(ours);
      const apart = times(theirs).map((time, i) => Math.abs(time - mine[i]!));
      expect(Math.max(...apart)).toBeLessThan(1e6);
      const ids = (path: string) => done('tshark', '-r', path, '-T', 'fields', '-e', 'frame.packet_id');
      expect(ids(direct)).toBe(ids(handed));
    });
  });
  test('devices that appear are described before their packets', async () => {
    await withFolder(async (folder) => {
      const file = join(folder, 't');
      await using us = await hooktap('--netns', world.left, '-i', 'any', '-w', file, WANTED);
      for (let i = 0; i < 3; i++) {
        done('ip', '-n', world.left, 'link', 'add', `br${i}`, 'type', 'bridge');
        done('ip', '-n', world.left, 'link', 'set', `br${i}`, 'up');
        using own = new Sender(world.left, `br${i}`);
        for (let n = 0; n < 20; n++) own.send(numbered(n, 100));
        for (let n = 0; n < 20; n++) sender.send(numbered(n, 100));
        await counted(us, 40 * (i + 1));
      }
      await us.end('SIGINT');
      const { packets, ports, error } = await readFile(file);
      expect(error).toBeUndefined();
      const names = packets.map(({ port }) => ports[port]!.name!.replace(`${world.left}/`, ''));
      const each = (name: string) => Array<string>(20).fill(name);
      expect(names).toEqual([0, 1, 2].flatMap((i) => [...each(`br${i}`), ...each('west')]));
      for (let i = 0; i < 3; i++) done('ip', '-n', world.left, 'link', 'del', `br${i}`);
    });
  });
  test.each([
    [60, '/dev/null'],
    [1400, '/dev/null'],
    [60, 'a file'],
  ])(
    'a sender of %i bytes at full speed, to %s: what was seen was captured or is told as lost',
    async (length, to) => {
      await withFolder(async (folder) => {
        const file = to === 'a file' ? join(folder, 't') : to;
        await using us = await hooktap(...right(), '-B', '4096', '-w', file, WANTED);
        const frame = numbered(1, length);
        let sent = 0;
        for (const until = performance.now() + SECONDS * 1000; performance.now() < until; sent += 1000)
          for (let i = 0; i < 1000; i++) sender.send(frame);
        const { code, err } = await us.end('SIGINT');
        const { captured, received, dropped } = counters(err);
        expect([code, captured + dropped]).toEqual([0, received]);
        // On a busy machine the cable's own queue may drop some before anybody sees them.
        expect(received).toBeLessThanOrEqual(sent);
        expect(received).toBeGreaterThan(sent * 0.9);
        if (!existsSync(join(folder, 't'))) return;
        expect(done('capinfos', '-M', '-c', file)).toMatch(new RegExp(`Number of packets: +${captured}\\n`));
        expect((await readFile(file)).dropped).toBe(dropped);
      });
    },
    60_000 + SECONDS * 1000,
  );
});
