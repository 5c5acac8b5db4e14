import { readlinkSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WHOLE } from '../../src/capture/kernel-filter.ts';
import type { LiveSource } from '../../src/capture/live.ts';
import { type RingOptions, ring } from '../../src/capture/ring.ts';
import { allNamespaces, HERE, inNamespace } from '../../src/linux/namespace.ts';
import { sourceContract } from '../contract/source.ts';
import { drain } from '../format/reading.ts';
import { built } from './program.ts';
import { done, EXPERIMENT, namespace, numbered, Sender, World, whyNotLive } from './world.ts';

const why = whyNotLive();
if (why !== undefined) console.warn(`the ring is not tested: ${why}`);

describe.skipIf(why !== undefined)('ring', () => {
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
  const open = (options: Partial<RingOptions> = {}): Promise<LiveSource> =>
    ring.open({
      devices: ['east'],
      namespaces: [namespace(world.right)],
      expression: `ether proto ${EXPERIMENT}`,
      snaplen: WHOLE,
      direction: 'inout',
      optimise: true,
      promiscuous: true,
      cooked: false,
      asOnWire: false,
      haste: 'usual',
      ...options,
    });
  /** Sends, stops the source, and takes everything that came. */
  async function taken(source: LiveSource, frames: readonly Uint8Array[]) {
    for (const frame of frames) sender.send(frame);
    source.stop();
    return drain(source);
  }

  const lengths = Array.from({ length: 300 }, (_, i) => 60 + ((i * 37) % 1400));
  const frames = lengths.map((length, i) => numbered(i, length));
  sourceContract('ring', {
    live: true,
    endless: true,
    packets: frames.map((data) => ({ seconds: 0, nanos: 0, wire: data.length, data })),
    open: async () => {
      const source = await open();
      for (const frame of frames) sender.send(frame);
      return source;
    },
  });

  test('is available to root', async () => {
    expect(await ring.available()).toEqual({ ok: true });
  });
  test('every length comes through as it was', async () => {
    const all = Array.from({ length: 500 }, (_, i) => numbered(i, 18 + i));
    await using source = await open();
    const { packets, error } = await taken(source, all);
    expect(error).toBeUndefined();
    expect(packets.map(({ data }) => Buffer.from(data).toString('hex'))).toEqual(
      all.map((frame) => Buffer.from(frame).toString('hex')),
    );
    expect(source.counts()).toEqual({ captured: 500, received: 500, dropped: 0, written: 0 });
  });
  test('stopping hands out what was taken, and then ends', async () => {
    await using source = await open();
    const before = Date.now() / 1000;
    const { packets } = await taken(source, frames);
    expect(packets.length).toBe(frames.length);
    const times = packets.map(({ seconds, nanos }) => seconds + nanos / 1e9);
    expect(times[0]).toBeGreaterThan(before - 1);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });
  test('puts VLAN tags back, with the protocol that they had', async () => {
    const tags = [0x8100, 0x88a8].flatMap((protocol) =>
      [0, 1, 0x6123, 0xffff].map((control) => ({ protocol, control })),
    );
    const tagged = tags.map((tag, i) => numbered(i, 60 + 45 * i, tag));
    await using source = await open({ expression: '' });
    const { packets } = await taken(source, tagged);
    expect(packets.map(({ data, wire }) => [wire, Buffer.from(data).toString('hex')])).toEqual(
      tagged.map((frame) => [frame.length, Buffer.from(frame).toString('hex')]),
    );
  });
  test.each([1, 60, 100])('keeps %i bytes and tells the whole length', async (snaplen) => {
    await using source = await open({ snaplen });
    const { packets } = await taken(source, frames.slice(0, 50));
    expect(packets.map(({ data, wire }) => [wire, Buffer.from(data).toString('hex')])).toEqual(
      frames.slice(0, 50).map((frame) => [frame.length, Buffer.from(frame.subarray(0, snaplen)).toString('hex')]),
    );
  });
  test('knows the ways of packets', async () => {
    await using both = await open();
    expect(new Set((await taken(both, frames)).packets.map(({ direction }) => direction))).toEqual(new Set([1]));
    await using leaving = await open({ devices: ['west'], namespaces: [namespace(world.left)] });
    expect(new Set((await taken(leaving, frames)).packets.map(({ direction }) => direction))).toEqual(new Set([2]));
    await using incoming = await open({ direction: 'in' });
    expect((await taken(incoming, frames)).packets.length).toBe(frames.length);
    await using outgoing = await open({ direction: 'out' });
    expect((await taken(outgoing, frames)).packets.length).toBe(0);
  });
  test("asks for other stations' packets unless told not to", async () => {
    const promiscuity = () =>
      /promiscuity (\d+)/.exec(done('ip', '-n', world.right, '-d', 'link', 'show', 'east'))?.[1];
    for (const promiscuous of [true, false]) {
      await using source = await open({ promiscuous });
      expect([source.name, promiscuity()]).toEqual([`${world.right}/east`, promiscuous ? '1' : '0']);
    }
  });
  test('joins devices in order of time', async () => {
    const ends = { devices: ['west', 'east'], namespaces: [namespace(world.left), namespace(world.right)] };
    await using source = await open(ends);
    const { packets, ports } = await taken(source, frames);
    expect(ports.map(({ name }) => name)).toEqual([`${world.left}/west`, `${world.right}/east`]);
    expect(packets.length).toBe(2 * frames.length);
    const times = packets.map(({ seconds, nanos }) => BigInt(seconds) * 1_000_000_000n + BigInt(nanos));
    expect(times.every((time, i) => i === 0 || time >= times[i - 1]!)).toBe(true);
    for (const port of [0, 1]) expect(packets.filter((packet) => packet.port === port).length).toBe(frames.length);
  });
  test('on any device: each has a port of its own', async () => {
    await using source = await open({ devices: ['any'] });
    const { packets, ports } = await taken(source, frames);
    expect(packets.map(({ data }) => data.length)).toEqual(lengths);
    const name = `${world.right}/east`;
    const told = { mac: '02:00:00:00:00:0b', speed: 10_000_000_000, hardware: 'veth', filter: 'ether proto 34997' };
    expect(ports).toMatchObject([{ name, linkType: 1, snaplen: WHOLE, nanos: true, ...told }]);
  });
  test('cooked: the same header whatever the device', async () => {
    await using source = await open({ cooked: true });
    const { packets, ports } = await taken(source, frames.slice(0, 3));
    expect(ports[0]!.linkType).toBe(276);
    for (const [i, { data, wire }] of packets.entries()) {
      expect(wire).toBe(frames[i]!.length - 14 + 20);
      expect(Buffer.from(data.subarray(0, 4)).toString('hex')).toBe('88b50000');
      expect(data.subarray(20)).toEqual(frames[i]!.subarray(14));
    }
  });
  test('what the kernel saw was captured or is told as lost, exactly', async () => {
    await using source = await open({ buffer: 1 << 19 });
    const count = 60_000;
    // Nobody takes a batch meanwhile: the crates fill, then the ring.
    for (let i = 0; i < count; i++) sender.send(frames[i % 300]!);
    source.stop();
    const { packets } = await drain(source);
    const { captured, received, dropped } = source.counts();
    expect(received).toBe(count);
    expect(dropped).toBeGreaterThan(0);
    expect(captured + dropped).toBe(received);
    expect(packets.length).toBe(captured);
  });
  test('a device that goes down comes back, and one that is deleted ends it', async () => {
    using own = new World();
    const notices: string[] = [];
    const ns = [namespace(own.right)];
    await using source = await open({ namespaces: ns, notice: (text) => notices.push(text) });
    done('ip', '-n', own.right, 'link', 'set', 'east', 'down');
    done('ip', '-n', own.right, 'link', 'set', 'east', 'up');
    // Opened when the kernel has taken in that the cable is whole again.
    using from = new Sender(own.left, 'west');
    for (const frame of frames) from.send(frame);
    done('ip', '-n', own.right, 'link', 'del', 'east');
    const { packets, error } = await drain(source);
    expect(packets.length).toBe(frames.length);
    expect(error?.code).toBe('device-gone');
    const name = `${own.right}/east`;
    // Whoever deletes a device takes it down first.
    expect(notices).toEqual(['went down', 'is up again', 'went down', 'is gone'].map((what) => `${name} ${what}`));
  });
  test('finds every namespace, and comes back from each', () => {
    const own = readlinkSync('/proc/thread-self/ns/net');
    const found = allNamespaces();
    expect(found[0]).toEqual(HERE);
    for (const name of [world.left, world.right]) expect(found.map(({ label }) => label)).toContain(name);
    const there = inNamespace(namespace(world.left), () => readlinkSync('/proc/thread-self/ns/net'));
    expect(there).not.toBe(own);
    expect(readlinkSync('/proc/thread-self/ns/net')).toBe(own);
  });
  test('refuses what is not there', async () => {
    await expect(open({ devices: ['nothing'] })).rejects.toThrow('there is no device "nothing"');
    await expect(open({ expression: 'tcp prot 80' })).rejects.toMatchObject({ code: 'bad-filter' });
    expect(() => namespace('nowhere')).toThrow('there is no network namespace "nowhere"');
  });
});
