/** The dashboard in a terminal of tmux: what is seen, and what is left behind. Goldens: HOOKTAP_UPDATE_SCREENS=1 writes them. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KEYS } from '../../ui/keys.ts';
import { columnsOf } from '../../ui/model/safe-text.ts';
import { built } from '../live/program.ts';
import { project, requireAll } from '../support/project.ts';
import { Tmux, whyNoTmux } from '../support/tmux.ts';
import { httpCapture } from './hostile.ts';

if (whyNoTmux !== undefined) {
  if (requireAll) throw new Error(`screens must be tested here, but ${whyNoTmux}`);
  console.warn(`the dashboard is not tested in a terminal: ${whyNoTmux}`);
}
const SAMPLES = 'fixtures/samples.pcap';
const COMMAND = `${process.execPath} ${join(project, 'dist', 'hooktap.cjs')} ui`;
const SIZES = [
  [80, 24],
  [120, 40],
  [300, 100],
] as const;
const VIEWS = KEYS.slice(2, 8).map(({ action, keys: [key] }) => ({ view: action, key: key! }));
/** How tmux calls keys. */
const CALLED: Readonly<Record<string, string>> = {
  up: 'Up',
  down: 'Down',
  left: 'Left',
  right: 'Right',
  pageup: 'PPage',
  pagedown: 'NPage',
  home: 'Home',
  end: 'End',
  space: 'Space',
  tab: 'Tab',
  'S-tab': 'BTab',
  enter: 'Enter',
  escape: 'Escape',
  backspace: 'BSpace',
  f1: 'F1',
};
/** Is every line as wide as its frames say: does each frame that begins in a line end in it, and nothing stand behind? */
function brokenLines(screen: string, columns: number): string[] {
  return screen.split('\n').filter((line) => {
    const text = line.trimEnd();
    return /^[│┌└]/.test(text) && (columnsOf(text) !== columns || !/[│┐┘]$/.test(text));
  });
}
/** What is not the same in each run: the memory of the program, times of day. */
function golden(name: string, screen: string): void {
  const path = join(import.meta.dirname, 'golden', `${name}.txt`);
  const text = `${screen
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trimEnd()}\n`;
  if (process.env.HOOKTAP_UPDATE_SCREENS === '1' || !existsSync(path)) {
    if (requireAll) throw new Error(`${path} is missing`);
    writeFileSync(path, text);
  }
  expect(text).toBe(readFileSync(path, 'utf8'));
}

describe.skipIf(whyNoTmux !== undefined)('the dashboard in a terminal', () => {
  let folder: string;
  beforeAll(() => {
    built();
    folder = mkdtempSync(join(tmpdir(), 'hooktap-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(SIZES)('each view of a file, at %d×%d', async (columns, rows) => {
    using tmux = new Tmux(`${COMMAND} ${SAMPLES}`, columns, rows);
    await tmux.until('32 packets');
    for (const { view, key } of VIEWS) {
      tmux.keys(key);
      const screen = await tmux.until(FIRST_SEEN[view]!);
      expect(brokenLines(screen, columns)).toEqual([]);
      golden(`screen-${view}-${columns}x${rows}`, await settled(tmux));
    }
    tmux.keys('q');
    await expect.poll(() => tmux.ended, { timeout: 60_000 }).toBe(true);
  });
  test('all keys of the table, in every view: it stays, and says nothing of a fault', async () => {
    const errors = join(folder, 'errors');
    using tmux = new Tmux(`${COMMAND} ${SAMPLES} 2>${errors}`, 120, 40);
    await tmux.until('32 packets');
    for (const { key } of VIEWS) {
      for (const { action, keys } of KEYS) {
        if (action === 'quit' || action === 'suspend') continue;
        tmux.keys(key, ...keys.map((name) => CALLED[name] ?? name), 'Escape', 'Escape', 'F');
      }
      expect(brokenLines(await settled(tmux), 120)).toEqual([]);
      expect(tmux.ended).toBe(false);
    }
    tmux.keys('q');
    await expect.poll(() => tmux.ended, { timeout: 60_000 }).toBe(true);
    expect(readFileSync(errors, 'utf8')).toBe('');
  });
  test('whatever was sent, frames hold', async () => {
    const path = join(folder, 'hostile.pcap');
    writeFileSync(path, httpCapture(HOSTILE));
    using tmux = new Tmux(`${COMMAND} ${path}`, 100, 30);
    await tmux.until(`${HOSTILE.length} packets`);
    tmux.keys('Tab');
    for (let i = 0; i < HOSTILE.length; i++) {
      tmux.keys('End', 'Up', 'Up');
      const screen = await settled(tmux);
      expect(brokenLines(screen, 100)).toEqual([]);
      tmux.keys('Escape', 'Down', 'Tab');
    }
  });
  test('ASCII where the locale is not UTF-8', async () => {
    using tmux = new Tmux(`${COMMAND} ${SAMPLES}`, 100, 30, { LANG: 'C', LC_ALL: 'C' });
    const screen = await tmux.until('+- Packets -');
    expect(screen).toMatch(/^[\x20-\x7e\n]*$/);
  });
  describe('gives the terminal back', () => {
    const run = async () => {
      const tmux = new Tmux(`sh -c '${COMMAND} ${SAMPLES}; echo "left with $?"; stty -a; exec sleep 60'`, 100, 30);
      await tmux.until('32 packets');
      expect(tmux.isAlternate).toBe(true);
      return tmux;
    };
    const back = async (tmux: Tmux, code: number) => {
      const screen = await tmux.until(`left with ${code}`);
      expect(tmux.isAlternate).toBe(false);
      await tmux.until(/ icanon/);
      expect(screen).not.toContain('Packets');
      expect(tmux.isCursorVisible).toBe(true);
    };
    test('when the user leaves', async () => {
      using tmux = await run();
      tmux.keys('q');
      await back(tmux, 0);
    });
    test.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)('at %s', async (signal) => {
      using tmux = await run();
      process.kill(tmux.child, signal);
      await back(tmux, 0);
    });
    test('with ctrl-C', async () => {
      using tmux = await run();
      tmux.keys('C-c');
      await back(tmux, 0);
    });
    test('when it is suspended, and takes it again', async () => {
      using tmux = new Tmux('bash --norc', 100, 30);
      tmux.keys(`=${COMMAND} ${SAMPLES}`, 'Enter');
      await tmux.until('32 packets');
      tmux.keys('C-z');
      await tmux.until('Stopped');
      expect(tmux.isAlternate).toBe(false);
      tmux.keys('=fg', 'Enter');
      await tmux.until('32 packets');
      expect(tmux.isAlternate).toBe(true);
      tmux.keys('q');
      await expect.poll(() => tmux.isAlternate, { timeout: 60_000 }).toBe(false);
    });
  });
  test('packets may come from the standard input, keys from the terminal', async () => {
    using tmux = new Tmux(`sh -c 'cat ${SAMPLES} | ${COMMAND} -; echo "left with $?"; exec sleep 60'`, 100, 30);
    await tmux.until('32 packets');
    tmux.keys('3');
    await tmux.until('A <-> B');
    tmux.keys('q');
    await tmux.until('left with 0');
  });
  test.each([
    ['a file that is no capture', `${COMMAND} package.json`, /^hooktap: .*\n {2}try: /m],
    ['a filter that is wrong', `${COMMAND} -Y tcp.prot ${SAMPLES}`, /tcp\.port/],
    ['a device that is not there', `${COMMAND} -i nosuch0`, /there is no device "nosuch0"|CAP_NET_RAW/],
    ['nothing', COMMAND, /what to look at/],
  ])('%s is told on the usual screen', async (_, line, says) => {
    using tmux = new Tmux(`sh -c '${line}; echo "left with $?"; exec sleep 60'`, 100, 30);
    expect(await tmux.until(/left with [12]/)).toMatch(says);
    expect(tmux.isAlternate).toBe(false);
  });
  test('follows the size of the terminal', async () => {
    using tmux = new Tmux(`${COMMAND} ${SAMPLES}`, 80, 24);
    await tmux.until('32 packets');
    for (const [columns, rows] of [
      [140, 50],
      [40, 12],
      [100, 30],
    ] as const) {
      tmux.resize(columns, rows);
      await tmux.until(new RegExp(`^┌.{${columns - 2}}┐$`, 'm'));
      expect(brokenLines(await settled(tmux), columns)).toEqual([]);
    }
  });
});
/** Nothing changes any more. */
async function settled(tmux: Tmux): Promise<string> {
  for (let before = ''; ; ) {
    const screen = tmux.screen();
    if (screen === before) return screen;
    before = screen;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}
const FIRST_SEEN: Readonly<Record<string, RegExp>> = {
  overview: /Who talks most/,
  packets: /No\./,
  conversations: /A <-> B/,
  topology: /INTERFACE/,
  journeys: /─ Journeys/,
  drops: /─ Drops/,
};
const HOSTILE: readonly string[] = [
  '/日本語のパス',
  '/emoji-😀👩‍👩‍👧‍👦-🇩🇪',
  '/\u202eevil\u202c/שלום/مرحبا',
  '/\x1b[31mred\x1b[2J\x07\x08\x0b',
  '/combining-a\u0301\u0302\u0303-zalgo',
  '/full-width-ＡＢＣ-half',
  `/long-${'x'.repeat(400)}`,
];
