import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WHOLE } from '../../src/capture/kernel-filter.ts';
import { type TapOptions, type TapSource, tap } from '../../src/capture/tap.ts';
import { inNamespace } from '../../src/linux/namespace.ts';
import { Tun } from '../../src/linux/tun.ts';
import { sourceContract } from '../contract/source.ts';
import { drain, readFile } from '../format/reading.ts';
import { project } from '../support/project.ts';
import { withFolder } from '../support/run.ts';
import { built, counters, hooktap, hooktapOnce, tcpdump } from './program.ts';
import { done, EXPERIMENT, namespace, numbered, Sender, World, whyNotLive } from './world.ts';

const why = whyNotLive('tcpdump', 'ping');
if (why !== undefined) console.warn(`taps are not tested: ${why}`);

describe.skipIf(why !== undefined)('tap', () => {
  let world: World;
  beforeAll(() => {
    built();
    world = new World();
    // A device that stays: for what is tested on one that somebody made before.
    done('ip', '-n', world.left, 'tuntap', 'add', 'tplkept', 'mode', 'tap');
    done('ip', '-n', world.left, 'link', 'set', 'tplkept', 'up');
  });
  afterAll(() => world?.[Symbol.dispose]());
  const open = (options: Partial<TapOptions> = {}): Promise<TapSource> =>
    tap.open({
      device: 'tplkept',
      namespace: namespace(world.left),
      expression: `ether proto ${EXPERIMENT}`,
      snaplen: WHOLE,
      optimise: true,
      ...options,
    });
  const frames = Array.from({ length: 300 }, (_, i) => numbered(i, 60 + ((i * 37) % 1400)));
  function sendAll(some: readonly Uint8Array[] = frames, device = 'tplkept'): void {
    using sender = new Sender(world.left, device);
    for (const frame of some) sender.send(frame);
  }

  sourceContract('tap', {
    live: true,
    endless: true,
    packets: frames.map((data) => ({ seconds: 0, nanos: 0, wire: data.length, data })),
    open: async () => {
      const source = await open();
      sendAll();
      return source;
    },
  });
  test('is available here', async () => {
    expect(await tap.available()).toEqual({ ok: true });
  });
  test('what the system sends through the device is read, what is sent here the system receives', async () => {
    await using source = await open({ snaplen: 40 });
    await withFolder(async (folder) => {
      const file = join(folder, 'received');
      await using them = await tcpdump(world.left, '-i', 'tplkept', '-Q', 'in', '-U', '-w', file);
      sendAll(frames.slice(0, 5));
      for (const frame of frames.slice(5, 9)) expect(source.send(frame)).toBe('sent');
      source.stop();
      const { packets, ports } = await drain(source);
      expect(packets.map(({ wire, data, direction }) => [wire, data.length, direction])).toEqual(
        frames.slice(0, 5).map(({ length }) => [length, 40, 2]),
      );
      expect(ports[0]).toMatchObject({ name: `${world.left}/tplkept`, linkType: 1, snaplen: 40 });
      await them.settled(() => statSync(file).size);
      await them.end('SIGINT');
      expect((await readFile(file)).packets.map(({ data }) => data.length)).toEqual(
        frames.slice(5, 9).map(({ length }) => length),
      );
    });
  });
  test('received is captured and dropped, when nobody takes the packets', async () => {
    await using source = await open({ expression: '' });
    // More than the device keeps and we take beside.
    const many = Array.from({ length: 15_000 }, (_, i) => numbered(i, 60));
    sendAll(many);
    source.stop();
    const { packets } = await drain(source);
    const { captured, received, dropped } = source.counts();
    expect([captured, received]).toEqual([packets.length, captured + dropped]);
    expect(dropped).toBeGreaterThan(0);
    const numbers = packets.filter(({ data }) => new DataView(data.buffer).getUint16(12) === EXPERIMENT).length;
    expect(numbers + dropped).toBeGreaterThanOrEqual(many.length);
  });
  test('a device that is not there is made, switched on, and goes with us', async () => {
    {
      await using source = await open({ device: 'tplnew', expression: '' });
      expect(done('ip', '-n', world.left, '-br', 'link', 'show', 'tplnew')).toMatch(/<.*\bUP\b.*>/);
      expect(source.linkType?.name).toBe('EN10MB');
    }
    expect(done('ip', '-n', world.left, '-br', 'link')).not.toContain('tplnew');
    await using tun = await open({ device: 'tuntpl', expression: '' });
    expect(tun.linkType?.name).toBe('RAW');
  });
  test('a device that goes away ends it, behind its packets', async () => {
    await using source = await open({ device: 'tplgone', expression: `ether proto ${EXPERIMENT}` });
    sendAll(frames.slice(0, 3), 'tplgone');
    await new Promise((resolve) => setTimeout(resolve, 100));
    done('ip', '-n', world.left, 'link', 'del', 'tplgone');
    const { packets, error } = await drain(source);
    expect([packets.length, error?.code]).toEqual([3, 'ENODEV']);
  });
  test('says why it cannot take hold of a device', async () => {
    await expect(open({ device: 'west' })).rejects.toThrow('"west" is no tun or tap device');
    await expect(open({ device: 'a-name-that-is-too-long' })).rejects.toThrow('too long');
    const held = inNamespace(namespace(world.left), () =>
      Tun.open({ name: 'tplkept', mode: 'tap', multiQueue: false }),
    );
    await expect(open()).rejects.toThrow('somebody else is the far end of "tplkept" already');
    held.close();
  });

  describe('as a command', () => {
    test('capture --adapter tap prints and writes what the system sends', async () => {
      await withFolder(async (folder) => {
        const file = join(folder, 'tap.pcapng');
        const at = ['--netns', world.left, '-i', 'tuntest', '--adapter', 'tap'];
        await using program = await hooktap(...at, '-w', file, '--print', 'icmp');
        done('ip', '-n', world.left, 'addr', 'add', '10.8.0.1/24', 'dev', 'tuntest');
        const ping = ['ping', '-c', '3', '-i', '0.05', '-W', '0.2', '10.8.0.2'];
        expect(() => done('ip', 'netns', 'exec', world.left, ...ping)).toThrow();
        await program.until('it printed them', ({ out }) => out.split('\n').length > 3);
        const { code, out, err } = await program.end('SIGINT');
        expect([code, counters(err)]).toEqual([0, { captured: 3, received: 3, dropped: 0 }]);
        expect(out).toMatch(/^[\d:.]+ IP 10\.8\.0\.1 > 10\.8\.0\.2: ICMP echo request, id \d+, seq 1, length 64\n/);
        const { packets, ports } = await readFile(file);
        expect([packets.length, ports[0]?.linkType]).toEqual([3, 101]);
      });
    });
    test('replay --adapter tap has the system receive a capture', async () => {
      await withFolder(async (folder) => {
        const file = join(folder, 'received');
        const first = join(project, 'fixtures', 'first.pcap');
        await using them = await tcpdump(world.left, '-i', 'tplkept', '-Q', 'in', '-U', '-w', file);
        const args = ['-i', 'tplkept', '--netns', world.left, '--topspeed'];
        const { code } = await hooktapOnce('replay', first, '--adapter', 'tap', ...args);
        await them.settled(() => statSync(file).size);
        await them.end('SIGINT');
        const hex = (some: readonly { data: Uint8Array }[]) =>
          some.map(({ data }) => Buffer.from(data).toString('hex'));
        expect(code).toBe(0);
        expect(hex((await readFile(file)).packets)).toEqual(hex((await readFile(first)).packets));
      });
    });
    test('what the adapter does not know is refused', async () => {
      const refused = await hooktapOnce('capture', '--adapter', 'tap', '-i', 'tplkept', '-Q', 'in');
      expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('--adapter tap knows no -Q')]);
      expect((await hooktapOnce('capture', '--adapter', 'tap', '-i', 'any')).code).toBe(2);
      expect((await hooktapOnce('capture', '--adapter', 'tap')).code).toBe(2);
    });
  });
});
