import { existsSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readFile } from '../format/reading.ts';
import { withFolder } from '../support/run.ts';
import { built, counters, hooktap, type Program, tcpdump } from './program.ts';
import { done, EXPERIMENT, numbered, Sender, World, whyNotLive } from './world.ts';

const why = whyNotLive('tcpdump', 'capinfos');
if (why !== undefined) console.warn(`rotation is not tested: ${why}`);

const rest = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const WANTED = `ether proto ${EXPERIMENT}`;

describe.skipIf(why !== undefined)('one file after the other', () => {
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
  const capture = (...args: string[]) => hooktap('--netns', world.right, '-i', 'east', ...args);
  let next = 0;
  async function send(count: number, length = 1400): Promise<void> {
    for (let i = 0; i < count; i++) {
      sender.send(numbered(next++, length));
      // tcpdump is not to lose any on a busy machine.
      if (i % 50 === 49) await rest(5);
    }
  }
  /** The numbers of the packets in each file of a folder. */
  async function contents(folder: string): Promise<Record<string, number[]>> {
    const found: Record<string, number[]> = {};
    for (const name of readdirSync(folder).sort()) {
      const { packets, error } = await readFile(join(folder, name));
      expect(error).toBeUndefined();
      found[name] = packets.map(({ data }) => new DataView(data.buffer, data.byteOffset).getUint32(14));
    }
    return found;
  }
  const numbers = (files: Record<string, number[]>) =>
    Object.values(files)
      .flat()
      .toSorted((a, b) => a - b);
  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
  const settled = (us: Program) => rest(300).then(() => us.end('SIGINT'));

  test.each([
    ['-C', '1'],
    ['-C', '1', '-W', '2'],
    ['-C', '1', '-W', '11'],
  ])('names and contents are those of tcpdump: %s %s %s %s', async (...flags) => {
    await withFolder((ours) =>
      withFolder(async (theirs) => {
        const args = [...flags.filter((flag) => flag !== undefined)];
        // tcpdump gives up the rights that it would need in our folder.
        await using them = await tcpdump(
          world.right,
          '-i',
          'east',
          '-Z',
          'root',
          '-U',
          '-w',
          `${theirs}/t.pcap`,
          ...args,
          WANTED,
        );
        await using us = await capture('-w', `${ours}/t.pcap`, ...args, WANTED);
        await send(2500);
        await rest(600);
        await settled(us);
        await them.end('SIGINT');
        const [a, b] = [await contents(ours), await contents(theirs)];
        expect(Object.keys(b).length).toBeGreaterThan(1);
        expect(a).toEqual(b);
      }),
    );
  });
  test('by time, with the time in the name', async () => {
    await withFolder(async (folder) => {
      const from = next;
      await using us = await capture('-w', `${folder}/t-%s.pcapng`, '-G', '1', WANTED);
      for (let i = 0; i < 25; i++) {
        await send(4);
        await rest(100);
      }
      await settled(us);
      const found = await contents(folder);
      expect(Object.keys(found).length).toBeGreaterThanOrEqual(3);
      for (const name of Object.keys(found)) expect(name).toMatch(/^t-\d{10}\.pcapng$/);
      expect(numbers(found)).toEqual(range(from, next));
    });
  });
  test('-G -W stops after so many', async () => {
    await withFolder(async (folder) => {
      await using us = await capture('-w', `${folder}/t-%s`, '-G', '1', '-W', '2', WANTED);
      const sending = (async () => {
        for (let i = 0; i < 40; i++) {
          await send(1);
          await rest(100);
        }
      })();
      const { code, err } = await us.end();
      await sending;
      expect(code).toBe(0);
      expect(err).toContain('that was file 2, the last one');
      expect(readdirSync(folder).length).toBe(2);
    });
  });
  test('the ring of dumpcap keeps the last files', async () => {
    await withFolder(async (folder) => {
      await using us = await capture('-w', `${folder}/t.pcapng`, '--ring', 'files:3,filesize:100', WANTED);
      const from = next;
      await send(500);
      await settled(us);
      const found = await contents(folder);
      const names = Object.keys(found);
      expect(names.length).toBe(3);
      for (const name of names) expect(name).toMatch(/^t_0000\d_\d{14}\.pcapng$/);
      // The last packets, without a gap.
      const kept = numbers(found);
      expect(kept).toEqual(range(kept[0]!, next));
      expect(kept[0]).toBeGreaterThan(from);
      for (const name of names)
        expect(done('capinfos', '-M', '-s', join(folder, name))).toMatch(
          /File size: +(9\d{4}|1[0-4]\d{4}) bytes|File size: +\d{1,5} bytes/,
        );
    });
  });
  test('by time also when nothing comes', async () => {
    await withFolder(async (folder) => {
      await using us = await capture('-w', `${folder}/t.pcapng`, '--ring', 'duration:1', WANTED);
      await us.until('there are three files', () => readdirSync(folder).length >= 3);
      await us.end('SIGTERM');
      for (const packets of Object.values(await contents(folder))) expect(packets).toEqual([]);
    });
  });
  test('SIGHUP begins a new file, at once', async () => {
    await withFolder(async (folder) => {
      const from = next;
      await using us = await capture('-w', `${folder}/t.pcapng`, WANTED);
      await send(10);
      await rest(200);
      us.signal('SIGHUP');
      await us.until('there are two files', () => readdirSync(folder).length === 2);
      await send(10);
      await rest(200);
      // As logrotate does it.
      renameSync(`${folder}/t.pcapng`, `${folder}/old`);
      us.signal('SIGHUP');
      await us.until('the name is taken again', () => existsSync(`${folder}/t.pcapng`));
      await send(10);
      const { code, err } = await settled(us);
      expect(code).toBe(0);
      expect(err).toContain('t.pcapng is there already: writing');
      expect(await contents(folder)).toEqual({
        old: range(from, from + 10),
        't.pcapng.1': range(from + 10, from + 20),
        't.pcapng': range(from + 20, from + 30),
      });
    });
  });
  test('without a file SIGHUP ends it', async () => {
    await using us = await capture(WANTED);
    expect((await us.end('SIGHUP')).code).toBe(0);
  });
  test('stops by itself', async () => {
    const cases: [string[], (captured: number) => void][] = [
      [['--autostop', 'packets:7'], (captured) => expect(captured).toBe(7)],
      [['--autostop', 'duration:0.5'], (captured) => expect(captured).toBeLessThan(100)],
      [['--autostop', 'filesize:10', '--format', 'pcap'], (captured) => expect(captured).toBe(8)],
      [['--autostop', 'files:2', '--ring', 'filesize:10', '--format', 'pcap'], (captured) => expect(captured).toBe(16)],
    ];
    for (const [args, check] of cases) {
      await withFolder(async (folder) => {
        await using us = await capture('-w', `${folder}/t`, ...args, WANTED);
        await send(30);
        const { code, err } = await us.end();
        expect(code).toBe(0);
        check(counters(err).captured);
        expect(numbers(await contents(folder)).length).toBe(counters(err).captured);
      });
    }
  });
  test('runs a program for each file, and no shell', async () => {
    await withFolder(async (folder) => {
      const hostile = 't $(touch hooktap-bad);.pcap';
      const from = next;
      await using us = await capture('-w', `${folder}/${hostile}`, '-C', '1', '--on-rotate', 'gzip -1', WANTED);
      await send(1600);
      const { code, err } = await settled(us);
      expect([code, err.match(/on-rotate/)]).toEqual([0, null]);
      expect(existsSync('hooktap-bad')).toBe(false);
      expect(readdirSync(folder).sort()).toEqual([`${hostile}.gz`, `${hostile}1.gz`, `${hostile}2.gz`]);
      for (const name of readdirSync(folder)) done('gunzip', join(folder, name));
      expect(numbers(await contents(folder))).toEqual(range(from, next));
    });
  });
  test('tells when that program fails', async () => {
    await withFolder(async (folder) => {
      for (const [program, text] of [
        ['false', /--on-rotate: false .*t: exit code 1/],
        ['/nowhere/x', /--on-rotate: \/nowhere\/x .*t: spawn \/nowhere\/x ENOENT/],
      ] as const) {
        await using us = await capture('-w', `${folder}/t`, '--force', '--on-rotate', program, WANTED);
        const { code, err } = await us.end('SIGINT');
        expect(err).toMatch(text);
        expect(code).toBe(0);
      }
    });
  });
  test('never writes over a file unless told to', async () => {
    await withFolder(async (folder) => {
      await using us = await capture('-w', `${folder}/t.pcapng`, '-c', '1', WANTED);
      await send(1);
      await us.end();
      const before = await contents(folder);
      const again = capture('-w', `${folder}/t.pcapng`, WANTED);
      await expect(again.then((program) => program.end())).resolves.toMatchObject({ code: 1 });
      expect(await contents(folder)).toEqual(before);
    });
  });
});
