import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { refuseTagged } from '../../src/capture/outlet.ts';
import { inNamespace } from '../../src/linux/namespace.ts';
import { bringUp, Tun } from '../../src/linux/tun.ts';
import { packet, pcap } from '../format/build.ts';
import { readFile } from '../format/reading.ts';
import { project } from '../support/project.ts';
import { withFolder } from '../support/run.ts';
import { built, counters, hooktapOnce, Program, tcpdump } from './program.ts';
import { done, EXPERIMENT, namespace, numbered, World, whyNotLive } from './world.ts';

const why = whyNotLive('tcpdump');
if (why !== undefined) console.warn(`replaying is not tested: ${why}`);

const RAW = 101;
const COOKED = 276;
/** In seconds. */
const LATE = 0.05;

describe.skipIf(why !== undefined)('replay', () => {
  let world: World;
  beforeAll(() => {
    built();
    world = new World();
  });
  afterAll(() => world?.[Symbol.dispose]());
  const first = join(project, 'fixtures', 'first.pcap');
  const to = (device: string, netns = world.left) => ['-i', device, '--netns', netns];
  /** What tcpdump gets at the other end of the cable meanwhile. */
  async function received(...args: string[]) {
    return withFolder(async (folder) => {
      const file = join(folder, 'received');
      await using them = await tcpdump(world.right, '-i', 'east', '-Q', 'in', '-U', '-w', file);
      const ended = await hooktapOnce('replay', ...args);
      await them.settled(() => statSync(file).size);
      const { dropped } = counters((await them.end('SIGINT')).err);
      return { ...ended, dropped, packets: (await readFile(file)).packets };
    });
  }
  const seconds = (some: readonly { seconds: number; nanos: number }[]) => {
    const [a, b] = [some[0]!, some.at(-1)!];
    return b.seconds - a.seconds + (b.nanos - a.nanos) / 1e9;
  };

  test('tcpdump at the other end gets the same packets, at the same pace', async () => {
    const { code, err, packets } = await received(first, ...to('west'));
    const wanted = (await readFile(first)).packets;
    expect([code, err]).toEqual([0, expect.stringMatching(/^19 packets of 1861 bytes sent on west in 0\.\d+ s/)]);
    expect(packets.map(({ data }) => Buffer.from(data).toString('hex'))).toEqual(
      wanted.map(({ data }) => Buffer.from(data).toString('hex')),
    );
    // On a busy machine a packet may be late, also the first.
    expect(seconds(packets)).toBeGreaterThan(seconds(wanted) - LATE);
    expect(seconds(packets)).toBeLessThan(seconds(wanted) + 5);
  });
  test.each([
    [['--speed', '0.2'], 19, 0.55],
    [['--pps', '50'], 19, 0.36],
    [['--speed', '0.1', '-c', '2', 'arp'], 2, 0.002],
    [['--topspeed', '--loop', '4', 'tcp'], 4 * 10, 0],
  ])('%j', async (args, count, atLeast) => {
    const { code, packets } = await received(first, ...to('west'), ...args);
    expect([code, packets.length]).toEqual([0, count]);
    expect(seconds(packets)).toBeGreaterThan(atLeast - LATE);
    expect(seconds(packets)).toBeLessThan(atLeast + 5);
  });
  test('thousands at top speed, none lost, in order', async () => {
    await withFolder(async (folder) => {
      const file = join(folder, 'many.pcap');
      writeFileSync(file, pcap(Array.from({ length: 5000 }, (_, i) => packet({ data: numbered(i, 60), wire: 60 }))));
      const args = ['--pps', '10000', `ether proto ${EXPERIMENT}`];
      const { packets, dropped, err } = await received(file, ...to('west'), ...args);
      expect(err).toMatch(/^5000 packets of 300000 bytes sent on west/);
      const numbers = packets.map(({ data }) => new DataView(data.buffer, data.byteOffset).getUint32(14));
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      // tcpdump counts those that a busy machine left it no time for.
      expect(new Set(numbers).size + dropped).toBe(5000);
    });
  });
  test('bare IP packets go to a tun device', async () => {
    const tun = inNamespace(namespace(world.left), () => {
      const made = Tun.open({ name: 'tpltun', mode: 'tun', multiQueue: false });
      bringUp('tpltun');
      return made;
    });
    try {
      await withFolder(async (folder) => {
        const file = join(folder, 'raw.pcap');
        const data = Uint8Array.from([0x45, 0, 0, 20, 0, 0, 0, 0, 64, 253, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]);
        writeFileSync(file, pcap([packet({ data, wire: 20 })], { linkType: RAW }));
        expect((await hooktapOnce('replay', file, ...to('tpltun'))).code).toBe(0);
        const into = new Uint8Array(100);
        expect(into.subarray(0, tun.read(into))).toEqual(data);
        const wrong = await hooktapOnce('replay', first, ...to('tpltun'));
        expect(wrong.code).toBe(1);
        expect(wrong.err).toContain('the capture holds Ethernet frames, and "tpltun" takes bare IP packets');
        const other = await hooktapOnce('replay', file, ...to('west'));
        expect(other.err).toContain('the capture holds bare IP packets, and "west" takes Ethernet frames');
      });
    } finally {
      tun.close();
    }
  });
  test('says what it cannot send, and why', async () => {
    await withFolder(async (folder) => {
      const cooked = join(folder, 'cooked.pcap');
      writeFileSync(cooked, pcap([packet({ data: new Uint8Array(60), wire: 60 })], { linkType: COOKED }));
      const refused = await hooktapOnce('replay', cooked, ...to('west'));
      expect(refused.err).toContain("packets whose link layer was replaced by Linux's own header");
      const mixed = join(folder, 'mixed.pcap');
      const some = [60, 4000, 5, 60].map((length, i) =>
        packet({ data: new Uint8Array(length).fill(0xff), wire: length + (i === 3 ? 30 : 0) }),
      );
      writeFileSync(mixed, pcap(some));
      const { code, err, packets } = await received(mixed, ...to('west'));
      expect(code).toBe(1);
      expect(err).toContain('2 packets not sent: of a length that the device does not take');
      expect(err).toContain('1 packet sent in part');
      expect(packets.map(({ data }) => data.length)).toEqual([60, 60]);
    });
    const missing = await hooktapOnce('replay', first, ...to('nowhere'));
    expect(missing.err).toContain(`there is no device "nowhere" in the network namespace "${world.left}"`);
    expect((await hooktapOnce('replay', first)).code).toBe(2);
    done('ip', '-n', world.left, 'link', 'set', 'west', 'down');
    const down = await hooktapOnce('replay', first, ...to('west'));
    done('ip', '-n', world.left, 'link', 'set', 'west', 'up');
    expect(down.err).toContain(`the device "west" is down\n  try: ip -n ${world.left} link set west up`);
  });
  test('an interrupt ends it, in the middle of a pause', async () => {
    const sent = () => {
      const told = done('ip', '-n', world.left, '-j', '-s', 'link', 'show', 'west');
      return (JSON.parse(told) as { stats64: { tx: { packets: number } } }[])[0]!.stats64.tx.packets;
    };
    const before = sent();
    await using program = new Program(process.execPath, [
      join(project, 'dist', 'hooktap.cjs'),
      'replay',
      first,
      ...to('west'),
      '--speed',
      '0.001',
    ]);
    // The first packet goes out at once.
    await program.until('it sent a packet', () => sent() > before);
    const { code, err } = await program.end('SIGINT');
    expect([code, err]).toEqual([0, expect.stringMatching(/^\d packets? of \d+ bytes sent on west/)]);
  });
});
test('a VLAN device gets no tagged frames', () => {
  expect(() => refuseTagged(numbered(1, 60, { protocol: 0x8100, control: 7 }), 'vlan7')).toThrow(/VLAN tag/);
  expect(() => refuseTagged(numbered(1, 60, { protocol: 0x88a8, control: 7 }), 'vlan7')).toThrow(/VLAN tag/);
  refuseTagged(numbered(1, 60), 'vlan7');
  refuseTagged(Uint8Array.of(1, 2), 'vlan7');
});
