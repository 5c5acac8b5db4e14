import { beforeAll, describe, expect, test } from 'vitest';
import type { Topology } from '../../src/topology/topology.ts';
import { dropNews } from '../../ui/model/drop.ts';
import { DropTable } from '../../ui/model/drop-table.ts';
import { DropsView } from '../../ui/model/drops-view.ts';
import type { Size } from '../../ui/model/pane.ts';
import { Recent } from '../../ui/model/recent.ts';
import { entry, FakeFeed, some, WALL } from './journeys.ts';
import { demo, Network } from './networks.ts';
import { golden, SIZES, screen, styled, text } from './screen.ts';

beforeAll(() => {
  process.env.TZ = 'UTC';
});
const LARGE = SIZES[2] as Size;
const drawn = (view: DropsView, size = LARGE) => screen(view.panes(size), size);
const rows = (view: DropsView) => view.panes(LARGE)[0]!.lines.slice(1).map(text);

/** A time that tests move. */
class Clock {
  ms = 1_767_323_045_000;
  readonly now = () => this.ms;
}
/** A device that loses packets, as its counters tell. */
function losing(network: Network, path: string, dropped: number, errors = 0): Topology {
  const { topology } = network;
  const losses = { packets: 10, bytes: 1000, dropped, errors };
  const id = network.find(path).id;
  const devices = topology.devices.map((device) =>
    device.id === id ? { ...device, counters: { ...device.counters, received: losses } } : device,
  );
  return { ...topology, devices };
}
function feedOf(topology: Topology) {
  return { version: 1, topology, rates: new Map(), obstacle: undefined };
}
describe('the table of drops', () => {
  test('counts by reason, place and rule', () => {
    const table = new DropTable();
    table.hear(dropNews(some()));
    table.hear(dropNews(some()));
    const found = table.rows.map(({ reason, place, count, told }) => [reason, place, count, told]);
    expect(found).toEqual([
      ['NETFILTER_DROP', 'router/lan forward', 2, 'traced'],
      ['NO_SOCKET', 'web/eth0', 2, 'traced'],
    ]);
    const other = entry({
      ...{ number: 9, outcome: 'dropped', reason: 'NETFILTER_DROP', steps: ['router/lan forward'] },
      rule: { ...WALL, handle: 5 },
    });
    table.hear(dropNews([other]));
    expect(table.rows).toHaveLength(3);
    expect(table.rows[2]).toMatchObject({ count: 1, journey: 9, packet: 'udp 10.0.0.1:1234 > 10.0.0.2:53' });
  });
  test('adds what the counters of devices grow by, from when they were seen first', () => {
    const network = demo();
    const feed = feedOf(losing(network, 'router/lan', 100));
    const table = new DropTable({ topology: feed });
    expect(table.rows).toEqual([]);
    feed.topology = losing(network, 'router/lan', 107, 2);
    expect(table.rows).toEqual([]);
    feed.version++;
    expect(table.rows.map(({ reason, place, count }) => [reason, place, count])).toEqual([
      ['RX dropped', 'router/lan', 7],
      ['RX errors', 'router/lan', 2],
    ]);
    feed.topology = losing(network, 'router/lan', 3, 2);
    feed.version++;
    expect(table.rows.map(({ count }) => count)).toEqual([7, 2]);
  });
  test('what counters grew by while nobody looked is no rate of now', () => {
    const clock = new Clock();
    const capture = { lost: 0 };
    const table = new DropTable({ capture, now: clock.now });
    expect(table.rows).toEqual([]);
    capture.lost = 10;
    clock.ms += 1000;
    expect(table.rateOf(table.rows[0]!)).toBe(2);
    clock.ms += 60_000;
    capture.lost = 500;
    expect(table.rows).toMatchObject([{ count: 500 }]);
    expect(table.rateOf(table.rows[0]!)).toBe(0);
  });
  test('adds what the capture lost', () => {
    const capture = { lost: 0 };
    const table = new DropTable({ capture });
    expect(table.rows).toEqual([]);
    capture.lost = 12;
    expect(table.rows).toMatchObject([{ reason: 'not captured', count: 12, told: 'capture' }]);
    const { version } = table;
    capture.lost = 13;
    expect(table.version).not.toBe(version);
    expect(table.rows).toMatchObject([{ count: 13 }]);
  });
  test('knows the rate of the last seconds, and where packets die for the topology', () => {
    const clock = new Clock();
    const network = new Network().namespace('?').namespace('client').namespace('router').device('lan', 'veth');
    // Journeys name namespaces by their inode, which the id of a namespace ends in.
    const device = { ...network.find('router/lan'), namespace: '4:2' };
    const table = new DropTable({ now: clock.now });
    expect(table.lostAt(device)).toBe(0);
    table.hear(dropNews([some()[1]!]));
    expect(table.lostAt(device)).toBe(0.2);
    expect(table.lostAt({ ...device, name: 'web0' })).toBe(0);
    expect(table.lostAt({ ...device, namespace: '4:3' })).toBe(0);
    const { version } = table;
    clock.ms += 6000;
    expect(table.version).not.toBe(version);
    expect(table.lostAt(device)).toBe(0);
  });
  test('tells of no loss where somebody got the packet', () => {
    const got = some()[0]!;
    const flood = { ...some()[2]!.journey.ending, copy: 1, reason: 'OTHERHOST' };
    expect(dropNews([{ ...got, journey: { ...got.journey, endings: [flood] } }])).toEqual([]);
    const lost = { ...flood, reason: 'QDISC_DROP' };
    expect(dropNews([{ ...got, journey: { ...got.journey, endings: [lost] } }])).toHaveLength(1);
  });
  test('forgets what was traced when tracing begins anew', () => {
    const table = new DropTable({ capture: { lost: 1 } });
    table.hear(dropNews(some()));
    expect(table.rows).toHaveLength(3);
    table.forgetTraced();
    expect(table.rows).toMatchObject([{ told: 'capture' }]);
  });
});
test('what happened in the last seconds is counted by second', () => {
  const recent = new Recent();
  expect(recent.rate(1000)).toBe(0);
  recent.add(1000, 10);
  recent.add(1002, 5);
  expect(recent.rate(1002)).toBe(3);
  expect(recent.rate(1006)).toBe(1);
  expect(recent.values(1003, 5)).toEqual([0, 10, 0, 5, 0]);
  expect(recent.values(1060).reduce((sum, each) => sum + each, 0)).toBe(5);
  expect(recent.values(5000).reduce((sum, each) => sum + each, 0)).toBe(0);
});
describe('the drops view', () => {
  function filled() {
    const clock = new Clock();
    const capture = { lost: 3 };
    const network = demo();
    const feed = feedOf(losing(network, 'router/web0', 0));
    const table = new DropTable({ topology: feed, capture, now: clock.now });
    table.hear(dropNews(some()));
    table.hear(dropNews([some()[2]!]));
    expect(table.rows).toHaveLength(3);
    clock.ms += 1000;
    feed.topology = losing(network, 'router/web0', 1500);
    feed.version++;
    return { table, clock, network };
  }
  for (const size of SIZES)
    test(`tells what was lost at ${size.columns}x${size.rows}`, async () => {
      const view = new DropsView({ live: true, table: filled().table });
      view.panes(size);
      for (let i = 0; i < 3; i++) view.act('down');
      const file = `golden/drops-${size.columns}x${size.rows}.txt`;
      await expect(golden(view.panes(size), size)).toMatchFileSnapshot(file);
    });
  test('sorts by any column, either way, and keeps what is selected', () => {
    const view = new DropsView({ live: true, table: filled().table });
    const counts = () => rows(view).map((line) => line.trim().split(/ +/)[0]);
    expect(counts()).toEqual(['1.50k', '3', '2', '1']);
    view.act('last');
    expect(view.subject?.title).toContain('NETFILTER_DROP');
    view.act('reverse');
    expect(counts()).toEqual(['1', '2', '3', '1.50k']);
    expect(view.subject?.title).toContain('NETFILTER_DROP');
    for (let i = 0; i < 3; i++) view.act('sort');
    view.act('reverse');
    expect(rows(view).map((line) => line.slice(25).split(/ {2,}/)[0]?.trim())).toEqual([
      'NETFILTER_DROP',
      'NO_SOCKET',
      'RX dropped',
      'not captured',
    ]);
  });
  test('the worst stays on top until something is selected', () => {
    const { table } = filled();
    const view = new DropsView({ live: true, table });
    view.panes(LARGE);
    expect(view.subject?.title).toContain('RX dropped');
    table.hear(dropNews([some()[2]!]).map((news) => ({ ...news, count: 2000 })));
    view.panes(LARGE);
    expect(view.subject?.title).toContain('NO_SOCKET');
    view.act('down');
    expect(view.subject?.title).toContain('RX dropped');
    table.hear(dropNews(some()));
    view.panes(LARGE);
    expect(view.subject?.title).toContain('RX dropped');
  });
  test('leads to the journeys of a drop, and to the device that counts', () => {
    const { table, network } = filled();
    const view = new DropsView({ live: true, table });
    view.panes(LARGE);
    expect(view.subject?.target).toEqual({ view: 'topology', device: network.find('router/web0').id });
    view.act('last');
    const { key } = table.rows.find(({ reason }) => reason === 'NETFILTER_DROP')!;
    expect(view.subject?.target).toEqual({ view: 'journeys', drop: key, journey: 2 });
  });
  test('tells which packets it is about: the conversation of the last one, or those of the device', () => {
    const view = new DropsView({ live: true, table: filled().table });
    view.panes(LARGE);
    expect(view.subject).toMatchObject({ filter: 'frame.interface_name == "router/web0"' });
    expect(view.subject).not.toHaveProperty('expression');
    expect(view.search('NETFILTER_DROP')).toBe(true);
    view.panes(LARGE);
    expect(view.subject).toMatchObject({
      filter: 'ip.addr == 10.0.0.1 && ip.addr == 10.0.0.2 && udp.port == 4000 && udp.port == 23',
      expression: 'host 10.0.0.1 and host 10.0.0.2 and udp port 4000 and udp port 23',
    });
    view.search('not captured');
    view.panes(LARGE);
    expect(view.subject).not.toHaveProperty('filter');
  });
  test('narrows to a text', () => {
    const view = new DropsView({ live: true, table: filled().table });
    expect(view.search('udp dport 23')).toBe(true);
    expect(rows(view)).toHaveLength(1);
    expect(view.search('nothing')).toBe(false);
    expect(view.act('clear-filter')).toBe(true);
    expect(view.act('clear-filter')).toBe(false);
    expect(rows(view)).toHaveLength(4);
  });
  test('has text from the kernel escaped', () => {
    const table = new DropTable();
    const evil = entry({
      outcome: 'dropped',
      reason: 'X\u0007',
      steps: ['evil\u001b[2J/a\u009bb receive'],
      rule: WALL,
    });
    table.hear(dropNews([evil]));
    const lines = new DropsView({ live: true, table }).panes(LARGE).flatMap((pane) => pane.lines.map(text));
    expect(lines.join('')).not.toMatch(/\p{Cc}/u);
    expect(lines.join('\n')).toContain('evil\\x1b[2J/a\\x9bb');
  });
  test('says what is not told, and what would tell it', () => {
    const journeys = new FakeFeed();
    journeys.state = 'off';
    const view = new DropsView({ live: true, table: new DropTable(), journeys });
    expect(drawn(view)).toContain('nothing was dropped that is known of');
    expect(drawn(view)).toContain('t traces, and names reasons and rules');
    journeys.obstacle = { why: 'no rights', remedy: 'sudo hooktap ui' };
    journeys.version++;
    expect(drawn(view)).toContain('only counters tell: no rights (try: sudo hooktap ui)');
    expect(styled(view.panes(LARGE), 'warning')).toHaveLength(1);
  });
  test('of a file has no rates', () => {
    const [live, file] = [true, false].map((each) => drawn(new DropsView({ live: each, table: filled().table })));
    expect(live).toContain('/S');
    expect(live).toContain('in the last minute');
    expect(file).not.toContain('/S');
    expect(file).not.toContain('in the last minute');
  });
  test('stays inside any screen', () => {
    for (const size of [...SIZES, { columns: 20, rows: 10 }])
      for (const pane of new DropsView({ live: true, table: filled().table }).panes(size)) {
        expect(pane.left + pane.columns).toBeLessThanOrEqual(size.columns);
        expect(pane.top + pane.rows).toBeLessThanOrEqual(size.rows);
        expect(pane.lines.length).toBeLessThanOrEqual(pane.rows - 2);
      }
  });
});
