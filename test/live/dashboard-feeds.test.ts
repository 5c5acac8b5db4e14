/** What feeds the dashboard, from a network that is there. */
import { closeSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeNamespace } from '../../src/linux/namespace.ts';
import { DropTable } from '../../ui/model/drop-table.ts';
import { JourneyLog } from '../../ui/model/journey-log.ts';
import { JourneysView } from '../../ui/model/journeys-view.ts';
import { TopologyView } from '../../ui/model/topology-view.ts';
import { TopologyWatch } from '../../ui/model/topology-watch.ts';
import { SIZES, screen } from '../ui/screen.ts';
import { built } from './program.ts';
import { done, numbered, Sender, World, whyNotLive } from './world.ts';

const why = whyNotLive();
if (why !== undefined) console.warn(`what feeds the dashboard is not tested: ${why}`);
const PATIENCE_MS = 60_000;
const SIZE = SIZES[2]!;

async function until(what: string, is: () => boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!is()) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
describe.skipIf(why !== undefined)('what feeds the dashboard', () => {
  let world: World;
  beforeAll(() => {
    built();
    world = new World();
  });
  afterAll(() => world?.[Symbol.dispose]());

  test('the topology is looked at again and again, with rates, losses and what changes', async () => {
    using watch = new TopologyWatch();
    using sender = new Sender(world.left, 'west');
    const view = new TopologyView({ feed: watch });
    const device = (netns: string, name: string) => {
      const node = watch.topology?.namespaces.find(({ names }) => names.includes(netns));
      return watch.topology?.devices.find((each) => each.namespace === node?.id && each.name === name);
    };
    expect(watch.topology).toBeUndefined();
    await until('the devices are there', () => device(world.right, 'east') !== undefined);
    // Nobody takes these: the device at the other end drops them.
    const timer = setInterval(() => sender.send(numbered(1, 125)), 20);
    try {
      await until('rates are known', () => (watch.rates.get(device(world.right, 'east')!.id)?.received.lost ?? 0) > 0);
    } finally {
      clearInterval(timer);
    }
    const { received } = watch.rates.get(device(world.right, 'east')!.id)!;
    expect(received.packets).toBeGreaterThan(0);
    expect(received.packets).toBeLessThan(200);
    expect(received.bits).toBeCloseTo(received.packets * 1000, -2);
    expect(screen(view.panes(SIZE), SIZE)).toMatch(
      /● west veth 10\.9\.0\.1\/24 ├─.*┤ × east veth 10\.9\.0\.2\/24|× east veth 10\.9\.0\.2\/24 ├─.*┤ ● west/,
    );
    const { version } = watch;
    done('ip', '-n', world.left, 'link', 'set', 'west', 'down');
    await until('it is down', () => (device(world.left, 'west')!.flags & 1) === 0);
    expect(watch.version).toBeGreaterThan(version);
    expect(screen(view.panes(SIZE), SIZE)).toMatch(/○ west veth down/);
    done('ip', '-n', world.left, 'link', 'set', 'west', 'up');
  });

  test('of the namespaces that are asked for only those are seen, also one that only we hold, by its label', async () => {
    const held = makeNamespace('hv-held');
    try {
      using watch = new TopologyWatch([held]);
      await until('it is read', () => watch.topology !== undefined);
      expect(watch.topology!.namespaces.map(({ names }) => names)).toEqual([['hv-held']]);
    } finally {
      closeSync(held.fd);
    }
  });
  test('journeys come while they are traced, with where packets die, and stay when tracing ends', async () => {
    const table = new DropTable();
    await using log = new JourneyLog({ most: 10, hear: (news) => table.hear(news) });
    const drops = () => table.rows.find(({ reason, device }) => reason === 'UNHANDLED_PROTO' && device === 'east');
    using sender = new Sender(world.left, 'west');
    const view = new JourneysView(log, true);
    expect(log.state).toBe('off');
    await log.start('ether proto 0x88b5');
    expect(log.obstacle).toBeUndefined();
    for (let i = 0; i < 100; i++) sender.send(numbered(i, 125));
    await until('the drops are told', () => log.counts.dropped >= 100);
    expect(drops()?.count).toBeGreaterThanOrEqual(100);
    expect(drops()?.packet).toContain('0x88b5');
    expect(log.entries.length).toBeLessThanOrEqual(13);
    expect(screen(view.panes(SIZE), SIZE)).toMatch(/dropped .*0x88b5 .*UNHANDLED_PROTO at hooktap-/);
    await log.stop();
    expect(log.state).toBe('over');
    const { dropped } = log.counts;
    sender.send(numbered(1, 125));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(log.counts.dropped).toBe(dropped);
    expect(screen(view.panes(SIZE), SIZE)).toContain('UNHANDLED_PROTO');
    await log.start('');
    expect(log.entries).toEqual([]);
  });
  test('tracing that is begun again and again is one tracing, and ends', async () => {
    const before = readdirSync('/proc/self/task').length;
    const log = new JourneyLog();
    const asked = [log.start('icmp'), log.start('tcp'), log.stop(), log.start('ether proto 0x88b5'), log.start('udp')];
    await Promise.all(asked);
    expect([log.state, log.expression]).toEqual(['tracing', 'udp']);
    await log.stop();
    expect(log.state).toBe('over');
    expect(readdirSync('/proc/self/task').length).toBeLessThanOrEqual(before + 1);
    await log.stop();
  });
  test('a filter that makes no sense is refused with its mistake', async () => {
    await using log = new JourneyLog();
    await log.start('tcp port nonsense(');
    expect(log.state).toBe('refused');
    expect(log.obstacle?.why).toContain('nonsense');
  });
});
