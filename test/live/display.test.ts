import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withFolder } from '../support/run.ts';
import { built, counters, hooktap, hooktapOnce, tcpdump } from './program.ts';
import { done, numbered, Sender, World, whyNotLive } from './world.ts';

const why = whyNotLive('tcpdump', 'ping', 'tshark');
if (why !== undefined) console.warn(`display filters on live packets are not tested: ${why}`);

const linesOf = (text: string) => text.split('\n').filter((line) => line !== '');
const displayedOf = (err: string) => Number(/(\d+) packets? displayed/.exec(err)?.[1] ?? Number.NaN);

describe.skipIf(why !== undefined)('a display filter on live packets', () => {
  let world: World;
  beforeAll(() => {
    built();
    world = new World();
    // Nobody asks for addresses once packets are counted.
    ping(1);
  });
  afterAll(() => world?.[Symbol.dispose]());
  const right = () => ['--netns', world.right, '-i', 'east', '--immediate-mode'];
  const ping = (count: number, ...more: string[]) =>
    done('ip', 'netns', 'exec', world.left, 'ping', '-c', String(count), '-i', '0.02', ...more, '10.9.0.2');

  test('picks what tshark picks: for the file, and for the lines', async () => {
    const filter = 'icmp.type == 0 and icmp.seq in {2 .. 4} or frame.len > 1200';
    await withFolder(async (folder) => {
      const [ours, theirs] = [join(folder, 'ours.pcapng'), join(folder, 'theirs.pcap')];
      await using them = await tcpdump(world.right, '-i', 'east', '-U', '-w', theirs, 'ip');
      await using us = await hooktap(...right(), '-w', ours, '--print', '-t', '-Y', filter, 'ip');
      ping(5);
      // In fragments, of which the last makes the message whole.
      ping(3, '-s', '4000');
      await them.settled(() => statSync(theirs).size);
      const { code, out, err } = await us.end('SIGINT');
      await them.end('SIGINT');
      expect(code).toBe(0);
      const shown = (file: string, ...more: string[]) =>
        linesOf(done('tshark', '-n', '-r', file, ...more, '-T', 'fields', '-e', 'ip.id', '-e', 'frame.len'));
      const wanted = shown(theirs, '-Y', filter);
      expect(wanted.length).toBeGreaterThan(10);
      expect(shown(ours)).toEqual(wanted);
      expect(linesOf(out).length).toBe(wanted.length);
      expect(displayedOf(err)).toBe(wanted.length);
      expect(counters(err)).toMatchObject({ captured: shown(theirs).length, dropped: 0 });
    });
  });
  test('-c counts what it lets through, and connections see what it hides', async () => {
    using sender = new Sender(world.left, 'west');
    await using us = await hooktap(
      ...right(),
      '-c',
      '3',
      '-T',
      'fields',
      '-e',
      'frame.number',
      '-Y',
      'frame.number > 4',
    );
    for (let i = 0; i < 7; i++) sender.send(numbered(i, 60));
    const { code, out, err } = await us.end();
    expect(code).toBe(0);
    expect(linesOf(out)).toEqual(['5', '6', '7']);
    expect(counters(err).captured).toBe(7);
    expect(displayedOf(err)).toBe(3);
  });
  test('without one, nothing is said of what is displayed', async () => {
    using sender = new Sender(world.left, 'west');
    await using us = await hooktap(...right(), '-c', '1');
    sender.send(numbered(0, 60));
    expect((await us.end()).err).not.toContain('displayed');
  });
  test('a mistake is told before anything is opened', async () => {
    const { code, out, err } = await hooktapOnce('capture', '-i', 'nothing-of-that-name', '-Y', 'tcp.prot == 80');
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toMatch(/"tcp\.prot" is neither a field nor a protocol[\s\S]*\^[\s\S]*try: .*tcp\.port/);
  });
});
