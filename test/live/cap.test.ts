import { cpSync, mkdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CapOptions, cap } from '../../src/capture/cap/source.ts';
import { WHOLE } from '../../src/capture/kernel-filter.ts';
import type { LiveSource } from '../../src/capture/live.ts';
import { sourceContract } from '../contract/source.ts';
import { drain, readFile } from '../format/reading.ts';
import { project } from '../support/project.ts';
import { withFolder } from '../support/run.ts';
import { built, counters, hooktap, Program, tcpdump } from './program.ts';
import { done, EXPERIMENT, namespace, numbered, Sender, World, whyNotLive } from './world.ts';

const why = whyNotLive('tcpdump', 'ping');
if (why !== undefined) console.warn(`libpcap's adapter is not tested: ${why}`);
const able = why === undefined ? await cap.available() : undefined;

describe.skipIf(why !== undefined)('cap', () => {
  test('without the package it says so, and how to get it', async () => {
    built();
    await withFolder(async (folder) => {
      cpSync(join(project, 'dist'), join(folder, 'dist'), { recursive: true });
      cpSync(join(project, 'package.json'), join(folder, 'package.json'));
      mkdirSync(join(folder, 'node_modules'));
      for (const name of ['koffi', '@koromix'])
        symlinkSync(join(project, 'node_modules', name), join(folder, 'node_modules', name));
      const args = [join(folder, 'dist', 'hooktap.cjs'), 'capture', '--adapter', 'cap', '-i', 'lo'];
      await using program = new Program(process.execPath, args);
      const { code, err } = await program.end();
      expect(code).toBe(1);
      expect(err).toBe(
        'hooktap: the package cap is not installed\n' +
          '  try: sudo apt-get install libpcap-dev g++ make python3 && npm install cap@0.2.1\n',
      );
    });
  });
  // It is optional: where it could not be compiled, the refusal is what there is to test.
  if (able?.ok !== true)
    test('where the package could not be compiled, it is not available', () => {
      expect(able).toMatchObject({ ok: false, remedy: expect.stringContaining('libpcap-dev') });
    });
  else capturing();
});

function capturing(): void {
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
  const open = (options: Partial<CapOptions> = {}): Promise<LiveSource> =>
    cap.open({
      device: 'east',
      namespace: namespace(world.right),
      expression: `ether proto ${EXPERIMENT}`,
      snaplen: WHOLE,
      ...options,
    });
  const frames = Array.from({ length: 200 }, (_, i) => numbered(i, 60 + ((i * 37) % 1400)));

  sourceContract('cap', {
    live: true,
    endless: true,
    packets: frames.map((data) => ({ seconds: 0, nanos: 0, wire: data.length, data })),
    open: async () => {
      const source = await open();
      for (const frame of frames) sender.send(frame);
      return source;
    },
  });
  test('cuts what is longer than the snapshot length, and stops when told', async () => {
    await using source = await open({ snaplen: 40 });
    for (const frame of frames.slice(0, 5)) sender.send(frame);
    // It gets packets as they come: those on their way when it stops are lost to it.
    await sleep(300);
    source.stop();
    const { packets, ports, error } = await drain(source);
    expect(error).toBeUndefined();
    expect(packets.map(({ data, wire }) => [data.length, wire])).toEqual(
      frames.slice(0, 5).map(({ length }) => [40, length]),
    );
    expect(ports).toMatchObject([{ name: `${world.right}/east`, linkType: 1 }]);
  });
  test('a mistake in the filter is told', async () => {
    await expect(open({ expression: 'no such filter' })).rejects.toMatchObject({ code: 'cap' });
    await expect(open({ device: 'nowhere' })).rejects.toMatchObject({ code: 'no-such-device' });
  });
  test('a device that goes down ends it, and nothing but it', async () => {
    await using source = await open();
    sender.send(frames[0]!);
    await sleep(300);
    done('ip', '-n', world.right, 'link', 'set', 'east', 'down');
    const { packets, error } = await drain(source);
    done('ip', '-n', world.right, 'link', 'set', 'east', 'up');
    expect([packets.length, error?.code]).toEqual([1, 'device-gone']);
  });
  test('capture --adapter cap writes what tcpdump writes beside it', async () => {
    await withFolder(async (folder) => {
      const [ours, theirs] = [join(folder, 'ours.pcapng'), join(folder, 'theirs.pcap')];
      await using them = await tcpdump(world.right, '-i', 'east', '-U', '-w', theirs, 'icmp');
      const args = ['--adapter', 'cap', '-i', 'east', '--netns', world.right];
      await using us = await hooktap(...args, '-w', ours, 'icmp');
      done('ip', 'netns', 'exec', world.left, 'ping', '-c', '5', '-i', '0.02', '10.9.0.2');
      await them.settled(() => statSync(theirs).size);
      const { code, err } = await us.end('SIGINT');
      await them.end('SIGINT');
      const hex = (some: readonly { data: Uint8Array }[]) => some.map(({ data }) => Buffer.from(data).toString('hex'));
      expect([code, counters(err).captured]).toEqual([0, 10]);
      expect(err).toContain('the package cap tells neither losses nor directions');
      expect(hex((await readFile(ours)).packets)).toEqual(hex((await readFile(theirs)).packets));
    });
  });
}
