/** The dashboard over a network that lives: typed into and looked at in a terminal of tmux. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readFile } from '../format/reading.ts';
import { project, requireAll } from '../support/project.ts';
import { withFolder } from '../support/run.ts';
import { Tmux, whyNoTmux } from '../support/tmux.ts';
import { gone, machine, traces } from './leftovers.ts';
import { built, hooktapOnce } from './program.ts';
import { done, numbered, Sender, World, whyNotLive } from './world.ts';

const why = whyNotLive('nft', 'ping', 'setpriv', 'unshare') ?? whyNoTmux;
if (why !== undefined) {
  if (requireAll) throw new Error(`the live dashboard must be tested here, but ${why}`);
  console.warn(`the live dashboard is not tested: ${why}`);
}
const HOOKTAP = `${process.execPath} ${join(project, 'dist', 'hooktap.cjs')}`;
const NOBODY = 'setpriv --reuid 65534 --regid 65534 --clear-groups';
const SIZE = [140, 40] as const;
/** Long enough for a picture that must not change to change. */
const rest = () => new Promise((resolve) => setTimeout(resolve, 400));
const ended = (tmux: Tmux) => expect.poll(() => tmux.ended, { timeout: 60_000 }).toBe(true);
/** The terminal tells with what the program left, and stays. */
const left = (command: string) => new Tmux(`sh -c '${command}; echo "left with $?"; exec sleep 60'`, ...SIZE);
const packetsSeen = (screen: string) => Number(/([\d,]+) packets/.exec(screen)?.[1]?.replaceAll(',', ''));

describe.skipIf(why !== undefined)('the dashboard, live', () => {
  let world: World;
  let sender: Sender;
  beforeAll(built);
  beforeEach(() => {
    world = new World();
    sender = new Sender(world.left, 'west');
  });
  afterEach(() => {
    sender?.[Symbol.dispose]();
    world?.[Symbol.dispose]();
  });
  /** At its list of packets, when it listens. */
  const packets = async (...words: string[]) => {
    const tmux = new Tmux(`${HOOKTAP} ui --netns ${world.right} -i any ${words.join(' ')}`, ...SIZE);
    await tmux.until('live');
    tmux.keys('2');
    await tmux.until('No.');
    return tmux;
  };
  /** Frames that nobody answers: `count` of a length. */
  const send = (count: number, length: number) => {
    for (let i = 0; i < count; i++) sender.send(numbered(i, length));
  };

  test('shows packets when they come, and those of a filter only', async () => {
    using tmux = await packets();
    send(3, 71);
    expect(await tmux.until('3 packets')).toMatch(/hook.*\/east in .*0x88b5/);
    tmux.keys('/', '=frame.len == 97', 'Enter');
    await tmux.until('0 match');
    send(5, 71);
    send(2, 97);
    const screen = await tmux.until(/10 packets, 2 match/);
    expect(screen).toMatch(/frame\.len == 97/);
    expect(screen.match(/0x88b5/g)!.length).toBeGreaterThanOrEqual(2);
    expect(screen).not.toMatch(/0x88b5\), length 71/);
    tmux.keys('F');
    await tmux.until(/0x88b5\), length 71/);
  });
  test('freezes the list, and shows what came meanwhile', async () => {
    using tmux = await packets();
    send(3, 71);
    await tmux.until('3 packets');
    tmux.keys('p');
    await tmux.until('frozen');
    send(4, 97);
    const frozen = await tmux.until('7 packets');
    expect(frozen).toMatch(/following 3\/3|frozen.* 3\/3/);
    expect(frozen).not.toMatch(/0x88b5\), length 97/);
    tmux.keys('p');
    const screen = await tmux.until(/7\/7/);
    expect(screen.match(/0x88b5\), length 97/g)).toHaveLength(4);
    expect(screen).not.toContain('frozen');
  });
  test('saves what matches, which reads as it was shown', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 'saved.pcapng');
      using tmux = await packets();
      send(3, 71);
      send(2, 97);
      await tmux.until('5 packets');
      tmux.keys('/', '=frame.len == 97', 'Enter');
      await tmux.until('2 match');
      tmux.keys('w', `=${path}`, 'Enter');
      await tmux.until(`2 packets are in ${path}`);
      tmux.keys('w', `=${path}`, 'Enter');
      await tmux.until('there already');
      const { packets: saved, ports } = await readFile(path);
      expect(saved.map(({ wire }) => wire)).toEqual([97, 97]);
      expect(ports.map(({ name }) => name)).toContain(`${world.right}/east`);
      const { out, code } = await hooktapOnce('read', path);
      expect(code).toBe(0);
      expect(out.match(/0x88b5/g)).toHaveLength(2);
    });
  });
  test('shows the devices, follows a flow, and tells the rule that drops it', async () => {
    const rules = 'table inet uiwall { chain in { type filter hook input priority 0; icmp type echo-request drop; }; }';
    done('ip', 'netns', 'exec', world.right, 'nft', rules);
    const ping = () => spawnSync('ip', ['netns', 'exec', world.left, 'ping', '-c', '1', '-W', '0.1', '10.9.0.2']);
    using tmux = await packets();
    ping();
    await tmux.until(/ICMP.*echo request/);
    tmux.keys('4');
    expect(await tmux.until(/east veth.*10\.9\.0\.2/)).toContain(world.right);
    tmux.keys('2', 't');
    await tmux.until(/Journeys: tracing .*10\.9\.0\.1/);
    // Tracing begins when the programs are loaded: until then packets pass unseen.
    for (let i = 0; i < 40 && !tmux.screen().includes('dropped'); i++) {
      ping();
      await rest();
    }
    const screen = await tmux.until(/dropped/);
    expect(screen).toMatch(/uiwall in rule \d+ at/);
    expect(screen).toMatch(/echo request/);
    // Where it came from is not watched, but it has a name.
    expect(screen).toContain(`${world.left}/west`);
    tmux.keys('6');
    expect(await tmux.until(/uiwall in/)).toMatch(/NETFILTER_DROP/);
  });
  test('a device that goes down, or goes, and a namespace that is deleted do not end it', async () => {
    using tmux = await packets();
    send(2, 71);
    await tmux.until('2 packets');
    done('ip', '-n', world.right, 'link', 'set', 'east', 'down');
    tmux.keys('4');
    await tmux.until(/○ east veth .*down/);
    done('ip', '-n', world.right, 'link', 'set', 'east', 'up');
    await tmux.until(/[●×] east veth/);
    tmux.keys('2');
    for (let i = 0; i < 40 && packetsSeen(tmux.screen()) < 3; i++) {
      send(1, 97);
      await rest();
    }
    expect(packetsSeen(tmux.screen())).toBeGreaterThanOrEqual(3);
    done('ip', '-n', world.left, 'link', 'del', 'west');
    done('ip', 'netns', 'del', world.right);
    await rest();
    for (const [key, view] of Object.entries({ 1: 'Who talks most', 4: 'Topology', 2: 'length 71' })) {
      tmux.keys(key);
      await tmux.until(view);
    }
    expect(tmux.ended).toBe(false);
    tmux.keys('q');
    await ended(tmux);
  });
  test.each([
    ['a device of its own', (_: World) => '-i lo'],
    ['a namespace', ({ right }: World) => `--netns ${right} -i any`],
  ])('without rights for %s it says so, and what helps', async (_, words) => {
    using tmux = left(`${NOBODY} ${HOOKTAP} ui ${words(world)}`);
    const screen = await tmux.until('left with 1');
    expect(screen).toMatch(/hooktap: .*(not permitted|not allowed|root|right|CAP_)/);
    expect(screen).toMatch(/try: .*(sudo|setcap)/);
    expect(screen).not.toMatch(/ at .*:\d+/);
    expect(tmux.isAlternate).toBe(false);
  });
  test('an ordinary user has it in a user namespace', async () => {
    using tmux = new Tmux(`${NOBODY} unshare -Urn sh -c 'ip link set lo up; ${HOOKTAP} ui -i lo'`, ...SIZE);
    await tmux.until('live');
    tmux.keys('2', 't');
    expect(await tmux.until('BPF is refused')).toMatch(
      /journeys are made from packets seen at devices: .*\n.*nftables/,
    );
  });
});
describe.skipIf(why !== undefined)('hooktap demo --ui', () => {
  beforeAll(built);
  const run = async () => {
    const tmux = left(`${HOOKTAP} demo --ui`);
    await tmux.until(/live/);
    return tmux;
  };
  test('plays scenes, which packets and journeys tell of, and leaves nothing behind', async () => {
    const before = machine();
    using tmux = await run();
    tmux.keys('5');
    await tmux.until(/delivered .*8080/);
    const during = traces(tmux.child);
    expect(during.namespaces.size).toBe(4);
    await tmux.until(/wall forward rule \d+ at/);
    await tmux.until(/^ A (port|source)/m);
    tmux.keys('4');
    expect(await tmux.until(/router/)).toMatch(/tap0|web/);
    tmux.keys('q');
    await tmux.until('left with 0');
    expect(tmux.isAlternate).toBe(false);
    await gone(during);
    expect(machine()).toEqual(before);
  });
  test('left in the middle of a scene it is gone as well', async () => {
    const before = machine();
    using tmux = await run();
    await tmux.until(/A rule|A port/);
    const during = traces(tmux.child);
    tmux.keys('q');
    await tmux.until('left with 0');
    await gone(during);
    expect(machine()).toEqual(before);
  });
  test('killed in the middle it leaves nothing behind', async () => {
    const before = machine();
    using tmux = await run();
    await tmux.until(/A web server|A rule/);
    const during = traces(tmux.child);
    expect(during.namespaces.size).toBe(4);
    process.kill(tmux.child, 'SIGKILL');
    await tmux.until('left with 137');
    await gone(during);
    expect(machine()).toEqual(before);
  });
});
