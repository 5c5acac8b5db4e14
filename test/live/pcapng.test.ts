import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readFile } from '../format/reading.ts';
import { withFolder } from '../support/run.ts';
import { built, counters, hooktap } from './program.ts';
import { done, EXPERIMENT, numbered, Sender, World, whyNotLive } from './world.ts';

const why = whyNotLive('tshark', 'capinfos');
if (why !== undefined) console.warn(`what captures say is not tested: ${why}`);

const WANTED = `ether proto ${EXPERIMENT}`;
const rest = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe.skipIf(why !== undefined)('what a capture says of itself', () => {
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
  const send = (count: number, length = 60, tag?: { protocol: number; control: number }) => {
    for (let i = 0; i < count; i++) sender.send(numbered(i, length, tag));
  };
  const fields = (file: string, ...names: string[]) =>
    done('tshark', '-r', file, '-T', 'fields', ...names.flatMap((name) => ['-e', name]))
      .split('\n')
      .filter((row) => row !== '')
      .map((row) => row.split('\t'));

  test('capinfos and tshark read what it says of devices and of the machine', async () => {
    await withFolder(async (folder) => {
      const file = join(folder, 't.pcapng');
      await using us = await hooktap('--netns', world.right, '-i', 'east', '-w', file, WANTED, 'or', 'vlan');
      send(20);
      send(1, 60, { protocol: 0x8100, control: 42 });
      await rest(100);
      await us.end('SIGINT');
      const about = done('capinfos', file);
      for (const line of [
        `Name = ${world.right}/east`,
        /Description = veth, index \d+, mtu 1500/,
        'Encapsulation = Ethernet',
        'Speed = 10000000000',
        `Filter string = ${WANTED} or vlan`,
        /Operating system = Linux \d/,
        'Hardware = veth',
        'Time precision = nanoseconds (9)',
        'Number of stat entries = 1',
        /Capture oper-sys: +Linux \d/,
        /Capture hardware: +\S/,
        /Capture application: hooktap/,
        'Strict time order:   True',
      ])
        expect(about).toMatch(line);
      const rows = fields(
        file,
        'frame.packet_id',
        'frame.packet_flags_direction',
        'frame.interface_description',
        'vlan.id',
      );
      expect(rows.map(([id]) => Number(id))).toEqual(Array.from({ length: 21 }, (_, i) => i + 1));
      expect(new Set(rows.map(([, direction]) => Number(direction)))).toEqual(new Set([1]));
      expect(rows.at(-1)![3]).toBe('42');
    });
  });
  test('a loss is told where it happened, and in all', async () => {
    await withFolder(async (folder) => {
      const file = join(folder, 't.pcapng');
      await using us = await hooktap('--netns', world.right, '-i', 'east', '-B', '512', '-w', '-', WANTED);
      us.stall();
      send(40_000, 1000);
      us.goOn();
      await rest(500);
      send(10);
      await rest(300);
      const { out, err } = await us.end('SIGINT');
      const { captured, received, dropped } = counters(err);
      expect(dropped).toBeGreaterThan(0);
      expect(captured + dropped).toBe(received);
      writeFileSync(file, Buffer.from(out, 'latin1'));
      const rows = fields(file, 'frame.packet_id', 'frame.drop_count', 'data.data');
      expect(rows.length).toBe(captured);
      const losses = rows.flatMap(([, lost], i) =>
        lost === '' || lost === undefined ? [] : [[i, Number(lost)] as const],
      );
      expect(losses.reduce((sum, [, lost]) => sum + lost, 0)).toBe(dropped);
      // The numbers that the packets carry jump by as many, there and nowhere else.
      const numberOf = (i: number) => Number.parseInt(rows[i]![2]!.slice(0, 8), 16);
      const gap = (i: number) => numberOf(i) - numberOf(i - 1) - 1;
      let missing = 0;
      for (let i = 1; i < captured - 10; i++) missing += gap(i);
      const told = losses.filter(([i]) => i > 0 && i < captured - 10).reduce((sum, [, lost]) => sum + lost, 0);
      expect(missing).toBe(told);
      const jumps = rows.slice(1, captured - 10).filter((_, i) => numberOf(i + 1) !== numberOf(i) + 1).length;
      expect(jumps).toBeLessThanOrEqual(losses.length);
      expect((await readFile(file)).dropped).toBe(dropped);
    });
  });
  test('counters of all devices of a namespace are told as such', async () => {
    await withFolder(async (folder) => {
      const file = join(folder, 't.pcapng');
      await using us = await hooktap('--netns', world.right, '-i', 'any', '-w', file, WANTED);
      send(5);
      await rest(100);
      await us.end('SIGINT');
      expect(done('capinfos', file)).toContain('Number of stat entries = 1');
      expect((await readFile(file)).dropped).toBe(0);
    });
  });
});
