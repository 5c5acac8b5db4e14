import { beforeAll, describe, expect, test } from 'vitest';
import { protocols } from '../../dissectors/index.ts';
import { Registry } from '../../src/dissect/registry.ts';
import { compileCaptureFilter } from '../../src/filter/capture/compile.ts';
import { compileDisplayFilter } from '../../src/filter/display/compile.ts';
import { headersOf } from '../../src/trace/headers.ts';
import { dropsOf } from '../../ui/model/drop.ts';
import { JourneysView } from '../../ui/model/journeys-view.ts';
import { filterOf } from '../../ui/model/packet-filter.ts';
import type { Size } from '../../ui/model/pane.ts';
import { entry, FakeFeed, some } from './journeys.ts';
import { golden, SIZES, screen, styled, text } from './screen.ts';

beforeAll(() => {
  process.env.TZ = 'UTC';
});
const [SMALL, , LARGE] = SIZES as [Size, Size, Size];
const drawn = (view: JourneysView, size = LARGE) => screen(view.panes(size), size);
const listed = (view: JourneysView) => view.panes(LARGE)[0]!.lines.slice(1).map(text);

describe('the journeys view', () => {
  for (const size of SIZES)
    test(`lists journeys, and the selected one step by step, at ${size.columns}x${size.rows}`, async () => {
      const view = new JourneysView(new FakeFeed(some()), true);
      view.panes(size);
      view.act('first');
      view.act('down');
      const file = `golden/journeys-${size.columns}x${size.rows}.txt`;
      await expect(golden(view.panes(size), size)).toMatchFileSnapshot(file);
    });
  test('has what was dropped in red, with the rule that did it', () => {
    const view = new JourneysView(new FakeFeed(some()), false);
    view.panes(LARGE);
    view.act('down');
    const red = styled(view.panes(LARGE), 'bad').join('\n');
    expect(red).toContain('wall forward rule 4 at router/lan');
    expect(red).toContain('inet wall forward rule 4: udp dport 23 comment "no \\x1b[31mtelnet" => drop');
    expect(red).not.toContain('delivered');
    expect(styled(view.panes(LARGE), 'good').join()).toContain('delivered');
  });
  test('tells what changed on the way, and how long each step took', () => {
    const lines = drawn(new JourneysView(new FakeFeed(some()), false));
    expect(lines).toMatch(/router +lan +\+12\.5 us {2}receive/);
    expect(lines).toContain('transmit    ttl 64 -> 63');
  });
  test('has text from the kernel escaped', () => {
    const view = new JourneysView(new FakeFeed(some()), true);
    const lines = view.panes(LARGE).flatMap((pane) => pane.lines.map(text));
    expect(lines.join('')).not.toMatch(/\p{Cc}/u);
    expect(lines.join('\n')).toContain('evil\\x1b[2J/a\\x9bb');
  });
  test('follows the newest until something else is selected, and again from the last on', () => {
    const feed = new FakeFeed(some());
    const view = new JourneysView(feed, true);
    view.panes(SMALL);
    expect(view.subject?.title).toContain('tcp');
    feed.add(entry({ number: 5, protocol: 'icmp', steps: ['web/eth0 receive'], outcome: 'sent' }));
    view.panes(SMALL);
    expect(view.subject?.title).toContain('icmp');
    view.act('up');
    view.panes(SMALL);
    feed.add(entry({ number: 6, steps: ['web/eth0 receive'], outcome: 'sent' }));
    view.panes(SMALL);
    expect(view.subject?.title).toContain('tcp');
    view.act('last');
    view.panes(SMALL);
    expect(view.subject?.title).toContain('udp');
  });
  test('what is selected stays, also when others before it go', () => {
    const feed = new FakeFeed(some());
    const view = new JourneysView(feed, false);
    view.panes(SMALL);
    view.act('down');
    view.act('down');
    expect(drawn(view, SMALL)).toContain('Steps of #3');
    feed.entries = feed.entries.slice(2);
    feed.version++;
    expect(drawn(view, SMALL)).toContain('Steps of #3');
  });
  test('narrows to a text, and to one drop', () => {
    const feed = new FakeFeed(some());
    const view = new JourneysView(feed, false);
    expect(view.search('NO_SOCK')).toBe(true);
    expect(listed(view)).toHaveLength(1);
    expect(view.search('nothing like that')).toBe(false);
    expect(drawn(view)).toContain('no journey is like that');
    expect(view.act('clear-filter')).toBe(true);
    expect(listed(view)).toHaveLength(4);
    expect(view.act('clear-filter')).toBe(false);
    const [drop] = dropsOf(some()[1]!);
    view.open({ view: 'journeys', drop: drop!.key });
    expect(listed(view)).toHaveLength(1);
    expect(listed(view)[0]).toContain('wall forward rule 4');
  });
  test('sorts by what it is told to', () => {
    const view = new JourneysView(new FakeFeed(some()), false);
    const outcomes = () => listed(view).map((line) => line.split(/ +/)[1]);
    expect(outcomes()).toEqual(['delivered', 'dropped', 'dropped', 'unknown']);
    view.act('reverse');
    expect(outcomes()).toEqual(['unknown', 'dropped', 'dropped', 'delivered']);
    for (let i = 0; i < 3; i++) view.act('sort');
    expect(drawn(view)).toContain('by delay');
    expect(outcomes()).toEqual(['delivered', 'dropped', 'dropped', 'unknown']);
  });
  test('enter goes into the steps, back comes out, and deeper are the packets', () => {
    const view = new JourneysView(new FakeFeed(some()), false);
    view.panes(LARGE);
    expect(view.act('back')).toBe(false);
    expect(view.act('enter')).toBe(true);
    expect(view.panes(LARGE).map(({ focused }) => focused)).toEqual([false, true]);
    view.act('down');
    expect(view.panes(LARGE)[1]!.selected).toBe(1);
    expect(view.act('enter')).toBe(false);
    expect(view.subject?.target).toEqual({ view: 'packets', filter: view.subject!.filter });
    expect(view.act('back')).toBe(true);
    expect(view.panes(LARGE).map(({ focused }) => focused)).toEqual([true, false]);
  });
  test('a click selects, in the list and among the steps', () => {
    const view = new JourneysView(new FakeFeed(some()), false);
    view.panes(LARGE);
    view.click('journeys', 2);
    expect(drawn(view)).toContain('Steps of #2');
    view.click('steps', 1);
    expect(view.panes(LARGE)[1]!.selected).toBe(1);
  });
  test('says what it cannot do, what mends that, and what is missing', () => {
    const feed = new FakeFeed();
    feed.state = 'off';
    const view = new JourneysView(feed, true);
    expect(drawn(view)).toContain('Nothing is traced. t traces all packets');
    feed.state = 'refused';
    feed.obstacle = { why: 'tracing needs CAP_BPF', remedy: 'sudo hooktap ui' };
    feed.version++;
    expect(drawn(view)).toContain('try: sudo hooktap ui');
    const poorer = new FakeFeed(some());
    poorer.notices = ['BPF is refused'];
    poorer.lost = 7;
    const lines = drawn(new JourneysView(poorer, true));
    expect(lines).toContain('BPF is refused');
    expect(lines).toContain('7 events lost');
    poorer.notices = [`BPF is refused: ${'why '.repeat(80)}to the end`];
    expect(drawn(new JourneysView(poorer, true))).toMatch(/why to the end/);
  });
  test('stays inside any screen', () => {
    for (const size of [...SIZES, { columns: 20, rows: 10 }])
      for (const pane of new JourneysView(new FakeFeed(some()), true).panes(size)) {
        expect(pane.left + pane.columns).toBeLessThanOrEqual(size.columns);
        expect(pane.top + pane.rows).toBeLessThanOrEqual(size.rows);
        expect(pane.lines.length).toBeLessThanOrEqual(pane.rows - 2);
      }
  });
});
describe('the filters of a packet', () => {
  const registry = new Registry(protocols);
  const frames = {
    udp: some()[1]!.journey.steps[0]!.event.bytes,
    icmp: some()[0]!.journey.steps[0]!.event.bytes,
    arp: Buffer.from('ffffffffffff02000000000108060001080006040001020000000001c0a80001000000000000c0a80002', 'hex'),
    other: Buffer.from('02000000000202000000000188b5000102', 'hex'),
    ipv6: Buffer.from(
      `02000000000202000000000186dd6000000000081140${'20010db8'.padEnd(32, '1')}${'20010db8'.padEnd(32, '2')}04d2003500080000`,
      'hex',
    ),
  };
  for (const [name, bytes] of Object.entries(frames))
    test(`are true of it: ${name}`, () => {
      const { filter, expression } = filterOf(headersOf(bytes, undefined));
      expect(() => compileDisplayFilter(filter, registry)).not.toThrow();
      const { matches } = compileCaptureFilter(expression, { linkType: 1 });
      expect(matches(bytes, 0, bytes.length, bytes.length)).not.toBe(0);
      const back = bytes.slice();
      back.set(bytes.subarray(6, 12), 0);
      back.set([2, 9, 9, 9, 9, 9], 6);
      const at = bytes.length > 40 ? 28 : 9;
      back[at] = back[at]! ^ 1;
      expect(matches(back, 0, back.length, back.length)).toBe(0);
    });
});
