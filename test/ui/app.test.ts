import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { protocols } from '../../dissectors/index.ts';
import { Registry } from '../../src/dissect/registry.ts';
import { Dashboard } from '../../ui/dashboard.ts';
import { KEYS } from '../../ui/keys.ts';
import { openStore } from '../../ui/model/open-store.ts';
import type { Size } from '../../ui/model/pane.ts';
import { columnsOf } from '../../ui/model/safe-text.ts';
import { THEMES } from '../../ui/theme.ts';
import { project } from '../support/project.ts';
import { FakeTerminal } from './fake-terminal.ts';
import { httpCapture } from './hostile.ts';

const registry = new Registry(protocols);
const SAMPLES = join(project, 'fixtures', 'samples.pcap');
const SIZES: readonly Size[] = [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 300, rows: 100 },
];
let open: Dashboard | undefined;
afterEach(async () => {
  open?.app.end();
  await open?.finished;
  open = undefined;
});

/** The dashboard over a capture, all of it read. */
async function dashboard(path = SAMPLES, size: Size = SIZES[1]!, unicode = true) {
  const terminal = new FakeTerminal(size, unicode);
  const { source, store } = await openStore(path);
  open = new Dashboard({ registry, source, store, filter: '', theme: 'dark', terminal, namespaces: undefined, path });
  await open.ingest.done;
  open.app.draw();
  const { app } = open;
  const keys = (...names: string[]) => {
    terminal.keys(...names);
    app.draw();
  };
  return { terminal, app, dashboard: open, keys };
}

describe('every key of the table', () => {
  test.each(SIZES)('does something in every view, and no frame breaks, at $columns×$rows', async (size) => {
    const { terminal, keys } = await dashboard(SAMPLES, size);
    const views = KEYS.slice(2, 8).map(({ keys: [key] }) => key!);
    for (const view of views)
      for (const { keys: names, action } of KEYS) {
        if (['quit', 'suspend', 'redraw'].includes(action)) continue;
        for (const name of size.columns > 120 ? names.slice(0, 1) : names) {
          keys(view, name);
          const lines = terminal.picture!.canvas.toString().split('\n');
          expect(lines.length).toBe(size.rows);
          for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(size.columns);
          // Whatever it opened is closed again.
          keys('escape', 'F');
        }
      }
  });
  test('the help lists the keys of the view, and another key closes it', async () => {
    const { terminal, keys } = await dashboard(SAMPLES, SIZES[2]);
    keys('2', '?');
    for (const { about, views } of KEYS)
      expect(terminal.text.includes(about), about).toBe(
        (views as readonly string[] | undefined)?.includes('packets') ?? true,
      );
    keys('x', 'down');
    expect(terminal.text).not.toContain('Keys: Packets');
  });
  test('the help scrolls no farther than to its end, and nothing behind it moves', async () => {
    const { terminal, keys, app } = await dashboard(SAMPLES, SIZES[0]);
    keys('2', '?', ...Array.from({ length: 100 }, () => 'down'));
    const end = terminal.text;
    for (let i = 0; i < 10; i++) terminal.mouse({ what: 'wheel-down', column: 40, row: 8 });
    app.draw();
    expect(terminal.text).toBe(end);
    keys('up');
    expect(terminal.text).not.toBe(end);
    keys('q');
    expect(terminal.text).not.toContain('Keys: Packets');
    expect(terminal.text).toMatch(/ 1\/32/);
    expect(terminal.closed).toBe(0);
  });
  test('keys that repeat are drawn at most 20 times in a second, and none is missed', async () => {
    const { terminal, app, keys } = await dashboard();
    keys('2', 'home');
    const before = app.pictures;
    const since = performance.now();
    for (let i = 0; i < 30; i++) {
      terminal.keys(i < 15 ? 'down' : 'up');
      await setTimeout(10);
    }
    terminal.keys('down', 'down', 'tab', 'end', 'f');
    expect(app.pictures - before).toBeLessThanOrEqual(Math.ceil((performance.now() - since) / 50) + 1);
    await expect.poll(() => terminal.text).toContain('dns.qry.class');
  });
  test('q leaves, and the terminal is given back once', async () => {
    const { terminal, keys, app } = await dashboard();
    keys('q', 'q');
    await app.done;
    expect(terminal.closed).toBe(1);
  });
  test('ctrl-Z stops, T changes the theme', async () => {
    const { terminal, keys } = await dashboard();
    keys('C-z');
    expect(terminal.suspended).toBe(1);
    for (const { name } of [...THEMES.slice(1), THEMES[0]!]) {
      keys('T');
      expect(terminal.text).toContain(`theme: ${name}`);
    }
  });
});
describe('packets', () => {
  test('a field that is selected shows its bytes, and a byte that is selected shows its field', async () => {
    const { terminal, keys } = await dashboard();
    keys('2', 'down', 'down', 'tab', 'last', 'end', 'up');
    const meant = () =>
      [...terminal.picture!.canvas.rows()]
        .flat()
        .filter(({ style }) => style === 'place')
        .map(({ text }) => text)
        .join('');
    expect(meant()).not.toBe('');
    keys('tab', 'home');
    for (let i = 0; i < 6; i++) keys('right');
    expect(terminal.text).toContain('byte 6');
    expect(terminal.text).toMatch(/eth\.src/);
    expect(meant()).toContain('02 00..00 00 00 0a');
  });
  test('enter leads into the highest layer of a packet, with its fields; later, to the field that was looked at', async () => {
    const { terminal, keys } = await dashboard(SAMPLES, SIZES[0]);
    keys('2', '/', 'type:dns', 'enter');
    await expect.poll(() => terminal.text).toMatch(/ \d+\/2 /);
    keys('home', 'enter');
    expect(terminal.text).toMatch(/─ dns ─*[┘┴]/);
    expect(terminal.text).toContain('Transaction ID');
    keys('down');
    expect(terminal.text).toMatch(/─ dns\.id ─*[┘┴]/);
    keys('escape', 'down', 'enter');
    expect(terminal.text).toMatch(/─ dns\.id ─*[┘┴]/);
  });
  test('a filter lists what matches, a wrong one stays in the line', async () => {
    const { terminal, keys } = await dashboard();
    keys('/', 'type:dns', 'enter');
    await expect.poll(() => terminal.text).toMatch(/Packets: dns/);
    const drawn = () => {
      open!.app.draw();
      return terminal.text;
    };
    await expect.poll(drawn).toMatch(/2 match/);
    keys('/', 'C-u', 'type:dns &&', 'enter');
    expect(terminal.text.split('\n').at(-1)).toMatch(/^filter: dns &&/);
    keys('escape', 'F');
    expect(terminal.text).not.toContain('match');
  });
  test('f filters by the selected field, and by the conversation of the selected packet', async () => {
    const { terminal, keys } = await dashboard();
    keys('2', 'home', 'f');
    expect(terminal.text).toContain('eth.addr == 02:00:00:00:00:0a && eth.addr == ff:ff:ff:ff:ff:ff');
    keys('F', 'tab', 'end', 'f');
    expect(terminal.text).toMatch(/Packets: arp\.dst\.proto_ipv4 == 192\.0\.2\.1/);
  });
  test('a filter leaves the packet selected, or the next that it lists; without it the packet is selected again', async () => {
    const { terminal, keys, app } = await dashboard();
    const filter = async (text: string, drawn: RegExp) => {
      keys('/', 'C-u', `type:${text}`, 'enter');
      const shown = () => {
        app.draw();
        return terminal.text;
      };
      await expect.poll(shown).toMatch(drawn);
    };
    keys('2', ':', 'type:9', 'enter');
    await filter('tcp', / 5\/\d/);
    await filter('dns', / 2\/2/);
    keys('F');
    expect(terminal.text).toMatch(/ 9\/32/);
  });
  test('D shows names, of IPv6 with ports, too', async () => {
    const { terminal, keys } = await dashboard();
    keys('2', 'D');
    expect(terminal.text).toMatch(/names of \d+ addresses/);
    keys('3');
    expect(terminal.text).toMatch(/\d <-> [a-z.]+:80/);
    keys('D');
    expect(terminal.text).not.toMatch(/\d <-> [a-z.]+:80/);
  });
  test('columns can be chosen on narrow screens, too; the last one scrolls to its end', async () => {
    const { terminal, keys } = await dashboard(SAMPLES, SIZES[0]);
    keys('2', 'c', 'c');
    expect(terminal.text).toContain('Destination');
    keys('c', 'c');
    expect(terminal.text).not.toContain('Destination');
    keys(...Array.from({ length: 40 }, () => 'right'));
    const end = terminal.text;
    expect(end).not.toContain('…');
    keys('left');
    expect(terminal.text).not.toBe(end);
  });
  test('no filter tells the data that nobody reads: it is said, and nothing ends', async () => {
    const { terminal, keys } = await dashboard();
    keys('2', ':', 'type:30', 'enter', 'tab', 'end', 'f');
    expect(terminal.text).toContain('nothing is selected that a filter could tell');
  });
  test("y copies the conversation in tcpdump's language", async () => {
    const { terminal, keys } = await dashboard();
    keys('2', 'home', 'down', 'down', 'y');
    expect(terminal.copied).toBe('host 192.0.2.10 and host 192.0.2.53 and udp port 45211 and udp port 53');
  });
  test('marks, time reference, going to a number, searching', async () => {
    const { terminal, keys } = await dashboard();
    keys('2', ':', 'type:9', 'enter', 'm', 'r');
    expect(terminal.text).toMatch(/\*9 +0\.000000/);
    keys('home', 'M');
    expect(terminal.text).toMatch(/ 9\/32/);
    keys('home', 's', 'type:198.51.100.80:443', 'enter');
    const first = / (\d+)\/32/.exec(terminal.text)![1];
    keys('n');
    expect(Number(/ (\d+)\/32/.exec(terminal.text)![1])).toBeGreaterThan(Number(first));
    keys('N');
    expect(/ (\d+)\/32/.exec(terminal.text)![1]).toBe(first);
  });
});
describe('a text that is far away', () => {
  const FAR = 60_000;
  let folder: string;
  let path: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hooktap-'));
    path = join(folder, 'long.pcap');
    const paths = Array.from({ length: FAR }, () => '/near');
    writeFileSync(path, httpCapture([...paths, '/far-away', '/near']));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('is found, and meanwhile keys are heard and the part that was looked through is told', async () => {
    const { terminal, keys } = await dashboard(path);
    keys('2', 'home', 's', 'type:FAR-away', 'enter');
    expect(terminal.text).toMatch(/ 1\/60,002/);
    await expect.poll(() => terminal.text, { interval: 5 }).toMatch(/looking for "FAR-away": \d+%/);
    await expect.poll(() => terminal.text, { timeout: 60_000 }).toMatch(/ 60,001\/60,002/);
    expect(terminal.text).not.toContain('looking for');
    keys('home', 's', 'type:nowhere', 'enter');
    await expect.poll(() => terminal.text, { timeout: 60_000 }).toContain('no "nowhere" in what is listed');
  });
  test('is looked for no more when somebody moves', async () => {
    const { terminal, keys } = await dashboard(path);
    keys('2', 'home', 's', 'type:far-away', 'enter', 'down');
    await setTimeout(3000);
    expect(terminal.text).toMatch(/ 2\/60,002/);
  });
});
describe('conversations', () => {
  test('a search lists those that have the text, until escape; it is not the search of the packets', async () => {
    const { terminal, keys } = await dashboard();
    keys('2', 's', 'type:lldp', 'enter', '3', 'n');
    expect(terminal.text).toContain('nothing was looked for yet');
    keys('s', 'type:49202', 'enter');
    expect(terminal.text).toContain('with "49202"');
    expect(terminal.text).toContain('1/1');
    keys('s', 'type:nowhere', 'enter');
    expect(terminal.text).toContain('no "nowhere" in what is listed');
    keys('escape');
    expect(terminal.text).toContain('1/5');
  });
  test('a click on the title of a column sorts by it', async () => {
    const { terminal, keys, app } = await dashboard();
    keys('3');
    const press = () => {
      const row = terminal.text.split('\n')[2]!;
      terminal.mouse({ what: 'press', column: row.indexOf('Packets'), row: 2 });
      app.draw();
      return terminal.text;
    };
    expect(press()).toContain('vPackets');
    expect(press()).toContain('^Packets');
  });
  test('enter leads to the packets of one, and back again', async () => {
    const { terminal, keys } = await dashboard();
    keys('3', 'enter');
    expect(terminal.text).toContain('Packets: ip.addr == ');
    keys('escape');
    expect(terminal.text).toContain('Conversations: tcp');
  });
  test('the way back brings the filter back that was there before, but not in place of a later one', async () => {
    const { terminal, keys, app } = await dashboard();
    const packets = () => {
      app.draw();
      return /Packets(: [^─]*)? ─/.exec(terminal.text)?.[1]?.trim() ?? '';
    };
    keys('3', 'enter', 'escape', '2');
    expect(packets()).toBe('');
    keys('/', 'type:tcp', 'enter', '3', 'enter');
    expect(packets()).toMatch(/^: ip\.addr/);
    keys('1', 'escape');
    expect(packets()).toMatch(/^: ip\.addr/);
    keys('escape', '2');
    expect(packets()).toBe(': tcp');
    keys('3', 'enter', '/', 'C-u', 'type:dns', 'enter', 'escape', '2');
    expect(packets()).toBe(': dns');
  });
  test('a click on a name in the upper line, and on a row twice', async () => {
    const { terminal, app } = await dashboard();
    const press = (column: number, row: number) => {
      terminal.mouse({ what: 'press', column, row });
      app.draw();
    };
    press(terminal.text.split('\n')[0]!.indexOf('Conversations'), 0);
    expect(terminal.text).toContain('Conversations: tcp');
    press(5, 2);
    press(5, 2);
    expect(terminal.text).toContain('Conversations: tcp');
    press(5, 4);
    expect(terminal.text).toContain('Conversations: tcp');
    press(5, 4);
    expect(terminal.text).toContain('Packets: ip.addr == 192.0.2.10 && ip.addr == 198.51.100.80 && tcp.port == 49202');
  });
});
test('where there is no Unicode, everything is drawn in ASCII', async () => {
  const { terminal, keys } = await dashboard(SAMPLES, SIZES[1], false);
  for (const view of ['1', '2', '3', '4', '5', '6', '?']) {
    keys(view);
    // An ellipsis is the only letter that our own words have beyond it.
    expect(terminal.text.replaceAll('…', '')).toMatch(/^[\x20-\x7e\n]*$/);
  }
});
test('it is small when the terminal is', async () => {
  const { terminal, keys } = await dashboard();
  for (const [columns, rows] of [
    [20, 5],
    [3, 3],
    [1, 1],
  ] as const) {
    terminal.resize({ columns, rows });
    for (const view of ['1', '2', '3', '4', '5', '6', '?', 'x', '/', 'escape']) keys(view);
  }
  expect(terminal.text.length).toBeLessThanOrEqual(3);
});
