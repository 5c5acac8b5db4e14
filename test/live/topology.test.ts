import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inNamespace } from '../../src/linux/namespace.ts';
import { Netlink, ROUTE } from '../../src/linux/netlink.ts';
import { forwardingOf, neighboursOf } from '../../src/linux/rtnetlink/neighbour.ts';
import { routesOf } from '../../src/linux/rtnetlink/route.ts';
import { Tun } from '../../src/linux/tun.ts';
import { ratesBetween } from '../../src/topology/rates.ts';
import { readTopology } from '../../src/topology/read.ts';
import type { Device, Topology } from '../../src/topology/topology.ts';
import { built, hooktapOnce, Program } from './program.ts';
import { done, namespace, numbered, Sender, World, whyNotLive } from './world.ts';

const why = whyNotLive('bridge', 'setpriv');
if (why !== undefined) console.warn(`the topology is not tested: ${why}`);

const CONTROL = 'tpl\u009b31m';

/** What `ip -j -d link` tells of a device, as far as it is compared. */
interface IpLink {
  readonly ifindex: number;
  readonly ifname: string;
  readonly mtu: number;
  readonly address?: string;
  readonly flags: readonly string[];
  readonly master?: string;
  readonly link?: string;
  readonly link_index?: number;
  readonly linkinfo?: { readonly info_kind?: string; readonly info_data?: Record<string, unknown> };
}

describe.skipIf(why !== undefined)('the topology', () => {
  let world: World;
  let tap: Tun;
  let seen: Topology;
  beforeAll(() => {
    built();
    world = new World();
    const { left, right } = world;
    const left_ = (...args: string[]) => done('ip', '-n', left, ...args);
    left_('link', 'add', 'tplbr', 'type', 'bridge');
    left_('link', 'set', 'tplbr', 'up');
    left_('link', 'add', 'tplport', 'type', 'veth', 'peer', 'name', CONTROL);
    left_('link', 'set', 'tplport', 'master', 'tplbr', 'up');
    left_('link', 'add', 'tplvx', 'type', 'vxlan', 'id', '42', 'remote', '10.9.0.2', 'dstport', '4789', 'dev', 'west');
    left_('link', 'set', 'tplvx', 'master', 'tplbr', 'up');
    left_('link', 'add', 'tplmac', 'link', 'west', 'type', 'macvlan', 'mode', 'bridge');
    left_('link', 'add', 'tplvx6', 'type', 'vxlan', 'id', '43', 'remote', '2001:db8::7', 'dstport', '8472');
    done('ip', '-n', right, 'tuntap', 'add', 'tpltun', 'mode', 'tun');
    left_('route', 'add', '10.66.0.0/16', 'nexthop', 'via', '10.9.0.2', 'nexthop', 'via', '10.9.0.3');
    left_('route', 'add', 'blackhole', '10.67.0.0/16');
    left_('route', 'add', '10.68.0.0/16', 'via', '10.9.0.2', 'metric', '7', 'table', '99');
    tap = inNamespace(namespace(right), () => Tun.open({ name: 'tpltap', mode: 'tap', multiQueue: false }));
    seen = readTopology();
  });
  afterAll(() => {
    tap?.close();
    world?.[Symbol.dispose]();
  });
  const nodeOf = (netns: string) => seen.namespaces.find(({ names }) => names.includes(netns))!;
  const devicesOf = (netns: string) => seen.devices.filter((device) => device.namespace === nodeOf(netns).id);
  const deviceOf = (netns: string, name: string) => devicesOf(netns).find((device) => device.name === name)!;
  const ends = (kind: string) =>
    seen.edges
      .filter((edge) => edge.kind === kind)
      .map(({ from, to }) => [from, to].map((id) => seen.devices.find((device) => device.id === id)?.name));

  test('has the devices that ip shows in each namespace', () => {
    for (const netns of [world.left, world.right]) {
      const links = JSON.parse(done('ip', '-n', netns, '-j', '-d', 'link')) as IpLink[];
      const devices = devicesOf(netns);
      expect(devices.map(({ name }) => name)).toEqual(links.map(({ ifname }) => ifname));
      for (const [i, link] of links.entries()) expect(comparable(devices[i]!, seen)).toEqual(wanted(link));
    }
  });
  test('finds peers across namespaces, ports, and what sends through what', () => {
    const cable = seen.edges.find(
      ({ kind, from, to }) => kind === 'peer' && [from, to].includes(deviceOf(world.left, 'west').id),
    );
    expect([cable?.from, cable?.to].sort()).toEqual(
      [deviceOf(world.left, 'west').id, deviceOf(world.right, 'east').id].sort(),
    );
    expect(ends('port')).toContainEqual(['tplport', 'tplbr']);
    expect(ends('port')).toContainEqual(['tplvx', 'tplbr']);
    expect(ends('over')).toContainEqual(['tplvx', 'west']);
    expect(ends('over')).toContainEqual(['tplmac', 'west']);
  });
  test('knows addresses, details, and who holds a tap', () => {
    expect(deviceOf(world.left, 'west').addresses).toMatchObject([
      { address: '10.9.0.1', prefix: 24, scope: 'global' },
    ]);
    expect(deviceOf(world.left, 'tplvx').details).toMatchObject({ id: 42, remote: '10.9.0.2', port: 4789 });
    expect(deviceOf(world.left, 'tplvx6').details).toMatchObject({ id: 43, remote: '2001:db8::7', port: 8472 });
    expect(deviceOf(world.left, 'tplmac').details).toEqual({ mode: 'bridge' });
    expect(deviceOf(world.right, 'tpltap')).toMatchObject({
      details: { mode: 'tap', persistent: false },
      holders: [{ pid: process.pid }],
      linkType: 'EN10MB',
    });
    expect(deviceOf(world.right, 'tpltun')).toMatchObject({ details: { mode: 'tun' }, holders: [], linkType: 'RAW' });
  });
  test('counts what passes, and how fast', async () => {
    using sender = new Sender(world.left, 'west');
    const before = readTopology();
    for (let i = 0; i < 100; i++) sender.send(numbered(i, 125));
    const after = readTopology();
    const { id } = deviceOf(world.right, 'east');
    const rates = ratesBetween(before, after, 2);
    // The kernel knows nobody who takes this EtherType.
    expect(rates.get(id)).toEqual({
      received: { packets: 50, bits: 50_000, lost: 50 },
      sent: { packets: 0, bits: 0, lost: 0 },
    });
    const now = after.devices.find((device) => device.id === id)!;
    const ip = JSON.parse(done('ip', '-n', world.right, '-j', '-s', 'link', 'show', 'east')) as {
      stats64: { rx: { packets: number; bytes: number } };
    }[];
    const { rx } = ip[0]!.stats64;
    expect(now.counters.received).toMatchObject({ packets: rx.packets, bytes: rx.bytes });
  });
  test('routes, neighbours and forwarding databases are those of ip and bridge', () => {
    const netlink = inNamespace(namespace(world.left), () => Netlink.open(ROUTE));
    try {
      const name = (index: number | undefined) => devicesOf(world.left).find((device) => device.index === index)?.name;
      const ip = JSON.parse(done('ip', '-n', world.left, '-4', '-j', 'route', 'show', 'table', 'all')) as {
        dst: string;
        type?: string;
        dev?: string;
        metric?: number;
        gateway?: string;
        nexthops?: { gateway: string; dev: string }[];
      }[];
      const theirs = ip.map(({ dst, type = 'unicast', dev, metric = 0, gateway, nexthops }) => ({
        dst: dst.replace(/\/32$/, ''),
        type,
        metric,
        hops: nexthops?.map((hop) => `${hop.dev} ${hop.gateway}`) ?? [`${dev} ${gateway}`],
      }));
      const ours = routesOf(netlink)
        .filter(({ family }) => family === 'inet')
        .map(({ destination, type, priority, hops }) => ({
          dst: destination.replace(/\/32$/, ''),
          type,
          metric: priority,
          hops: hops.map((hop) => `${name(hop.device)} ${hop.gateway}`),
        }));
      expect(sorted(ours)).toEqual(sorted(theirs));
      expect(neighboursOf(netlink)).toContainEqual({
        device: deviceOf(world.left, 'west').index,
        address: '10.9.0.2',
        mac: '02:00:00:00:00:0b',
        state: 'permanent',
      });
      const bridge = JSON.parse(done('bridge', '-n', world.left, '-j', 'fdb')) as { mac: string; ifname: string }[];
      expect(
        forwardingOf(netlink)
          .map(({ mac, device }) => `${mac} ${name(device)}`)
          .sort(),
      ).toEqual(bridge.map(({ mac, ifname }) => `${mac} ${ifname}`).sort());
      expect(forwardingOf(netlink).find(({ remote }) => remote === '10.9.0.2')).toMatchObject({
        device: deviceOf(world.left, 'tplvx').index,
      });
    } finally {
      netlink.close();
    }
  });
  test('is drawn as a tree, with names that a terminal does not obey', async () => {
    const { code, out } = await hooktapOnce('interfaces', '--netns', world.left, '--netns', world.right);
    expect(code).toBe(0);
    const lines = out.split('\n').map((line) => line.replace(/ {2,}(up|down)\b.*/, '').trimEnd());
    const at = lines.findIndex((line) => line.includes('─ tplbr'));
    expect(lines[at + 1]).toMatch(/^. {2}├─ tplport +veth ↔ tpl\\x9b31m$/);
    expect(lines[at + 2]).toMatch(/^. {2}└─ tplvx +vxlan 42 over west to 10\.9\.0\.2 port 4789$/);
    expect(lines.some((line) => /─ west +veth ↔ hooktap-\w+\/east$/.test(line))).toBe(true);
    expect(lines.some((line) => new RegExp(`─ tpltap +tap ← .* \\(${process.pid}\\)`).test(line))).toBe(true);
    expect(lines.some((line) => /─ tpltun +tun ← nobody$/.test(line))).toBe(true);
    expect(out).not.toContain('\u009b');
  });
  test('is one object as JSON, and a line for each device as text', async () => {
    const { out } = await hooktapOnce('interfaces', '--netns', world.right, '-T', 'json', '--rates', '0.1');
    const object = JSON.parse(out) as { namespaces: { names: string[]; devices: { name: string }[] }[] };
    expect(object.namespaces.map(({ names }) => names)).toEqual([[world.right]]);
    expect(object.namespaces[0]!.devices.find(({ name }) => name === 'east')).toMatchObject({
      kind: 'veth',
      state: 'up',
      capture: { possible: true, linkType: 'EN10MB' },
      rates: { received: { packets: 0 } },
    });
    const text = await hooktapOnce('interfaces', '--netns', world.left, '-T', 'text');
    expect(text.out).toMatch(/tplport .*port of tplbr ↔ tpl\\x9b31m/);
  });
  test('namespaces that come and go meanwhile are left out, and no error', async () => {
    const name = `${world.left}-brief`;
    const each = `ip netns add ${name}; ip -n ${name} link add a1 type veth peer name b1; ip netns del ${name}`;
    await using program = new Program('sh', ['-c', `for i in 1 2 3 4 5 6 7 8 9 10; do ${each}; done`]);
    let ended = false;
    const end = program.end().finally(() => (ended = true));
    while (!ended) {
      expect(readTopology().namespaces.some(({ names }) => names.includes(world.left))).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect((await end).code).toBe(0);
  });
  test('says of a namespace that it may not enter why not', async () => {
    const { out } = await hooktapOnce('interfaces', '--netns', world.left, { capable: false });
    expect(out).toContain('not seen: entering the network namespace');
    expect(out).toContain('(try: sudo hooktap interfaces)');
  });
});
function comparable(device: Device, { devices }: Topology) {
  const named = (index: number | undefined) =>
    devices.find((each) => each.namespace === device.namespace && each.index === index)?.name;
  const { index, name, mtu, mac, kind, details } = device;
  return {
    index,
    name,
    mtu,
    mac: device.hardware === 65_534 ? undefined : mac,
    kind,
    up: (device.flags & 1) !== 0,
    master: named(device.master),
    lower: device.lowerNamespace === undefined ? named(device.lower) : device.lower,
    id: details.id,
    remote: details.remote,
    port: details.port,
    mode: details.mode,
  };
}
function wanted({ ifindex, ifname, mtu, address, flags, master, link, link_index, linkinfo }: IpLink) {
  const { id, remote, remote6, port, mode, type, link: under } = linkinfo?.info_data ?? {};
  return {
    index: ifindex,
    name: ifname,
    mtu,
    mac: address,
    kind: linkinfo?.info_kind,
    up: flags.includes('UP'),
    master,
    lower: link ?? link_index ?? under,
    id,
    remote: remote ?? remote6,
    port,
    mode: mode ?? type,
  };
}
const sorted = <T>(some: readonly T[]): T[] =>
  [...some].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
