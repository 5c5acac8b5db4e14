import { describe, expect, test } from 'vitest';
import { protocols } from '../../dissectors/index.ts';
import { Registry } from '../../src/dissect/registry.ts';
import { compileDisplayFilter } from '../../src/filter/display/compile.ts';
import { ASCII } from '../../ui/model/glyphs.ts';
import type { Size } from '../../ui/model/pane.ts';
import { TopologyView, type TopologyViewOptions } from '../../ui/model/topology-view.ts';
import { containers, demo, Network } from './networks.ts';
import { golden, SIZES, screen, styled, text } from './screen.ts';

const file = (name: string, { columns, rows }: Size) => `golden/topology-${name}-${columns}x${rows}.txt`;
const PASSING = {
  'client/eth0': [1200, 3400],
  'router/lan': [3400, 1200],
  'router/br0': [1, 2],
  'router/web0': [70_000, 8_000_000, 3],
  'here/eth0': [999_999, 1],
} as const;

function viewOf(
  network: Network,
  passing: Parameters<Network['rates']>[0] = {},
  more: Partial<TopologyViewOptions> = {},
) {
  const feed = { version: 1, topology: network.topology, rates: network.rates(passing), obstacle: undefined };
  return new TopologyView({ feed, ...more });
}
const drawn = (view: TopologyView, size: Size) => screen(view.panes(size), size);
const WIDE = SIZES[2]!;

describe('the topology view', () => {
  for (const size of SIZES) {
    const name = `${size.columns}x${size.rows}`;
    test(`draws namespaces, devices and wires at ${name}`, async () => {
      await expect(golden(viewOf(demo(), PASSING).panes(size), size)).toMatchFileSnapshot(file('demo', size));
    });
    test(`draws many containers at ${name}`, async () => {
      await expect(golden(viewOf(containers(12)).panes(size), size)).toMatchFileSnapshot(file('containers', size));
    });
    test(`is never wider or higher than ${name}`, () => {
      for (const network of [demo(), containers(1), containers(40), new Network()]) {
        for (const pane of viewOf(network, {}).panes(size)) {
          expect(pane.left + pane.columns).toBeLessThanOrEqual(size.columns);
          expect(pane.top + pane.rows).toBeLessThanOrEqual(size.rows);
          expect(pane.lines.length).toBeLessThanOrEqual(pane.rows - 2);
          expect((pane.note ?? '').length).toBeLessThanOrEqual(size.columns - 6);
        }
      }
    });
  }
  test('is drawn in ASCII where nothing else may be', async () => {
    const view = viewOf(demo(), PASSING, { ascii: true });
    const lines = view.panes(WIDE).flatMap((pane) => pane.lines.map(text));
    expect(lines.join('\n')).toMatch(/^[\n\x20-\x7e]*$/);
    await expect(golden(view.panes(SIZES[1]!), SIZES[1]!)).toMatchFileSnapshot(file('ascii', SIZES[1]!));
  });
  test('becomes a tree where boxes do not fit', async () => {
    const size = { columns: 50, rows: 40 };
    await expect(golden(viewOf(containers(30), PASSING_HERE).panes(size), size)).toMatchFileSnapshot(
      file('tree', size),
    );
  });
  const PASSING_HERE = { 'here/eth0': [12, 3] } as const;

  test('is red where packets die: by counters, and by what tracing tells', () => {
    const view = viewOf(demo(), PASSING);
    expect(styled(view.panes(WIDE), 'bad').join(' ')).toContain('× ├─web0');
    expect(styled(view.panes(WIDE), 'bad').join(' ')).not.toContain('db0');
    const deaths = { version: 1, lostAt: ({ name }: { name: string }) => (name === 'db0' ? 2 : 0) };
    const traced = viewOf(demo(), {}, { deaths });
    expect(styled(traced.panes(WIDE), 'bad').join(' ')).toContain('× └─db0');
    traced.open({ view: 'topology', device: demo().find('router/db0').id });
    expect(styled(traced.panes(WIDE), 'bad')).toContain('packets die here: 2.0/s, as tracing tells');
  });
  test('tells what is down, and what has no link', () => {
    const network = new Network()
      .namespace('a')
      .device('off', 'veth', { flags: 0, state: 'down', addresses: ['10.0.0.1/8'] });
    network.device('loose', 'veth', { state: 'down' });
    const lines = drawn(viewOf(network), WIDE);
    expect(lines).toMatch(/○ off +veth down +10\.0\.0\.1\/8/);
    expect(lines).toMatch(/○ loose +veth no link/);
  });
  test('counts what passes a wire once, as its left end sends and receives', () => {
    const view = viewOf(demo(), PASSING);
    expect(drawn(view, WIDE)).toContain('├─ 3.4k→ ←1.2k─┤');
    expect(drawn(view, WIDE)).toContain('├─ 8.0M→ ←70k ┘');
    view.act('unit');
    expect(drawn(view, WIDE)).toContain('├─ 2.7M→ ←960k─┤');
    expect(drawn(view, WIDE)).toContain('bits/s');
  });
  test('has a name from the kernel escaped', () => {
    const network = new Network().namespace('n\u001b[31m').device('a\u009b"\\', 'veth', { addresses: ['10.0.0.1/8'] });
    const view = viewOf(network);
    expect(drawn(view, WIDE)).toContain('a\\x9b"\\');
    expect(drawn(view, WIDE)).toContain('n\\x1b[31m');
    expect(
      view
        .panes(WIDE)
        .flatMap(({ lines }) => lines.map(text))
        .join(''),
    ).not.toMatch(/\p{Cc}/u);
  });
  test('selects with the arrows, along wires', () => {
    const view = viewOf(demo());
    view.open({ view: 'topology', device: demo().find('client/eth0').id });
    view.panes(WIDE);
    const pressed = (action: Parameters<TopologyView['act']>[0]) => {
      expect(view.act(action)).toBe(true);
      view.panes(WIDE);
      return view.subject?.title;
    };
    expect(view.subject?.title).toBe('device client/eth0');
    expect(pressed('right')).toBe('device router/lan');
    expect(pressed('up')).toBe('device router/db0');
    expect(pressed('right')).toBe('device db/eth0');
    expect(pressed('left')).toBe('device router/db0');
    expect(pressed('last')).toBe('device eth0');
    expect(pressed('first')).toBe('device web/eth0');
  });
  test('leads to the packets of a device, by the name that capturing gives it', () => {
    const network = demo();
    const view = viewOf(network);
    view.open({ view: 'topology', device: network.find('router/web0').id });
    expect(view.subject?.target).toEqual({ view: 'packets', filter: 'frame.interface_name == "router/web0"' });
    view.open({ view: 'topology', device: network.find('here/eth0').id });
    expect(view.subject?.filter).toBe('frame.interface_name == "eth0"');
    const hostile = new Network().namespace('x').device('q"\\\u0001é', 'veth');
    const odd = viewOf(hostile);
    odd.panes(WIDE);
    expect(() => compileDisplayFilter(odd.subject!.filter!, new Registry(protocols))).not.toThrow();
  });
  test('scrolls with the wheel, and back to what is selected with the next key', () => {
    const [size] = SIZES as [Size];
    const view = viewOf(containers(30));
    view.panes(size);
    view.act('first');
    view.panes(size);
    view.wheel('topology', 5);
    const scrolled = drawn(view, size);
    expect(scrolled).toContain('lines 6 to');
    view.act('down');
    expect(drawn(view, size)).not.toBe(scrolled);
    view.act('last');
    expect(drawn(view, size)).toContain('box30');
  });
  test('a click selects', () => {
    const view = viewOf(demo());
    const [pane] = view.panes(WIDE);
    const row = pane!.lines.findIndex((line) => text(line).includes('tap0'));
    view.click('topology', row, text(pane!.lines[row]!).indexOf('tap0'));
    expect(view.subject?.title).toBe('device router/tap0');
  });
  test('changes its version when it would look different, and only then', () => {
    const feed = { version: 1, topology: demo().topology, rates: new Map(), obstacle: undefined };
    const view = new TopologyView({ feed });
    const before = view.version;
    view.panes(WIDE);
    expect(view.version).toBe(before);
    feed.version++;
    expect(view.version).not.toBe(before);
    const then = view.version;
    view.act('unit');
    expect(view.version).not.toBe(then);
  });
  test('says why there is nothing to be seen', () => {
    const obstacle = { why: 'the devices cannot be read', remedy: 'sudo hooktap ui' };
    const view = new TopologyView({ feed: { version: 0, topology: undefined, rates: new Map(), obstacle } });
    expect(drawn(view, SIZES[0]!)).toContain('try: sudo hooktap ui');
  });
  test('lists the interfaces of a file, which has no topology', async () => {
    const ports = [
      { name: 'router/web0', linkType: 'EN10MB', packets: 1234, bytes: 567_890 },
      { name: 'evil\u001b[2J', linkType: 'RAW', packets: 1, bytes: 60 },
    ];
    const view = new TopologyView({ file: { version: 1, ports } });
    const [size] = SIZES as [Size];
    await expect(golden(view.panes(size), size)).toMatchFileSnapshot(file('file', size));
    view.act('down');
    expect(view.subject?.filter).toBe('frame.interface_name == "evil\\x1b[2J"');
  });
});
test('every letter of the drawing in ASCII is one of ASCII', () => {
  expect(JSON.stringify(ASCII)).toMatch(/^[\x20-\x7e]*$/);
});
