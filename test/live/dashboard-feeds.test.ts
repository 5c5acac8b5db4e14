/** What feeds the dashboard, from a network that is there. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TopologyView } from '../../ui/model/topology-view.ts';
import { TopologyWatch } from '../../ui/model/topology-watch.ts';
import { SIZES, screen } from '../ui/screen.ts';
import { built } from './program.ts';
import { done, numbered, Sender, World, whyNotLive } from './world.ts';

const why = whyNotLive();
if (why !== undefined) console.warn(`what feeds the dashboard is not tested: ${why}`);
const PATIENCE_MS = 15_000;
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
    expect(received.packets).toBeGreaterThan(5);
    expect(received.packets).toBeLessThan(60);
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
});
